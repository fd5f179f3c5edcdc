import CleanRoomPolicy

/// Expressions that a layer of the printed query has already computed, and by which names the next one finds them.
struct CustomLayer {
  let alias: String
  /// The relations that are no longer visible above the layer.
  let relations: Set<Int>
  /// Names, or expressions over names, with `mark` for the layer's alias.
  private(set) var values: [ResolvedExpression: String] = [:]
  private(set) var tokens: [ColumnReference: String] = [:]
  /// `expression AS name`, in order.
  private(set) var columns: [String] = []
  /// Columns that are values of the query's own rows, in order.
  private var rowValues: [String] = []
  /// Those of floating-point numbers.
  private var signed: [String] = []
  /// A character that no printed text contains.
  private static let mark = "\u{0}"

  init(alias: String, relations: Set<Int>) {
    self.alias = alias
    self.relations = relations
  }

  func value(of expression: ResolvedExpression) -> String? {
    values[expression]?.replacing(Self.mark, with: alias)
  }
  func token(of reference: ColumnReference) -> String? { tokens[reference].map { "\(alias).\($0)" } }

  mutating func add(_ expression: ResolvedExpression, text: String) {
    guard values[expression] == nil else { return }
    let name = append(text)
    values[expression] = "\(Self.mark).\(name)"
    rowValues.append(name)
    if expression.type.isFloating { signed.append(name) }
  }

  mutating func add(token reference: ColumnReference, text: String) {
    guard tokens[reference] == nil else { return }
    tokens[reference] = append(text)
  }

  /// An expression made of pieces that the layer computes.
  /// - Parameter suffix: FILTER or OVER, after each piece.
  mutating func add(
    _ expression: ResolvedExpression, suffix: String, _ compose: (inout AggregatePieces) -> String
  ) {
    guard values[expression] == nil else { return }
    let first = columns.count
    var pieces = AggregatePieces()
    pieces.name = { "\(Self.mark).x\(first + $0)" }
    values[expression] = "(\(compose(&pieces)))"
    for piece in pieces.expressions { _ = append(piece + suffix) }
  }

  /// A column that is no expression of the query.
  mutating func add(text: String) -> String { "\(alias).\(append(text))" }

  private mutating func append(_ text: String) -> String {
    columns.append("\(text) AS x\(columns.count)")
    return "x\(columns.count - 1)"
  }

  /// A layer above that passes everything on.
  func above(alias: String) -> CustomLayer {
    var next = CustomLayer(alias: alias, relations: relations)
    next.values = values
    next.tokens = tokens
    next.rowValues = rowValues
    next.signed = signed
    next.columns = columns.indices.map { "\(self.alias).x\($0) AS x\($0)" }
    return next
  }

  /// Values first, then tokens: what settles the order of rows that the query leaves open.
  var tieBreakers: [String] {
    (rowValues + tokens.values.sorted(by: Self.byNumber)).map { "\(alias).\($0)" }
      + signed.map { CustomPrinter.sign("\(alias).\($0)") }
  }

  private static func byNumber(_ left: String, _ right: String) -> Bool {
    (left.utf8.count, left) < (right.utf8.count, right)
  }

  var list: String { columns.isEmpty ? "1 AS one" : columns.joined(separator: ", ") }
}
