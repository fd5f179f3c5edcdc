import CleanRoomModel
import CleanRoomSQL

/// Function calls: scalar functions, aggregates and window functions.
extension CustomResolver {
  @inline(never)
  mutating func function(_ call: FunctionCall, at span: SourceSpan) -> ResolvedExpression? {
    let name = call.name.name.lowercased()
    if let window = call.window { return windowCall(call, window, at: span) }
    if SparkAggregate.names.contains(name) { return aggregate(call, at: span) }
    if SparkWindow.names.contains(name) {
      refuse(.functionNotAllowed, ReasonText.needsOver(name), at: span)
      return nil
    }
    guard isPlain(call, at: span) else { return nil }
    let arguments = call.arguments.compactMap { argument($0, of: name) }
    guard arguments.count == call.arguments.count else { return nil }
    note(name.uppercased(), at: span)
    if Self.comparing.contains(name) { note(comparison: arguments, at: span) }
    if Self.choosing.contains(name) { noteTruth(of: arguments.first, at: span) }
    if name == "nullif", let first = arguments.first, !mayRepeat(first, at: span) { return nil }
    return self.call(name, arguments, modifier: call.modifier, at: span)
  }

  /// Functions that compare their arguments with each other.
  private static let comparing: Set<String> = [
    "nullif", "greatest", "least", "regexp_like", "regexp_instr", "regexp_count", "position", "locate", "instr",
  ]
  /// Functions and aggregates of a BOOLEAN, which they take for `= TRUE`.
  private static let choosing: Set<String> = [
    "if", "iff", "count_if", "bool_and", "bool_or", "every", "any",
  ]

  /// A condition has noted what it compares.
  private mutating func noteTruth(of argument: ResolvedExpression?, at span: SourceSpan) {
    guard let argument, !argument.isCondition else { return }
    note(comparison: [argument, .literal(.boolean(true))], at: span)
  }

  /// Units such as `date_add(MONTH, 1, d)` are words, not columns.
  private mutating func argument(_ expression: Expression, of name: String) -> ResolvedExpression? {
    if SparkFunction.unitFunctions.contains(name), case .column(nil, let word) = expression.node,
      SparkFunction.units.contains(word.name.lowercased()),
      scopes.allSatisfy({ $0.columns(named: word, of: nil).isEmpty })
    {
      return .literal(.string(word.name))
    }
    return value(expression)
  }

  mutating func call(_ name: String, _ arguments: [ResolvedExpression], modifier: String?, at span: SourceSpan)
    -> ResolvedExpression?
  {
    let request = FunctionRequest(name: name, arguments: arguments, modifier: modifier, now: context.now)
    guard let result = SparkFunction.resolve(request) else {
      refuse(.functionNotAllowed, ReasonText.noFunction(name), at: span)
      return nil
    }
    // EXTRACT(DOY FROM x) is DAYOFYEAR(x) to every rule.
    if case .resolved(.call(.dayOfYear, _, _)) = result, name != "dayofyear" { note("DAYOFYEAR", at: span) }
    return settled(result, name.uppercased(), at: span)
  }

  private mutating func isPlain(_ call: FunctionCall, at span: SourceSpan) -> Bool {
    let extras = [
      (call.isDistinct, "DISTINCT"), (call.filter != nil, "FILTER"), (!call.ordering.isEmpty, "ORDER BY"),
    ]
    for (_, word) in extras.filter(\.0) {
      refuse(.unsupportedConstruct, ReasonText.aggregatesOnly(word, call.name.name), at: span)
    }
    return !extras.contains { $0.0 }
  }

  // MARK: Aggregates

  private mutating func aggregate(_ call: FunctionCall, at span: SourceSpan) -> ResolvedExpression? {
    let name = call.name.name.lowercased()
    guard place.allowsAggregates, !place.isInsideAggregate else {
      refuse(.aggregateNotAllowed, ReasonText.misplacedAggregate(name, place.clause), at: span)
      return nil
    }
    let outer = place
    place.isInsideAggregate = true
    defer { place = outer }
    guard let arguments = aggregateArguments(call, at: span) else { return nil }
    if Self.choosing.contains(name) { noteTruth(of: arguments.first, at: span) }
    var filter: ResolvedExpression?
    if let written = call.filter {
      note("FILTER", at: written.span)
      filter = condition(written)
      if filter == nil { return nil }
    }
    computations.append(
      .init(
        name: name.uppercased(), arguments: arguments + (filter.map { [$0] } ?? []), span: span))
    let result = SparkAggregate.resolve(
      name: name, arguments: arguments, isDistinct: call.isDistinct, filter: filter)
    return settled(result ?? .mismatch, name.uppercased(), at: span)
  }

  /// `COUNT(*)` has none. `PERCENTILE_CONT(p) WITHIN GROUP (ORDER BY x)` is not Spark's PERCENTILE.
  private mutating func aggregateArguments(_ call: FunctionCall, at span: SourceSpan) -> [ResolvedExpression]? {
    guard call.ordering.isEmpty else {
      unavailable("ORDER BY inside \(call.name.name.uppercased())", at: span)
      return nil
    }
    if call.arguments.count == 1, case .star(nil) = call.arguments[0].node {
      if call.name.name.lowercased() == "count", !call.isDistinct { return [] }
      refuse(.unsupportedConstruct, ReasonText.misplacedStar, at: call.arguments[0].span)
      return nil
    }
    let arguments = call.arguments.compactMap { value($0) }
    return arguments.count == call.arguments.count ? arguments : nil
  }

  // MARK: Windows

  func namedWindows(_ select: Select) -> [String: WindowSpecification] {
    Dictionary(select.windows.map { ($0.name.name.lowercased(), $0.specification) }) { first, _ in first }
  }

  private mutating func windowCall(_ call: FunctionCall, _ written: WindowSpecification, at span: SourceSpan)
    -> ResolvedExpression?
  {
    let name = call.name.name.lowercased()
    guard place.allowsWindows, !place.isInsideAggregate else {
      refuse(.unsupportedConstruct, ReasonText.misplacedWindow(name, place.clause), at: span)
      return nil
    }
    guard !call.isDistinct, call.filter == nil else {
      unavailable("DISTINCT or FILTER in a window function", at: span)
      return nil
    }
    guard !reasons.hasLimit else { return nil }
    guard limits.addWindow() else {
      refuse(.limitExceeded, ReasonText.tooMany("window functions", CustomLimits.windows), at: span)
      return nil
    }
    // Ties are settled by all columns of the row.
    guard mayRepeat(columns: scopes.last?.columns.count ?? 0, at: span) else { return nil }
    guard let specification = specification(written, at: span) else { return nil }
    let outer = place
    place.allowsWindows = false
    defer { place = outer }
    guard let arguments = aggregateArguments(call, at: span) else { return nil }
    let result = window(name, arguments, at: span)
    let partition = specification.partition.compactMap { value($0) }
    let order = specification.order.compactMap { item in
      value(item.expression).map {
        WindowCall.Order(
          expression: $0, descending: item.descending, nullsFirst: item.nullsFirst ?? !item.descending)
      }
    }
    guard let result, partition.count == specification.partition.count, order.count == specification.order.count
    else { return nil }
    if written.name != nil {
      for expression in partition + order.map(\.expression) where !mayRepeat(expression, at: span) { return nil }
    }
    for (expression, source) in zip(partition, specification.partition) {
      note(distinction: expression, at: source.span)
    }
    for (key, source) in zip(order, specification.order) {
      note(distinction: key.expression, at: source.expression.span)
    }
    computations.append(
      .init(name: name.uppercased(), arguments: arguments, span: span))
    guard let frame = frame(specification.frame, order, of: result.kind, at: span) else { return nil }
    return .windowCall(
      WindowCall(
        kind: result.kind, arguments: result.arguments, partition: partition, order: order, frame: frame.value,
        type: result.type))
  }

  private mutating func specification(_ written: WindowSpecification, at span: SourceSpan) -> WindowSpecification? {
    guard let name = written.name else { return written }
    if let named = windows[name.name.lowercased()] { return named }
    refuse(.unknownTable, ReasonText.unknownWindow(name.name), at: name.span)
    return nil
  }

  private mutating func window(_ name: String, _ arguments: [ResolvedExpression], at span: SourceSpan)
    -> ResolvedWindow?
  {
    switch SparkWindow.resolve(name: name, arguments: arguments) {
    case .resolved(let window)?: return window
    case .mismatch?: refuse(.typeMismatch, ReasonText.argumentTypes(name.uppercased()), at: span)
    case .unavailable(let what)?: refuse(.functionNotAllowed, ReasonText.unavailable(what), at: span)
    case nil: refuse(.functionNotAllowed, ReasonText.noWindowFunction(name), at: span)
    }
    return nil
  }
}
