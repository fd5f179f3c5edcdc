import Testing

@testable import CleanRoomSQL

@Suite struct ParserTests {
  private func select(_ text: String) throws -> Select {
    guard case .select(let select) = try SQLParser.parse(text).body else {
      throw SyntaxError(message: "not a SELECT", position: .start)
    }
    return select
  }

  private func expression(_ text: String) throws -> Expression.Node {
    try select("SELECT " + text).items[0].expression.node
  }

  private func column(_ name: String) -> Expression {
    Expression(.column(qualifier: nil, name: Identifier(name: name)))
  }

  private func number(_ digits: String) -> Expression { Expression(.literal(.integer(digits))) }

  @Test func operatorsBindAsInSpark() throws {
    #expect(
      try expression("a + b * c")
        == .arithmetic(
          .add, column("a"), Expression(.arithmetic(.multiply, column("b"), column("c")))))
    #expect(
      try expression("a - b - c")
        == .arithmetic(
          .subtract, Expression(.arithmetic(.subtract, column("a"), column("b"))), column("c")))
    #expect(
      try expression("NOT a = 1 AND b OR c")
        == .or([
          Expression(
            .and([Expression(.not(Expression(.compare(.equal, column("a"), number("1"))))), column("b")])),
          column("c"),
        ]))
    #expect(
      try expression("-a * b") == .arithmetic(.multiply, Expression(.negate(column("a"))), column("b")))
  }

  @Test func chainsOfAndAreOneNode() throws {
    #expect(try expression("a AND b AND c") == .and([column("a"), column("b"), column("c")]))
    #expect(
      try expression("(a AND b) AND c") == .and([Expression(.and([column("a"), column("b")])), column("c")]))
  }

  @Test func predicates() throws {
    #expect(
      try expression("a NOT BETWEEN 1 AND 2 AND b")
        == .and([
          Expression(.between(column("a"), low: number("1"), high: number("2"), negated: true)), column("b"),
        ]))
    #expect(
      try expression("a NOT IN (1, 2)") == .inList(column("a"), [number("1"), number("2")], negated: true))
    #expect(try expression("a IS NOT NULL") == .isNull(column("a"), negated: true))
    #expect(
      try expression("a IS DISTINCT FROM 1") == .isDistinctFrom(column("a"), number("1"), negated: false))
    let pattern = Expression(.literal(.string("x%")))
    #expect(
      try expression("a LIKE 'x%'")
        == .like(.like, column("a"), pattern: pattern, escape: nil, negated: false))
    guard case .inSubquery = try expression("a IN (SELECT 1)") else {
      Issue.record("IN with a query")
      return
    }
  }

  @Test func callsKeepEverythingThatWasWritten() throws {
    guard case .function(let call) = try expression("sum(DISTINCT a) FILTER (WHERE b) OVER (PARTITION BY c)")
    else {
      Issue.record("not a call")
      return
    }
    #expect(call.name.name == "sum" && call.isDistinct && call.filter == column("b"))
    #expect(call.window?.partition == [column("c")])
    guard case .function(let trim) = try expression("TRIM(LEADING FROM a)") else {
      Issue.record("not a call")
      return
    }
    #expect(trim.modifier == "LEADING" && trim.arguments == [column("a")])
  }

  @Test func joinsLeanToTheLeft() throws {
    let select = try select("SELECT 1 FROM a JOIN b ON x LEFT JOIN c USING (k, l)")
    guard case .join(let outer) = select.from[0], case .join(let inner) = outer.left else {
      Issue.record("not joins")
      return
    }
    #expect(outer.kind == .left && outer.condition == .using([Identifier(name: "k"), Identifier(name: "l")]))
    #expect(inner.kind == .inner && inner.condition == .on(column("x")))
  }

  @Test func everyClauseIsKept() throws {
    let query = try SQLParser.parse(
      """
      WITH w AS (SELECT 1) SELECT DISTINCT a AS b FROM t WHERE c GROUP BY ROLLUP(a), GROUPING SETS ((a), ())
      HAVING d QUALIFY e WINDOW v AS (PARTITION BY a) ORDER BY f DESC NULLS LAST LIMIT 5 OFFSET 6
      """)
    guard case .select(let select) = query.body else {
      Issue.record("not a SELECT")
      return
    }
    #expect(query.with.count == 1 && query.limit == number("5") && query.offset == number("6"))
    #expect(query.order.map(\.descending) == [true] && query.order.map(\.nullsFirst) == [false])
    #expect(select.isDistinct && select.filter == column("c") && select.having == column("d"))
    #expect(select.qualify == column("e") && select.windows.count == 1 && select.grouping.count == 2)
  }

  @Test func setOperationsBindAsInSpark() throws {
    guard
      case .operation(.union, let all, _, let right, _) = try SQLParser.parse(
        "SELECT 1 UNION ALL SELECT 2 INTERSECT SELECT 3"
      ).body, case .operation(.intersect, _, _, _, _) = right
    else {
      Issue.record("not a union of an intersection")
      return
    }
    #expect(all)
  }

  @Test(arguments: [
    ("", "empty"), ("   -- nothing", "empty"), ("INSERT INTO t VALUES (1)", "INSERT is not"),
    ("DROP TABLE t", "DROP is not"),
    ("SELECT 1; SELECT 2", "only one SELECT"), ("SELECT", "expression"), ("SELECT 1 FROM", "table name"),
    ("SELECT a b c", "should end"), ("SELECT (1", "Expected ')'"), ("SELECT f(", "expression"),
    ("SELECT CASE a END", "WHEN"), ("SELECT 1 FROM a JOIN LATERAL b", "LATERAL"),
    ("FROM t SELECT 1", "Expected SELECT"),
    ("SELECT 1 FROM f(x)", "function cannot"), ("SELECT a.b.c", "at most one table"),
    ("SELECT 1 FROM t WHERE", "expression"),
  ])
  func mistakesAreNamed(_ text: String, _ part: String) {
    #expect { try SQLParser.parse(text) } throws: { error in
      (error as? SyntaxError)?.message.contains(part) == true
    }
  }

  @Test func statementsAreToldFromMistakes() {
    func kind(_ text: String) -> SyntaxError.Kind? {
      do throws(SyntaxError) {
        _ = try SQLParser.parse(text)
        return nil
      } catch { return error.kind }
    }
    #expect(kind("COPY t TO '/tmp/x'") == .otherStatement)
    #expect(kind("SELECT FROM") == .wrong)
    #expect(kind(String(repeating: "(", count: 5000)) == .limit)
  }
}
