import CleanRoomAPI
import CleanRoomModel

/// Collaborations, members and memberships as the API shows them; shapes as in the public service model.
enum Answers {
  static func seconds(_ time: Timestamp) -> JSONValue { .number(time.seconds) }

  static func collaboration(_ record: CollaborationRecord, for context: CallContext) -> JSONValue {
    guard case .dictionary(var members) = collaborationSummary(record, for: context) else { return .null }
    let charter = record.charter
    members["description"] = .string(record.description)
    members["queryLogStatus"] = .string(charter.queryLogEnabled ? "ENABLED" : "DISABLED")
    members["jobLogStatus"] = .string("DISABLED")
    members["dataEncryptionMetadata"] = charter.dataEncryption.map { encryption in
      .object([
        "allowCleartext": .bool(encryption.allowCleartext), "allowDuplicates": .bool(encryption.allowDuplicates),
        "allowJoinsOnColumnsWithDifferentNames": .bool(encryption.allowJoinsOnColumnsWithDifferentNames),
        "preserveNulls": .bool(encryption.preserveNulls),
      ])
    }
    members["allowedResultRegions"] = .strings([context.region])
    members["isMetricsEnabled"] = .bool(false)
    return .dictionary(members)
  }

  static func collaborationSummary(_ record: CollaborationRecord, for context: CallContext) -> JSONValue {
    let charter = record.charter
    let state = record.state(of: context.caller)
    return .object([
      "id": .string(charter.id.value), "arn": .string(arn(of: charter, context)), "name": .string(charter.name),
      "creatorAccountId": .string(charter.creator.value),
      "creatorDisplayName": .string(record.displayName(of: charter.creator)),
      "createTime": seconds(charter.createdAt), "updateTime": seconds(record.updatedAt),
      "memberStatus": state.map { .string($0.status.rawValue) },
      "membershipId": state?.membership.map { .string($0.value) },
      "membershipArn": state?.membership.map { membershipArn($0, context.caller, context) },
      "analyticsEngine": .string("SPARK"),
    ])
  }

  static func arn(of charter: CollaborationCharter, _ context: CallContext) -> String {
    ARN.collaboration(charter.id, region: context.region, account: charter.creator)
  }

  private static func membershipArn(_ id: MembershipID, _ account: AccountID, _ context: CallContext) -> JSONValue {
    .string(ARN.membership(id, region: context.region, account: account))
  }

  static func member(_ state: MemberState, of record: CollaborationRecord, _ context: CallContext) -> JSONValue {
    let abilities = record.charter.member(state.account)?.abilities ?? []
    return .object([
      "accountId": .string(state.account.value), "status": .string(state.status.rawValue),
      "displayName": .string(record.displayName(of: state.account)), "abilities": .strings(abilities.map(\.rawValue)),
      "createTime": seconds(state.createdAt), "updateTime": seconds(state.updatedAt),
      "membershipId": state.membership.map { .string($0.value) },
      "membershipArn": state.membership.map { membershipArn($0, state.account, context) },
      "paymentConfiguration": payment(isRunner: abilities.contains(.canQuery)),
    ])
  }

  /// Nobody pays here; AWS's clients expect the whole structure, with the runner as the payer by default.
  private static func payment(isRunner: Bool) -> JSONValue {
    let responsible = JSONValue.object(["isResponsible": .bool(isRunner)])
    return .object(["queryCompute": responsible])
  }

  static func membership(
    _ membership: MembershipRecord, of record: CollaborationRecord, _ context: CallContext
  ) -> JSONValue {
    guard case .dictionary(var members) = membershipSummary(membership, of: record, context) else { return .null }
    members["queryLogStatus"] = .string(membership.queryLogEnabled ? "ENABLED" : "DISABLED")
    members["jobLogStatus"] = .string("DISABLED")
    members["isMetricsEnabled"] = .bool(false)
    members["defaultResultConfiguration"] = membership.defaultResult.map { result in
      .object([
        "outputConfiguration": .object(["s3": location(result.location)]),
        "roleArn": result.roleArn.map { .string($0) },
      ])
    }
    return .dictionary(members)
  }

  static func location(_ location: ResultLocation, singleFileOutput: Bool? = nil) -> JSONValue {
    .object([
      "bucket": .string(location.bucket), "keyPrefix": location.keyPrefix.map { .string($0) },
      "resultFormat": .string(location.resultFormat.rawValue), "singleFileOutput": singleFileOutput.map { .bool($0) },
    ])
  }

  static func membershipSummary(
    _ membership: MembershipRecord, of record: CollaborationRecord, _ context: CallContext
  ) -> JSONValue {
    let charter = record.charter
    let abilities = charter.member(membership.account)?.abilities ?? []
    return .object([
      "id": .string(membership.id.value), "arn": membershipArn(membership.id, membership.account, context),
      "collaborationArn": .string(arn(of: charter, context)), "collaborationId": .string(charter.id.value),
      "collaborationCreatorAccountId": .string(charter.creator.value),
      "collaborationCreatorDisplayName": .string(record.displayName(of: charter.creator)),
      "collaborationName": .string(charter.name), "createTime": seconds(membership.createdAt),
      "updateTime": seconds(membership.updatedAt), "status": .string(membership.status.rawValue),
      "memberAbilities": .strings(abilities.map(\.rawValue)),
      "paymentConfiguration": payment(isRunner: abilities.contains(.canQuery)),
    ])
  }
}
