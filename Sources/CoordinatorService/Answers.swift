import CleanRoomAPI
import CleanRoomModel

/// The API's structures of what the coordinator keeps, as one caller sees them.
enum Answers {
  static func collaboration(_ record: CollaborationRecord, for context: CallContext) -> JSONValue {
    let charter = record.charter
    var answer = collaborationSummary(record, for: context)
    answer["description"] = .string(record.description)
    answer["queryLogStatus"] = logStatus(charter.queryLogEnabled)
    answer["isMetricsEnabled"] = .bool(false)
    answer["jobLogStatus"] = logStatus(false)
    answer["autoApprovedChangeTypes"] = .strings((charter.autoApproved ?? []).map(\.rawValue))
    answer["allowedResultRegions"] = charter.allowedResultRegions.map { .strings($0) }
    answer["dataEncryptionMetadata"] = charter.dataEncryption.map { encryption in
      .object([
        "allowCleartext": .bool(encryption.allowCleartext),
        "allowDuplicates": .bool(encryption.allowDuplicates),
        "allowJoinsOnColumnsWithDifferentNames": .bool(encryption.allowJoinsOnColumnsWithDifferentNames),
        "preserveNulls": .bool(encryption.preserveNulls),
      ])
    }
    return answer
  }

  static func collaborationSummary(_ record: CollaborationRecord, for context: CallContext) -> JSONValue {
    let charter = record.charter
    let state = record.state(of: context.caller)
    return .object([
      "id": .string(charter.id.value), "arn": .string(collaborationARN(charter, context)),
      "name": .string(record.name), "creatorAccountId": .string(charter.creator.value),
      "creatorDisplayName": .string(record.displayName(of: charter.creator)),
      "createTime": .number(charter.createdAt.seconds), "updateTime": .number(record.updatedAt.seconds),
      "memberStatus": (state?.status.rawValue).map { .string($0) },
      "membershipId": (state?.membership?.value).map { .string($0) },
      "membershipArn": (state?.membership).map { .string(membershipARN($0, of: context.caller, context)) },
      "analyticsEngine": .string("SPARK"),
    ])
  }

  static func member(_ state: MemberState, of record: CollaborationRecord, _ context: CallContext)
    -> JSONValue
  {
    .object([
      "accountId": .string(state.account.value), "status": .string(state.status.rawValue),
      "displayName": .string(record.displayName(of: state.account)),
      "abilities": abilities(of: state.account, record),
      "createTime": .number(state.createdAt.seconds), "updateTime": .number(state.updatedAt.seconds),
      "membershipId": (state.membership?.value).map { .string($0) },
      "membershipArn": state.membership.map { .string(membershipARN($0, of: state.account, context)) },
      "paymentConfiguration": payment(of: state.account, record),
    ])
  }

  static func membership(
    _ membership: MembershipRecord, of record: CollaborationRecord, _ context: CallContext
  ) -> JSONValue {
    var answer = membershipSummary(membership, of: record, context)
    answer["queryLogStatus"] = logStatus(membership.queryLogEnabled)
    answer["isMetricsEnabled"] = .bool(false)
    answer["jobLogStatus"] = logStatus(false)
    answer["defaultResultConfiguration"] = membership.defaultResult.map { result in
      .object([
        "outputConfiguration": .object(["s3": s3(result.location, singleFileOutput: nil)]),
        "roleArn": result.roleArn.map { .string($0) },
      ])
    }
    return answer
  }

  static func membershipSummary(
    _ membership: MembershipRecord, of record: CollaborationRecord, _ context: CallContext
  ) -> JSONValue {
    let charter = record.charter
    return .object([
      "id": .string(membership.id.value),
      "arn": .string(membershipARN(membership.id, of: membership.account, context)),
      "collaborationArn": .string(collaborationARN(charter, context)),
      "collaborationId": .string(charter.id.value),
      "collaborationCreatorAccountId": .string(charter.creator.value),
      "collaborationCreatorDisplayName": .string(record.displayName(of: charter.creator)),
      "collaborationName": .string(record.name), "createTime": .number(membership.createdAt.seconds),
      "updateTime": .number(membership.updatedAt.seconds), "status": .string(membership.status.rawValue),
      "memberAbilities": abilities(of: membership.account, record),
      "paymentConfiguration": payment(of: membership.account, record),
    ])
  }

  // MARK: Pieces

  static func collaborationARN(_ charter: CollaborationCharter, _ context: CallContext) -> String {
    ARN.collaboration(charter.id, region: context.region, account: charter.creator)
  }

  static func membershipARN(_ id: MembershipID, of account: AccountID, _ context: CallContext) -> String {
    ARN.membership(id, region: context.region, account: account)
  }

  static func s3(_ location: ResultLocation, singleFileOutput: Bool?) -> JSONValue {
    .object([
      "bucket": .string(location.bucket), "keyPrefix": location.keyPrefix.map { .string($0) },
      "resultFormat": .string(location.resultFormat.rawValue),
      "singleFileOutput": singleFileOutput.map { .bool($0) },
    ])
  }

  private static func logStatus(_ isEnabled: Bool) -> JSONValue {
    .string(isEnabled ? "ENABLED" : "DISABLED")
  }

  private static func abilities(of account: AccountID, _ record: CollaborationRecord) -> JSONValue {
    .strings((record.specification(of: account)?.abilities ?? []).map(\.rawValue))
  }

  private static func payment(of account: AccountID, _ record: CollaborationRecord) -> JSONValue {
    PaymentJSON.json(record.charter.payment(of: account))
  }
}
