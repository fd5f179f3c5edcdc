import CleanRoomSQL

/// Checks a query against the rule of every table it touches.
///
/// Every construct of the tree is claimed by a rule or refused: new syntax starts out forbidden. The check reads no
/// data and is the same on every machine.
public enum QueryPolicy {
  /// - Parameter sql: hostile text.
  public static func check(sql: String, in context: PolicyContext) -> Verdict {
    do throws(SyntaxError) {
      let query = try SQLParser.parse(sql)
      if CustomChecker.applies(to: query, in: context) {
        return CustomChecker(sql: sql, context: context).check(query)
      }
      var checker = QueryChecker(sql: sql, context: context)
      return checker.check(query)
    } catch {
      return .refused([RefusalReason(code: code(of: error), message: error.message, position: error.position)]
      )
    }
  }

  private static func code(of error: SyntaxError) -> RefusalReason.Code {
    switch error.kind {
    case .wrong: .syntax
    case .limit: .limitExceeded
    case .otherStatement: .notASelect
    }
  }
}
