/// AWS Clean Rooms' quotas, as far as they apply here.
public enum Quotas {
  public static let collaborationsPerAccount = 500
  public static let membershipsPerAccount = 500
  /// The creator included. AWS's own default of 5 invited members can be raised there.
  public static let membersPerCollaboration = 50
  /// What strict mode allows besides the creator.
  public static let invitedMembersInStrictMode = 5
  public static let configuredTablesPerAccount = 250
  public static let allowedColumnsPerTable = 100
  public static let associationsPerMembership = 100
  public static let analysisTemplatesPerMembership = 100
  /// Strict mode only; otherwise the coordinator's queue decides.
  public static let concurrentQueriesPerMembership = 5

  public static let members = APIError.quota(
    "A collaboration has at most \(membersPerCollaboration) members.", name: "Members per collaboration",
    value: membersPerCollaboration)

  /// - Throws: 402 when there are `count` already.
  public static func check(_ count: Int, _ name: String, _ limit: Int) throws(APIError) {
    guard count >= limit else { return }
    throw .quota(
      "The quota \(name) of \(limit) is used up. Delete what is not needed any more.", name: name, value: limit)
  }
}
