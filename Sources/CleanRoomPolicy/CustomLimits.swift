import CleanRoomModel
import CleanRoomSQL

/// How large a query may become while it is resolved: aliases, `*` and functions repeat what was written once.
struct CustomLimits {
  /// Tables read, each time one is named.
  static let scans = 100
  /// Tables, common and derived tables of one FROM.
  static let sources = 100
  static let commonTables = 2_000
  static let windows = 1_000
  /// Keys of all grouping sets of one GROUP BY together.
  static let groupingKeys = 10_000
  /// Identity columns that rows carry up to their threshold.
  static let identities = 100
  /// Parts of expressions that stand in the query more than once though they were written once.
  static let copies = 20_000
  /// Columns that `*` stands for, and those that settle the order of rows in windows.
  static let columns = 30_000
  /// Columns that joins look names up in, those that USING and NATURAL merged included.
  static let scopes = 200_000

  private(set) var copied = 0
  private(set) var columns = 0
  private(set) var scopes = 0
  private(set) var windowCount = 0

  /// - Returns: false once too much has been repeated.
  mutating func copy(_ expression: ResolvedExpression) -> Bool {
    copied += expression.size(upTo: Self.copies - copied + 2) - 1
    return copied <= Self.copies
  }

  mutating func copy(columns count: Int) -> Bool {
    columns += count
    return columns <= Self.columns
  }

  mutating func join(columns count: Int) -> Bool {
    scopes += count
    return scopes <= Self.scopes
  }

  mutating func addWindow() -> Bool {
    windowCount += 1
    return windowCount <= Self.windows
  }
}

extension CustomResolver {
  /// An expression that is about to stand in the query once more.
  mutating func mayRepeat(_ expression: ResolvedExpression, at span: SourceSpan?) -> Bool {
    if limits.copy(expression) { return true }
    refuse(.limitExceeded, ReasonText.tooLarge, at: span)
    return false
  }

  mutating func mayRepeat(columns count: Int, at span: SourceSpan?) -> Bool {
    if limits.copy(columns: count) { return true }
    refuse(.limitExceeded, ReasonText.tooLarge, at: span)
    return false
  }
}

extension ResolvedExpression {
  /// How many parts the expression has, queries inside it included; counts no further than the limit.
  public func size(upTo limit: Int) -> Int {
    var count = 0
    self.count(into: &count, limit)
    return count
  }

  fileprivate func count(into count: inout Int, _ limit: Int) {
    count += 1
    guard count < limit else { return }
    if case .subquery(let test) = self { for part in test.body.allExpressions { part.count(into: &count, limit) } }
    for child in children {
      guard count < limit else { return }
      child.count(into: &count, limit)
    }
  }
}
