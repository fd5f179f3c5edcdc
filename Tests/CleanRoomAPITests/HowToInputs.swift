import CleanRoomModel
import Testing

@testable import CleanRoomAPI

/// The inputs of the founding how-to's commands, with identifiers filled in.
struct HowToInput: Sendable, CustomTestStringConvertible {
  var operation: String
  var json: String
  /// The fields that AWS would refuse.
  var refused: [String] = []

  var testDescription: String { operation }

  static let id = "a1b2c3d4-5678-90ab-cdef-1234567890ab"

  static let all: [HowToInput] = [
    HowToInput(
      operation: "CreateCollaboration",
      json: """
        {"name":"retail-ad-campaign-analysis","description":"Joint analysis of ad campaigns and purchase data",
        "creatorMemberAbilities":["CAN_QUERY","CAN_RECEIVE_RESULTS"],"creatorDisplayName":"Acme Retail",
        "members":[{"accountId":"987654321098","memberAbilities":["CAN_QUERY","CAN_RECEIVE_RESULTS"],"displayName":"AdTech Partner"}],
        "queryLogStatus":"ENABLED","dataEncryptionMetadata":{"allowCleartext":true,"allowDuplicates":true,"preserveNulls":true}}
        """, refused: ["dataEncryptionMetadata.allowJoinsOnColumnsWithDifferentNames"]),
    HowToInput(
      operation: "CreateMembership",
      json: """
        {"collaborationIdentifier":"\(id)","queryLogStatus":"ENABLED","defaultResultConfiguration":{"outputConfiguration":
        {"s3":{"bucket":"my-cleanroom-results","keyPrefix":"campaign-analysis/","resultFormat":"CSV"}},
        "roleArn":"arn:aws:iam::987654321098:role/CleanRoomsResultRole"}}
        """),
    HowToInput(
      operation: "CreateConfiguredTable",
      json: """
        {"name":"purchase-data","description":"Customer purchase transactions","tableReference":{"glue":{"tableName":"purchases",
        "databaseName":"retail_analytics"}},"allowedColumns":["hashed_email","purchase_date","product_category","purchase_amount",
        "store_region"],"analysisMethod":"DIRECT_QUERY"}
        """),
    HowToInput(
      operation: "CreateConfiguredTableAnalysisRule",
      json: """
        {"configuredTableIdentifier":"\(id)","analysisRuleType":"AGGREGATION","analysisRulePolicy":{"v1":{"aggregation":
        {"aggregateColumns":[{"columnNames":["purchase_amount"],"function":"SUM"},{"columnNames":["purchase_amount"],"function":"AVG"},
        {"columnNames":["hashed_email"],"function":"COUNT_DISTINCT"}],"joinColumns":["hashed_email"],"joinRequired":"QUERY_RUNNER",
        "dimensionColumns":["product_category","store_region","purchase_date"],"scalarFunctions":["TRUNC","YEAR","MONTH"],
        "outputConstraints":[{"columnName":"hashed_email","minimum":25,"type":"COUNT_DISTINCT"}]}}}}
        """,
      refused: [
        "analysisRulePolicy.v1.aggregation.scalarFunctions[1]",
        "analysisRulePolicy.v1.aggregation.scalarFunctions[2]",
      ]),
    HowToInput(
      operation: "CreateConfiguredTableAnalysisRule",
      json: """
        {"configuredTableIdentifier":"\(id)","analysisRuleType":"LIST","analysisRulePolicy":{"v1":{"list":{"joinColumns":["hashed_email"],
        "listColumns":["campaign_name","impression_date","channel"],"allowedJoinOperators":["OR"]}}}}
        """),
    HowToInput(
      operation: "CreateConfiguredTableAssociation",
      json: """
        {"configuredTableIdentifier":"\(id)","membershipIdentifier":"\(id)","name":"purchases",
        "roleArn":"arn:aws:iam::123456789012:role/CleanRoomsTableRole"}
        """),
    HowToInput(
      operation: "StartProtectedQuery",
      json: """
        {"type":"SQL","membershipIdentifier":"\(id)","sqlParameters":{"queryString":"SELECT 1"},"resultConfiguration":
        {"outputConfiguration":{"s3":{"bucket":"my-cleanroom-results","keyPrefix":"dec-2025-analysis/","resultFormat":"CSV"}}}}
        """),
    HowToInput(
      operation: "GetProtectedQuery",
      json: "{\"membershipIdentifier\":\"\(id)\",\"protectedQueryIdentifier\":\"\(id)\"}"),
    HowToInput(
      operation: "ListProtectedQueries",
      json: "{\"membershipIdentifier\":\"\(id)\",\"status\":\"COMPLETED\"}",
      refused: ["status"]),
  ]
}
