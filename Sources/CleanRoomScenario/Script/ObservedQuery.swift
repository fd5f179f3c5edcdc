import CleanRoomReport

/// What became of a query, as far as expectations ask.
struct ObservedQuery: Sendable {
  var status: String
  var error: String?
  /// Of the result; nil when there is none.
  var columns: [String]?
  var rows: [[String?]]?
  var released: [ReleaseRecord]
  /// Parties that hold the result.
  var receivers: [String]
}

/// What was expected and what came.
struct Mismatch: Sendable, Equatable {
  var expected: String
  var seen: String
}
