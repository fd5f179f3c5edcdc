/// Checks a query against the rule of every table it touches.
public enum QueryPolicy {
  /// - Parameter sql: hostile text.
  public static func check(sql: String, in context: PolicyContext) -> Verdict {
    .refused([RefusalReason(code: .unsupportedConstruct, message: "Not built yet.", position: nil)])
  }
}
