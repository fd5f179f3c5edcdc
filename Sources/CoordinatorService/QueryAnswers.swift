import CleanRoomAPI
import CleanRoomModel

/// Protected queries as the API shows them.
extension Answers {
  /// - Parameter membership: through which the caller looks. Only the runner sees the text.
  static func query(_ record: QueryRecord, through membership: MembershipRecord, _ context: CallContext) -> JSONValue {
    let isRunner = record.membership == membership.id
    return .object([
      "id": .string(record.request.id.value), "membershipId": .string(membership.id.value),
      "membershipArn": .string(ARN.membership(membership.id, region: context.region, account: membership.account)),
      "createTime": seconds(record.createdAt), "status": .string(record.status.rawValue),
      "sqlParameters": isRunner ? .object(["queryString": .string(record.request.sql)]) : nil,
      "resultConfiguration": isRunner ? .object(["outputConfiguration": requested(record.output)]) : nil,
      "statistics": statistics(record), "result": result(record),
      "error": record.failure.map {
        .object(["code": .string($0.code.rawValue), "message": .string($0.message)])
      },
    ])
  }

  private static func requested(_ output: RequestedOutput) -> JSONValue {
    let own = output.s3.map { JSONValue.object(["s3": location($0, singleFileOutput: output.singleFileOutput)]) }
    let members = output.members.map { account in
      JSONValue.object(["member": .object(["accountId": .string(account.value)])])
    }
    return switch output.kind {
    case .s3: own ?? .object([:])
    case .member: members.first ?? .object([:])
    case .distribute: .object(["distribute": .object(["locations": .array((own.map { [$0] } ?? []) + members)])])
    }
  }

  /// Whole milliseconds from submission to end. Nobody is billed.
  private static func statistics(_ record: QueryRecord) -> JSONValue? {
    guard let ended = record.endedAt else { return nil }
    return .object([
      "totalDurationInMillis": .integer(max(ended.milliseconds - record.createdAt.milliseconds, 0)),
      "billedResourceUtilization": .object(["units": .number(0)]),
    ])
  }

  private static func result(_ record: QueryRecord) -> JSONValue? {
    guard record.status == .success else { return nil }
    let own = record.location.map { JSONValue.object(["location": .string($0)]) }
    let members = JSONValue.array(record.output.members.map { .object(["accountId": .string($0.value)]) })
    let output: JSONValue =
      switch record.output.kind {
      case .s3: .object(["s3": own])
      case .member: .object(["memberList": members])
      case .distribute:
        .object(["distribute": .object(["s3": own, "memberList": record.output.members.isEmpty ? nil : members])])
      }
    return .object(["output": output])
  }

  static func querySummary(
    _ record: QueryRecord, through membership: MembershipRecord, _ context: CallContext
  ) -> JSONValue {
    .object([
      "id": .string(record.request.id.value), "membershipId": .string(membership.id.value),
      "membershipArn": .string(ARN.membership(membership.id, region: context.region, account: membership.account)),
      "createTime": seconds(record.createdAt), "status": .string(record.status.rawValue),
      "receiverConfigurations": .array([
        .object([
          "analysisType": .string("DIRECT_ANALYSIS"),
          "configurationDetails": .object([
            "directAnalysisConfigurationDetails": .object([
              "receiverAccountIds": .strings(record.request.receivers.map(\.value))
            ])
          ]),
        ])
      ]),
    ])
  }
}
