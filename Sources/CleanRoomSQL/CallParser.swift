extension Parser {
  /// A function call; the name has been read.
  mutating func call(_ name: Identifier) throws(SyntaxError) -> Expression {
    try deepen()
    defer { rise() }
    try expect(.leftParenthesis)
    var call = FunctionCall(name: name, arguments: [])
    if !isSymbol(.rightParenthesis) { try arguments(of: &call) }
    try expect(.rightParenthesis)
    try clauses(of: &call)
    return Expression(.function(call), span: span(from: name.span))
  }

  /// What may follow the parentheses.
  @inline(never)
  private mutating func clauses(of call: inout FunctionCall) throws(SyntaxError) {
    if take(words: .within, .group) {
      try expect(.leftParenthesis)
      call.ordering = try orderBy()
      try expect(.rightParenthesis)
    }
    if isWord(.filter), isSymbol(.leftParenthesis, ahead: 1) {
      advance()
      advance()
      try expect(word: .where)
      call.filter = try expression()
      try expect(.rightParenthesis)
    }
    if isWord(.over), isSymbol(.leftParenthesis, ahead: 1) || isName(peek()) {
      advance()
      call.window = try window()
    }
  }

  func isName(_ token: Token) -> Bool {
    switch token.kind {
    case .word(let word): word?.isReserved != true
    case .quotedIdentifier: true
    default: false
    }
  }

  private mutating func arguments(of call: inout FunctionCall) throws(SyntaxError) {
    switch call.name.name {
    case "trim": try trimArguments(of: &call)
    case "position": try positionArguments(of: &call)
    case "substring", "substr", "overlay": try substringArguments(of: &call)
    default:
      call.isDistinct = take(word: .distinct)
      if !call.isDistinct { _ = take(word: .all) }
      call.arguments = try expressions()
      if isWord(.order) { call.ordering = try orderBy() }
    }
  }

  @inline(never)
  private mutating func positionArguments(of call: inout FunctionCall) throws(SyntaxError) {
    // The IN belongs to the function, not to a predicate.
    call.arguments = [try nested { parser throws(SyntaxError) in try parser.valueExpression() }]
    if take(word: .in) {
      call.modifier = "IN"
      call.arguments.append(try expression())
    } else {
      try expect(.comma)
      call.arguments += try expressions()
    }
  }

  @inline(never)
  private mutating func substringArguments(of call: inout FunctionCall) throws(SyntaxError) {
    call.arguments = [try expression()]
    if take(word: .from) {
      call.modifier = "FROM"
      call.arguments.append(try expression())
      if take(word: .for) { call.arguments.append(try expression()) }
    } else if take(.comma) {
      call.arguments += try expressions()
    }
  }

  @inline(never)
  private mutating func trimArguments(of call: inout FunctionCall) throws(SyntaxError) {
    for word in [.leading, .trailing, .both] as [Keyword] where take(word: word) { call.modifier = word.display }
    if call.modifier != nil, take(word: .from) {
      call.arguments = [try expression()]
      return
    }
    call.arguments = [try expression()]
    if call.modifier != nil, !isWord(.from) { throw expected("FROM") }
    if take(word: .from) {
      call.modifier = call.modifier ?? "BOTH"
      call.arguments.append(try expression())
    } else if take(.comma) {
      call.arguments += try expressions()
    }
  }

  // MARK: Windows

  @inline(never)
  mutating func window() throws(SyntaxError) -> WindowSpecification {
    try deepen()
    defer { rise() }
    guard take(.leftParenthesis) else {
      return WindowSpecification(name: try identifier("a window"), partition: [], order: [], frame: nil)
    }
    if isName(current), isSymbol(.rightParenthesis, ahead: 1) {
      let name = try identifier("a window")
      advance()
      return WindowSpecification(name: name, partition: [], order: [], frame: nil)
    }
    var specification = WindowSpecification(partition: [], order: [], frame: nil)
    if take(words: .partition, .by) {
      specification.partition = try expressions()
    }
    if isWord(.order) { specification.order = try orderBy() }
    if isWord(.rows) || isWord(.range) { specification.frame = try frame() }
    try expect(.rightParenthesis)
    return specification
  }

  @inline(never)
  private mutating func frame() throws(SyntaxError) -> WindowFrame {
    let unit: WindowFrame.Unit = take(word: .rows) ? .rows : .range
    if unit == .range { advance() }
    guard take(word: .between) else {
      return WindowFrame(unit: unit, start: try bound(), end: .currentRow)
    }
    let start = try bound()
    try expect(word: .and)
    return WindowFrame(unit: unit, start: start, end: try bound())
  }

  private mutating func bound() throws(SyntaxError) -> WindowFrame.Bound {
    if take(words: .unbounded, .preceding) { return .unboundedPreceding }
    if take(words: .unbounded, .following) { return .unboundedFollowing }
    if take(words: .current, .row) { return .currentRow }
    let distance = try expression()
    if take(word: .preceding) { return .preceding(distance) }
    try expect(word: .following)
    return .following(distance)
  }
}
