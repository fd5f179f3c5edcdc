import CleanRoomSQL

/// The reasons found so far. Bounded, so that a hostile query cannot make a verdict of a million reasons.
struct ReasonList {
  static let most = 200

  private var reasons: [RefusalReason] = []
  private var seen: Set<RefusalReason> = []
  private var omitted = 0

  var isEmpty: Bool { reasons.isEmpty }
  /// The query is too large to look into further.
  var hasLimit: Bool { reasons.contains { $0.code == .limitExceeded } }

  mutating func add(_ code: RefusalReason.Code, _ message: String, at span: SourceSpan?) {
    let reason = RefusalReason(code: code, message: message, position: span?.start)
    guard reasons.count < Self.most else {
      omitted += 1
      return
    }
    if seen.insert(reason).inserted { reasons.append(reason) }
  }

  /// In text order; reasons about the whole query come first.
  var sorted: [RefusalReason] {
    let ordered = reasons.enumerated().sorted { left, right in
      let (first, second) = (left.element.position?.offset ?? -1, right.element.position?.offset ?? -1)
      return first == second ? left.offset < right.offset : first < second
    }.map(\.element)
    guard omitted > 0 else { return ordered }
    let message = "The query has further faults; the first \(Self.most) are listed."
    return ordered + [RefusalReason(code: .limitExceeded, message: message, position: nil)]
  }
}
