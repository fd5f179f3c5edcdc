import CleanRoomMatching
import CleanRoomModel
import CleanRoomPlanning
import Crypto

/// The match keys of one fragment's token columns, for one query.
struct FragmentKeys: Sendable {
  private let fragment: Fragment
  /// One per column; nil where the column travels as a value.
  private let matchers: [(any Matching)?]

  init(_ fragment: Fragment, judgement: Judgement, secret: CollaborationSecret) {
    self.fragment = fragment
    let requestHash = Array(SHA256.hash(data: judgement.requestPayload))
    matchers = fragment.columns.map { column in
      guard case .token(let domain, _) = column.use else { return nil }
      return KeyedHashMatching(
        key: MatchKey.derive(secret, query: judgement.request.id, requestHash: requestHash, domain: domain))
    }
  }

  /// Replaces every key column by its tokens.
  func tokenized(_ rows: ColumnBatch) throws -> ColumnBatch {
    var result = rows
    for (index, matcher) in matchers.enumerated() {
      guard let matcher, case .token(_, let form) = fragment.columns[index].use else { continue }
      result.columns[index] = try matcher.tokens(
        for: rows.columns[index], type: fragment.columns[index].type, form: form)
    }
    return result
  }
}
