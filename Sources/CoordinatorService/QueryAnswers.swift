import CleanRoomAPI
import CleanRoomModel

extension Answers {
  /// A query as its runner or one of its receivers sees it: the text, the places of results and the request
  /// are the runner's own; a receiver finds its own place.
  static func query(_ record: QueryRecord, _ context: CallContext) -> JSONValue {
    let isRunner = record.request.runner == context.caller
    var answer = head(record, context)
    if isRunner {
      answer["sqlParameters"] = sqlParameters(record.request)
      answer["resultConfiguration"] = .object(["outputConfiguration": requested(record.output)])
    }
    if record.status == .success {
      let output = isRunner ? produced(record) : received(record, by: context.caller)
      answer["result"] = .object(["output": output])
    }
    answer["error"] = record.failure.map {
      .object(["code": .string($0.code.rawValue), "message": .string($0.message)])
    }
    answer["statistics"] = record.endedAt.map { end in
      .object([
        "totalDurationInMillis": .integer(max(end.milliseconds - record.createdAt.milliseconds, 0)),
        "billedResourceUtilization": .object(["units": .number(0)]),
      ])
    }
    return answer
  }

  static func querySummary(_ record: QueryRecord, _ context: CallContext) -> JSONValue {
    var answer = head(record, context)
    let receivers = JSONValue.object(["receiverAccountIds": .strings(record.request.receivers.map(\.value))])
    answer["receiverConfigurations"] = .array([
      .object([
        "analysisType": .string("DIRECT_ANALYSIS"),
        "configurationDetails": .object(["directAnalysisConfigurationDetails": receivers]),
      ])
    ])
    return answer
  }

  private static func sqlParameters(_ request: QueryRequest) -> JSONValue {
    guard let template = request.template else { return .object(["queryString": .string(request.sql)]) }
    let values = template.parameters.mapValues { JSONValue.string($0) }
    return .object([
      "analysisTemplateArn": .string(template.arn), "parameters": values.isEmpty ? nil : .dictionary(values),
    ])
  }

  private static func head(_ record: QueryRecord, _ context: CallContext) -> JSONValue {
    .object([
      "id": .string(record.request.id.value), "membershipId": .string(record.membership.value),
      "membershipArn": .string(membershipARN(record.membership, of: record.request.runner, context)),
      "createTime": .number(record.createdAt.seconds), "status": .string(record.status.rawValue),
    ])
  }

  private static func requested(_ output: RequestedOutput) -> JSONValue {
    let place = output.s3.map { s3($0, singleFileOutput: output.singleFileOutput) }
    let members = output.members.map { JSONValue.object(["accountId": .string($0.value)]) }
    switch output.kind {
    case .s3: return .object(["s3": place])
    case .member: return .object(["member": members.first])
    case .distribute:
      let locations =
        (place.map { [JSONValue.object(["s3": $0])] } ?? []) + members.map { .object(["member": $0]) }
      return .object(["distribute": .object(["locations": .array(locations)])])
    }
  }

  private static func produced(_ record: QueryRecord) -> JSONValue {
    let own = record.output.s3.flatMap { _ in location(of: record.request.runner, in: record) }
    let members = JSONValue.array(record.output.members.map { .object(["accountId": .string($0.value)]) })
    switch record.output.kind {
    case .s3: return .object(["s3": own])
    case .member: return .object(["memberList": members])
    case .distribute:
      let others = record.output.members.isEmpty ? nil : members
      return .object(["distribute": .object(["s3": own, "memberList": others])])
    }
  }

  private static func received(_ record: QueryRecord, by account: AccountID) -> JSONValue {
    .object(["s3": location(of: account, in: record)])
  }

  private static func location(of account: AccountID, in record: QueryRecord) -> JSONValue? {
    record.placed.first { $0.account == account }.map { .object(["location": .string($0.location)]) }
  }
}
