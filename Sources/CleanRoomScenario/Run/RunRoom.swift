import CleanRoomCapture
import CleanRoomClient
import CleanRoomModel
import CleanRoomTransport
import Foundation

/// A consortium with its daemons, as steps find it.
struct RunRoom: Sendable {
  static let coordinator = "coordinator"

  let scenario: Scenario
  let folder: RunFolder
  let consortium: DevelopmentConsortium
  let program: String
  /// By party id, and `coordinator`.
  let daemons: [String: RunDaemon]
  let clients: [String: APIClient]
  let links: any PartyLinks
  /// To the APIs of isolated daemons.
  let doors: [LinkRelay]
  /// nil when the run is not captured.
  let capture: RunCapture?
  let cleanup: Cleanup

  func daemon(_ name: String) throws -> RunDaemon {
    guard let daemon = daemons[name] else { throw RunProblem("There is no party \(name).") }
    return daemon
  }

  func party(_ id: String) throws -> ScenarioParty { try scenario.party(id) }

  func party(account: String) -> String? { scenario.parties.first { $0.account == account }?.id }

  func identityFolder(_ name: String) throws -> String {
    name == Self.coordinator ? folder.coordinator : folder.party(try party(name))
  }

  /// The coordinator first.
  func start() async throws {
    try await daemon(Self.coordinator).start()
    try await withThrowingTaskGroup { group in
      for party in scenario.parties {
        let daemon = try daemon(party.id)
        group.addTask { try await daemon.start() }
      }
      try await group.waitForAll()
    }
  }

  /// After something has been put right: until the coordinator has a link with every member that could have one. A
  /// member may have reasons not to come back, so nobody waits for ever.
  func settle() async {
    guard let coordinator = daemons[Self.coordinator], coordinator.isServing else { return }
    let waiting = scenario.parties.filter { daemons[$0.id]?.isServing == true && !links.isCut($0.id) }
    let deadline = ContinuousClock.now + Self.settling
    while ContinuousClock.now < deadline, !Task.isCancelled {
      let log = coordinator.logged().split(separator: "\n")
      if waiting.allSatisfy({ Self.isConnected($0.account, log) }) { return }
      await Rest.take(.milliseconds(20))
    }
  }

  /// A member's pause between two attempts grows to ten seconds.
  private static let settling: Duration = .seconds(12)

  private static func isConnected(_ account: String, _ log: [Substring]) -> Bool {
    let last = log.last { $0.contains("\"account\":\"\(account)\"") && $0.contains("\"message\":\"member ") }
    return last?.contains("member connected") == true
  }

  /// Members first, so that they can say goodbye.
  func stop() async {
    await withTaskGroup { group in
      for (name, daemon) in daemons where name != Self.coordinator { group.addTask { await daemon.stop() } }
    }
    await daemons[Self.coordinator]?.stop()
  }

  /// After the daemons have ended.
  func close() async {
    await links.close()
    for door in doors { await door.close() }
    for name in SmallDisk.needed(by: scenario) { try? SmallDisk(self, name).keep() }
  }

  func killAll() async {
    await withTaskGroup { group in
      for daemon in daemons.values { group.addTask { await daemon.kill() } }
    }
  }

  /// A program of this party's, beside its daemon: as the same user, in the same network.
  /// - Returns: what it wrote, and its exit code.
  func run(_ arguments: [String], as name: String) async throws -> (output: String, code: Int32) {
    let plan = try daemon(name).plan
    let file = folder.logs + "/\(name)-\(arguments.first ?? "")-\(UUID().uuidString).tmp"
    defer { try? FileManager.default.removeItem(atPath: file) }
    let ending = try await ChildProcess.run(
      .init(
        arguments: plan.command(arguments), environment: plan.environment, folder: "/", output: file,
        errors: folder.logs + "/commands.log"), cleanup: cleanup)
    let output = (try? String(contentsOfFile: file, encoding: .utf8)) ?? ""
    guard case .code(let code) = ending else { throw RunProblem("\(arguments.first ?? "") was ended by a signal.") }
    return (output, code)
  }
}

/// The ways between parties and coordinator, where something can stand in between.
protocol PartyLinks: Sendable {
  func cut(_ party: String) async throws
  func mend(_ party: String) async throws
  func slow(_ party: String, delay: Duration, bytesPerSecond: Int?) async throws
  func isCut(_ party: String) -> Bool
  func close() async
}
