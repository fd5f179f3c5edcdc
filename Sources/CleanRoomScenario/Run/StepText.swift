import CleanRoomAPI
import CleanRoomClient
import CleanRoomDaemon
import CleanRoomEngine
import CleanRoomReport

/// Steps in words.
enum StepText {
  static func record(_ step: ScenarioStep, _ number: String) -> StepRecord {
    var record = StepRecord(number: number, kind: .wait, title: step.title ?? title(step.action), outcome: .notRun)
    switch step.action {
    case .call(let call): (record.kind, record.party, record.operation) = (.call, call.party, call.operation.name)
    case .fault(let fault): (record.kind, record.party) = (.fault, party(fault))
    case .wait, .parallel: break
    }
    return record
  }

  static func notRun(_ step: ScenarioStep, _ number: String) -> [StepRecord] {
    guard case .parallel(let steps) = step.action else { return [record(step, number)] }
    return steps.enumerated().flatMap { notRun($1, "\(number).\($0 + 1)") }
  }

  private static func title(_ action: StepAction) -> String {
    switch action {
    case .call(let call): call.operation.name
    case .fault(let fault): title(fault)
    case .wait(let duration): "wait \(text(duration))"
    case .parallel: "in parallel"
    }
  }

  static func title(_ fault: Fault) -> String {
    switch fault {
    case .kill(let name): "kill the daemon of \(name)"
    case .stop(let name): "stop the daemon of \(name)"
    case .start(let name): "start the daemon of \(name)"
    case .restart(let name): "restart the daemon of \(name)"
    case .pause(let name): "pause the daemon of \(name)"
    case .resume(let name): "resume the daemon of \(name)"
    case .cut(let name): "cut the link of \(name)"
    case .mend(let name): "mend the link of \(name)"
    case .slow(let name, _, _): "slow the link of \(name)"
    case .fillDisk(let name): "fill the disk of \(name)"
    case .freeDisk(let name): "free the disk of \(name)"
    case .expireCertificate(let name): "let the certificate of \(name) expire"
    case .renewCertificate(let name): "renew the certificate of \(name)"
    case .revokeCertificate(let name): "revoke the certificate of \(name)"
    case .skewClock(let name, let seconds): "set the clock of \(name) \(seconds) s off"
    case .lie(let name): "let the coordinator lie: \(name)"
    case .honest: "let the coordinator be honest"
    }
  }

  static func party(_ fault: Fault) -> String {
    switch fault {
    case .kill(let name), .stop(let name), .start(let name), .restart(let name), .pause(let name), .resume(let name),
      .cut(let name), .mend(let name), .slow(let name, _, _), .fillDisk(let name), .freeDisk(let name),
      .expireCertificate(let name), .renewCertificate(let name), .revokeCertificate(let name), .skewClock(let name, _):
      name
    case .lie, .honest: RunRoom.coordinator
    }
  }

  static func text(_ duration: Duration) -> String {
    let seconds = duration.seconds
    return seconds == seconds.rounded() ? "\(Int(seconds)) s" : "\(Int((seconds * 1000).rounded())) ms"
  }

  static func words(_ error: any Error) -> String {
    switch error {
    case let error as APIError: refusal(error)
    case ClientError.badInput(let text), ClientError.unreachable(let text), ClientError.notTheAPI(let text): text
    case let error as RunProblem: error.description
    case let error as DataFileProblem: error.description
    case let error as ConfigurationError: error.description
    case let error as EngineError: error.message
    case let error as ReferenceError: error.description
    default: "an unforeseen error (\(type(of: error)))"
    }
  }

  static func refusal(_ error: APIError) -> String {
    let reason = error.body["reason"]?.string.map { " (\($0))" } ?? ""
    return "\(error.type)\(reason): \(error.message)"
  }
}
