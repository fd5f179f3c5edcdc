import CleanRoomModel

/// Amazon resource names of this API's resources, as the service authorization reference forms them.
public enum ARN {
  public static func collaboration(_ id: CollaborationID, region: String, account: AccountID) -> String {
    prefix(region, account) + "collaboration/\(id)"
  }

  public static func membership(_ id: MembershipID, region: String, account: AccountID) -> String {
    prefix(region, account) + "membership/\(id)"
  }

  public static func configuredTable(_ id: ConfiguredTableID, region: String, account: AccountID) -> String {
    prefix(region, account) + "configuredtable/\(id)"
  }

  public static func association(
    _ id: AssociationID, of membership: MembershipID, region: String, account: AccountID
  ) -> String {
    prefix(region, account) + "membership/\(membership)/configuredtableassociation/\(id)"
  }

  /// What comes after the account, of an ARN in this region and of this account; nil for any other.
  public static func resource(_ arn: String, region: String, account: AccountID) -> String? {
    let prefix = prefix(region, account)
    return arn.hasPrefix(prefix) ? String(arn.dropFirst(prefix.count)) : nil
  }

  private static func prefix(_ region: String, _ account: AccountID) -> String {
    "arn:aws:cleanrooms:\(region):\(account):"
  }
}
