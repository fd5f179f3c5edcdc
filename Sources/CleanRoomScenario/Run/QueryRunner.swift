import CleanRoomAPI
import CleanRoomModel
import CleanRoomReport
import Foundation

/// Runs one protected query to its end and writes down all that can be known about it.
struct QueryRunner: Sendable {
  static let terminal: Set<String> = ["SUCCESS", "FAILED", "CANCELLED", "TIMED_OUT"]

  let calls: CallRunner
  let step: APIStep
  let input: JSONValue
  let expectation: Expectation

  private var room: RunRoom { calls.room }

  func run() async throws -> StepEnd {
    let started: JSONValue
    do {
      started = try await calls.client(step.party).call(step.operation, input)
    } catch let error as APIError {
      return try await refused(error)
    }
    if let mismatch = ExpectationCheck.answer(started, expectation) { return StepEnd(answer: "", mismatch: mismatch) }
    guard let id = started["protectedQuery"]?["id"]?.string else {
      throw RunProblem("The answer to StartProtectedQuery has no query identifier.")
    }
    guard step.waits else { return StepEnd(answer: "started \(id)", mismatch: calls.save(step, from: started)) }
    async let explained = explanation()
    let ended = try await end(of: id)
    var record = await explained
    record.id = id
    return finish(record, ended, id)
  }

  private func refused(_ error: APIError) async throws -> StepEnd {
    let mismatch = ExpectationCheck.refusal(error, expectation)
    // Only a refusal by the rules has a verdict that could be told again.
    var record = await explanation()
    record.isPermitted = false
    record.error = StepText.refusal(error)
    if record.reasons.isEmpty { record.reasons = [ReasonRecord(message: error.message)] }
    return StepEnd(answer: StepText.refusal(error), mismatch: mismatch, query: record)
  }

  /// - Returns: the last description of the query.
  private func end(of id: String) async throws -> JSONValue {
    guard let operation = ServiceModel.shared.operation(named: "GetProtectedQuery") else {
      throw RunProblem("This version has no GetProtectedQuery.")
    }
    let question: JSONValue = .object([
      "membershipIdentifier": input["membershipIdentifier"], "protectedQueryIdentifier": .string(id),
    ])
    let client = try calls.client(step.party)
    return try await calls.poll {
      let output = try await client.call(operation, question)
      return output["protectedQuery"]?["status"]?.string.map(Self.terminal.contains) == true ? output : nil
    }
  }

  private func finish(_ explained: QueryRecord, _ ended: JSONValue, _ id: String) -> StepEnd {
    var record = explained
    let status = ended["protectedQuery"]?["status"]?.string ?? ""
    record.status = status
    // It was started, so the rules permit it, whatever an explanation under other circumstances says.
    record.isPermitted = true
    record.error = ended["protectedQuery"]?["error"]?["message"]?.string
    record.released = LedgerReading(room).releases(of: id)
    let (receivers, result) = results(of: id)
    record.receivers = receivers
    record.result = result.map {
      ResultRecord(
        columns: $0.columns, rows: Array($0.rows.prefix(ResultRecord.limit)), totalRows: $0.rows.count)
    }
    let observed = ObservedQuery(
      status: status, error: record.error, columns: result?.columns, rows: result?.rows, released: record.released,
      receivers: receivers)
    var answer = status
    if let result { answer += ", \(result.rows.count) rows to \(receivers.joined(separator: ", "))" }
    if let error = record.error { answer += ": \(error)" }
    let mismatch = ExpectationCheck.query(observed, expectation) ?? calls.save(step, from: ended)
    return StepEnd(answer: answer, mismatch: mismatch, query: record)
  }

  /// The parties that hold the result, and the result as the first holds it that can be read as CSV.
  private func results(of id: String) -> (receivers: [String], table: (columns: [String], rows: [[String?]])?) {
    var receivers: [String] = []
    var table: (columns: [String], rows: [[String?]])?
    for party in room.scenario.parties {
      let files = ResultFiles(configuration: room.folder.configuration(of: party))
      guard let path = files.result(of: id) else { continue }
      receivers.append(party.id)
      if table == nil { table = ResultFiles.read(path) }
    }
    return (receivers, table)
  }

  private func explanation() async -> QueryRecord {
    await QueryExplanation(calls: calls, party: step.party, input: input).record()
  }
}
