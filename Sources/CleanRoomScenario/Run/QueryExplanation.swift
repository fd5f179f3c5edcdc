import CleanRoomAPI
import CleanRoomModel
import CleanRoomReport

/// The verdict and the plan of a query, as `cleanroom explain` tells them beside the daemon.
struct QueryExplanation: Sendable {
  let calls: CallRunner
  let party: String
  let input: JSONValue

  /// - Returns: what can be known without an explanation, where there is none.
  func record() async -> QueryRecord {
    var record = QueryRecord(
      sql: input["sqlParameters"]?["queryString"]?.string ?? "", runner: party, isPermitted: false)
    guard let explained = try? await explain() else { return record }
    fill(&record, explained)
    return record
  }

  private func explain() async throws -> JSONValue? {
    guard let collaboration = try await collaboration() else { return nil }
    let plan = try calls.room.daemon(party).plan
    var arguments = ["explain", "--config", plan.configuration, "--collaboration", collaboration, "--json"]
    for receiver in try receivers() { arguments += ["--receiver", receiver] }
    if let template = input["sqlParameters"]?["analysisTemplateArn"]?.string {
      arguments += ["--template", template]
      for (name, value) in input["sqlParameters"]?["parameters"]?.dictionary ?? [:] {
        arguments += ["--parameter", "\(name)=\(value.string ?? value.text)"]
      }
    } else {
      arguments += ["--", input["sqlParameters"]?["queryString"]?.string ?? ""]
    }
    let (output, _) = try await calls.room.run(arguments, as: party)
    return try? JSONValue(parsing: Array(output.utf8))
  }

  private func collaboration() async throws -> String? {
    guard let operation = ServiceModel.shared.operation(named: "GetMembership"),
      let membership = input["membershipIdentifier"]
    else { return nil }
    let output = try await calls.client(party).call(operation, .object(["membershipIdentifier": membership]))
    return output["membership"]?["collaborationId"]?.string
  }

  /// Accounts.
  private func receivers() throws -> [String] {
    guard let account = AccountID(try calls.room.party(party).account) else { return [] }
    let standard = ResultLocation(bucket: "default", keyPrefix: nil, resultFormat: .csv)
    guard let request = try? ResultRequest(input, runner: account, standard: standard) else { return [] }
    return (request.ownPlace == nil ? [] : [account.value])
      + request.output.members.map(\.value).filter { $0 != account.value }
  }

  // MARK: Reading

  private func fill(_ record: inout QueryRecord, _ explained: JSONValue) {
    if record.sql.isEmpty { record.sql = explained["sql"]?.string ?? "" }
    record.isPermitted = explained["verdict"]?.string == "PERMITTED"
    record.receivers = (explained["receivers"]?.stringList ?? []).map(name)
    record.reasons = (explained["reasons"]?.array ?? []).map { reason in
      ReasonRecord(
        message: reason["message"]?.string ?? "", line: reason["line"]?.int, column: reason["column"]?.int)
    }
    record.plan = (explained["releases"]?.array ?? []).map { release in
      PlannedRelease(
        party: name(release["owner"]?.string ?? ""), table: release["table"]?.string ?? "",
        columns: (release["columns"]?.array ?? []).map {
          ReleasedColumn(name: $0["name"]?.string ?? "", kind: $0["as"]?.string ?? "")
        }, sql: release["sql"]?.string ?? "")
    }
    record.combination = explained["combination"]?.string
    record.thresholds = (explained["thresholds"]?.array ?? []).map { threshold in
      ThresholdRecord(
        table: threshold["table"]?.string ?? "", column: threshold["column"]?.string ?? "",
        minimum: threshold["minimum"]?.int ?? 0)
    }
  }

  private func name(_ account: String) -> String { calls.room.party(account: account) ?? account }
}
