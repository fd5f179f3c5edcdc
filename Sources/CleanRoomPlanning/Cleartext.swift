import CleanRoomModel
import CleanRoomPolicy

extension Verdict {
  /// Where the charter says `allowCleartext: false`, cleartext leaves its owner as tokens or not at all: refuses a query
  /// for which the coordinator would have to see values of a column.
  public func observingCleartext(of charter: CollaborationCharter) -> Verdict {
    guard case .approved(let query) = self, charter.dataEncryption?.allowCleartext == false else { return self }
    let plan = QueryPlanner.plan(query, joinsDifferentNames: charter.joinsDifferentNames)
    let reasons = plan.fragments.flatMap { fragment in
      fragment.columns.filter(\.isCleartext).map { RefusalReason.cleartext($0.column, of: fragment) }
    }
    var seen: Set<RefusalReason> = []
    return reasons.isEmpty ? self : .refused(reasons.filter { seen.insert($0).inserted })
  }
}

extension FragmentColumn {
  /// How AWS's C3R client names the columns that it has encrypted before they came into the catalog.
  private static let encryptedSuffixes = ["_sealed", "_fingerprint"]

  fileprivate var isCleartext: Bool {
    guard case .value = use else { return false }
    return !Self.encryptedSuffixes.contains { column.lowercased().hasSuffix($0) }
  }
}

extension RefusalReason {
  fileprivate static func cleartext(_ column: String, of fragment: Fragment) -> RefusalReason {
    RefusalReason(
      code: .columnNotAllowed,
      message:
        "Column \(column) of table \(fragment.table) (account \(fragment.owner)) would have to leave as a value, and the collaboration allows no cleartext (dataEncryptionMetadata.allowCleartext). Permitted are columns that the query only matches or counts, and conditions on one table alone.",
      position: nil)
  }
}
