/// Which operations of the service model this version has: every operation is either in `available` or, with the feature
/// it belongs to, in `unavailable`.
public enum OperationTable {
  public static let available: Set<String> = [
    // Collaborations and members
    "CreateCollaboration", "GetCollaboration", "ListCollaborations", "UpdateCollaboration", "DeleteCollaboration",
    "ListMembers", "DeleteMember", "CreateCollaborationChangeRequest", "GetCollaborationChangeRequest",
    "ListCollaborationChangeRequests", "UpdateCollaborationChangeRequest", "CreateMembership", "GetMembership",
    "ListMemberships", "UpdateMembership", "DeleteMembership",
    // Tables and rules
    "CreateConfiguredTable", "GetConfiguredTable", "ListConfiguredTables", "UpdateConfiguredTable",
    "DeleteConfiguredTable", "CreateConfiguredTableAnalysisRule", "GetConfiguredTableAnalysisRule",
    "UpdateConfiguredTableAnalysisRule", "DeleteConfiguredTableAnalysisRule", "CreateConfiguredTableAssociation",
    "GetConfiguredTableAssociation", "ListConfiguredTableAssociations", "UpdateConfiguredTableAssociation",
    "DeleteConfiguredTableAssociation", "CreateConfiguredTableAssociationAnalysisRule",
    "GetConfiguredTableAssociationAnalysisRule", "UpdateConfiguredTableAssociationAnalysisRule",
    "DeleteConfiguredTableAssociationAnalysisRule",
    // Schemas
    "GetSchema", "ListSchemas", "BatchGetSchema", "GetSchemaAnalysisRule", "BatchGetSchemaAnalysisRule",
    // Analysis templates
    "CreateAnalysisTemplate", "GetAnalysisTemplate", "ListAnalysisTemplates", "UpdateAnalysisTemplate",
    "DeleteAnalysisTemplate", "GetCollaborationAnalysisTemplate", "ListCollaborationAnalysisTemplates",
    "BatchGetCollaborationAnalysisTemplate",
    // Queries
    "StartProtectedQuery", "GetProtectedQuery", "ListProtectedQueries", "UpdateProtectedQuery",
    // Tags
    "TagResource", "UntagResource", "ListTagsForResource",
  ]

  /// Feature by operation.
  public static let unavailable: [String: String] = features.reduce(into: [:]) { result, feature in
    for operation in feature.operations { result[operation] = feature.name }
  }

  private static let features: [(name: String, operations: [String])] = [
    (
      "privacy budgets",
      [
        "CreatePrivacyBudgetTemplate", "GetPrivacyBudgetTemplate", "ListPrivacyBudgetTemplates",
        "UpdatePrivacyBudgetTemplate", "DeletePrivacyBudgetTemplate", "ListPrivacyBudgets",
        "ListCollaborationPrivacyBudgets", "ListCollaborationPrivacyBudgetTemplates",
        "GetCollaborationPrivacyBudgetTemplate", "PreviewPrivacyImpact",
      ]
    ),
    (
      "ID namespaces and ID mapping tables",
      [
        "CreateIdNamespaceAssociation", "GetIdNamespaceAssociation", "ListIdNamespaceAssociations",
        "UpdateIdNamespaceAssociation", "DeleteIdNamespaceAssociation", "ListCollaborationIdNamespaceAssociations",
        "GetCollaborationIdNamespaceAssociation", "CreateIdMappingTable", "GetIdMappingTable", "ListIdMappingTables",
        "UpdateIdMappingTable", "DeleteIdMappingTable", "PopulateIdMappingTable",
      ]
    ),
    (
      "intermediate tables",
      [
        "CreateIntermediateTable", "GetIntermediateTable", "ListIntermediateTables", "UpdateIntermediateTable",
        "DeleteIntermediateTable", "DisallowIntermediateTable", "PopulateIntermediateTable",
        "ListIntermediateTableVersions", "CreateIntermediateTableAnalysisRule", "GetIntermediateTableAnalysisRule",
        "UpdateIntermediateTableAnalysisRule", "DeleteIntermediateTableAnalysisRule",
      ]
    ),
    ("protected jobs", ["StartProtectedJob", "GetProtectedJob", "ListProtectedJobs", "UpdateProtectedJob"]),
    ("exports of analysis logs", ["StartAnalysisLogExport", "GetAnalysisLogExport", "ListAnalysisLogExports"]),
    (
      "configured audience models",
      [
        "CreateConfiguredAudienceModelAssociation", "GetConfiguredAudienceModelAssociation",
        "ListConfiguredAudienceModelAssociations", "UpdateConfiguredAudienceModelAssociation",
        "DeleteConfiguredAudienceModelAssociation", "ListCollaborationConfiguredAudienceModelAssociations",
        "GetCollaborationConfiguredAudienceModelAssociation",
      ]
    ),
  ]

  /// - Throws: for an operation that this version does not have.
  public static func check(_ operation: Operation) throws(APIError) {
    guard !available.contains(operation.name) else { return }
    let feature = unavailable[operation.name].map { " Feature: \($0)." } ?? ""
    throw .validation(APIError.notAvailable(operation.name).message + feature)
  }
}

/// Settings that the model has and that would have no effect here: refused, so that nobody relies on them.
public enum UnavailableSettings {
  private static let inactive: Set<JSONValue> = [.string("DISABLED"), .bool(false), .null, .array([])]

  /// - Throws: `APIError` naming every such setting.
  public static func check(_ input: JSONValue, of operation: Operation) throws(APIError) {
    let problems: [APIError.Field]
    switch operation.name {
    case "CreateCollaboration":
      problems =
        flags(input) + engine(input) + abilities(input, "creatorMemberAbilities", at: "")
        + learning(input["creatorMLMemberAbilities"], "creatorMLMemberAbilities")
        + (input["members"]?.array ?? []).enumerated().flatMap { index, member in
          learning(member["mlMemberAbilities"], "members[\(index)].mlMemberAbilities")
            + abilities(member, "memberAbilities", at: "members[\(index)].")
        }
    case "UpdateCollaboration": problems = engine(input)
    case "CreateMembership", "UpdateMembership": problems = flags(input)
    case "CreateAnalysisTemplate": problems = template(input)
    default: problems = []
    }
    guard problems.isEmpty else { throw .validation(problems.map(\.message).joined(separator: " "), fields: problems) }
  }

  private static func template(_ input: JSONValue) -> [APIError.Field] {
    var problems: [APIError.Field] = []
    if let format = input["format"]?.string, format != "SQL" {
      problems.append(
        .init(name: "format", message: "The format \(format) is not available in this version. Use SQL."))
    }
    if input["source"]?["text"]?.string == nil { problems.append(field("source.artifacts")) }
    let names = ["schema", "syntheticDataParameters", "errorMessageConfiguration"]
    return problems + names.filter { !inactive.contains(input[$0] ?? .null) }.map(field)
  }

  private static func flags(_ input: JSONValue) -> [APIError.Field] {
    let names = ["jobLogStatus", "isMetricsEnabled", "defaultJobResultConfiguration", "membershipPaymentConfiguration"]
    return names.filter { !inactive.contains(input[$0] ?? .null) }.map(field)
  }

  private static func engine(_ input: JSONValue) -> [APIError.Field] {
    guard let engine = input["analyticsEngine"]?.string, engine != "SPARK" else { return [] }
    return [
      .init(
        name: "analyticsEngine", message: "The analytics engine \(engine) is not available in this version. Use SPARK.")
    ]
  }

  private static func learning(_ abilities: JSONValue?, _ path: String) -> [APIError.Field] {
    inactive.contains(abilities?["customMLMemberAbilities"] ?? .null) ? [] : [field(path)]
  }

  private static func abilities(_ input: JSONValue, _ name: String, at path: String) -> [APIError.Field] {
    (input[name]?.stringList ?? []).enumerated().filter { $0.element == "CAN_EXPORT_QUERY_ANALYSIS_LOG" }.map {
      .init(
        name: "\(path)\(name)[\($0.offset)]",
        message: "The ability \($0.element) is not available in this version.")
    }
  }

  private static func field(_ name: String) -> APIError.Field {
    .init(name: name, message: "\(name) is not available in this version. Leave it out.")
  }
}
