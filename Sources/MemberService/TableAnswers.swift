import CleanRoomAPI
import CleanRoomModel

/// The API's structures for this organization's own tables.
enum TableAnswers {
  static func table(_ record: ConfiguredTableRecord, region: String, account: AccountID) -> JSONValue {
    var answer = summary(record, region: region, account: account)
    answer["description"] = record.description.map { .string($0) }
    answer["allowedColumns"] = .strings(record.allowedColumns)
    answer["tableReference"] = .object([
      "glue": .object([
        "databaseName": .string(record.databaseName), "tableName": .string(record.tableName),
        "region": .string(record.region ?? region),
      ])
    ])
    return answer
  }

  static func summary(_ record: ConfiguredTableRecord, region: String, account: AccountID) -> JSONValue {
    .object([
      "id": .string(record.id.value),
      "arn": .string(ARN.configuredTable(record.id, region: region, account: account)),
      "name": .string(record.name), "analysisMethod": .string(record.analysisMethod),
      "analysisRuleTypes": .strings(record.rule.map { [$0.rule.type.rawValue] } ?? []),
      "createTime": .number(record.createdAt.seconds), "updateTime": .number(record.updatedAt.seconds),
    ])
  }

  /// The policy is returned exactly as it was given.
  static func rule(_ rule: RuleRecord, of record: ConfiguredTableRecord, region: String, account: AccountID)
    -> JSONValue
  {
    .object([
      "configuredTableId": .string(record.id.value),
      "configuredTableArn": .string(ARN.configuredTable(record.id, region: region, account: account)),
      "policy": try? JSONValue(parsing: Array(rule.policy.utf8)), "type": .string(rule.rule.type.rawValue),
      "createTime": .number(rule.createdAt.seconds), "updateTime": .number(rule.updatedAt.seconds),
    ])
  }

  /// The policy is returned exactly as it was given.
  static func associationRule(
    _ rule: AssociationRuleRecord, of record: AssociationRecord, region: String, account: AccountID
  ) -> JSONValue {
    .object([
      "membershipIdentifier": .string(record.membership.value),
      "configuredTableAssociationId": .string(record.id.value),
      "configuredTableAssociationArn": .string(
        ARN.association(record.id, of: record.membership, region: region, account: account)),
      "policy": try? JSONValue(parsing: Array(rule.policy.utf8)), "type": .string(rule.type.rawValue),
      "createTime": .number(rule.createdAt.seconds), "updateTime": .number(rule.updatedAt.seconds),
    ])
  }

  static func association(_ record: AssociationRecord, region: String, account: AccountID) -> JSONValue {
    var answer = associationSummary(record, region: region, account: account)
    answer["configuredTableArn"] = .string(
      ARN.configuredTable(record.configuredTable, region: region, account: account))
    answer["roleArn"] = .string(record.roleArn)
    answer["description"] = record.description.map { .string($0) }
    return answer
  }

  static func associationSummary(_ record: AssociationRecord, region: String, account: AccountID) -> JSONValue {
    .object([
      "id": .string(record.id.value),
      "arn": .string(ARN.association(record.id, of: record.membership, region: region, account: account)),
      "configuredTableId": .string(record.configuredTable.value),
      "membershipId": .string(record.membership.value),
      "membershipArn": .string(ARN.membership(record.membership, region: region, account: account)),
      "name": .string(record.name), "analysisRuleTypes": .strings(record.rule.map { [$0.type.rawValue] } ?? []),
      "createTime": .number(record.createdAt.seconds), "updateTime": .number(record.updatedAt.seconds),
    ])
  }
}
