import CleanRoomAPI

/// Compares what came of a call with what the file expects; nil where they agree. The texts are for the author of the
/// scenario, who sees its parties' results anyway.
enum ExpectationCheck {
  // MARK: Calls

  static func refusal(_ error: APIError, _ expectation: Expectation) -> Mismatch? {
    let reason = error.body["reason"]?.string
    let seen = "\(Self.name(error.type, reason)): \(error.message)"
    guard let expected = expectation.refusal else {
      return Mismatch(expected: "the call to be answered", seen: "it was refused with \(seen)")
    }
    guard error.type == expected.error, expected.reason == nil || expected.reason == reason else {
      return Mismatch(expected: "a refusal with \(Self.name(expected.error, expected.reason))", seen: seen)
    }
    let missing = expected.messages.filter { !error.message.contains($0) }
    guard missing.isEmpty else {
      return Mismatch(expected: "a refusal whose message says \(list(missing.map(quoted)))", seen: seen)
    }
    return nil
  }

  private static func name(_ error: String, _ reason: String?) -> String {
    reason.map { "\(error) (\($0))" } ?? error
  }

  /// Of a call that was answered.
  static func answer(_ output: JSONValue, _ expectation: Expectation) -> Mismatch? {
    if let refusal = expectation.refusal {
      return Mismatch(
        expected: "a refusal with \(name(refusal.error, refusal.reason))", seen: "the call was answered")
    }
    for (path, value) in expectation.output {
      let seen = path.value(in: output)
      guard !same(seen ?? .null, value) else { continue }
      return Mismatch(expected: "\(path) to be \(value.text)", seen: seen?.text ?? "an answer without \(path)")
    }
    return nil
  }

  /// Whole numbers are the same however they are written.
  private static func same(_ left: JSONValue, _ right: JSONValue) -> Bool {
    switch (left, right) {
    case (.integer(let whole), .number(let number)), (.number(let number), .integer(let whole)):
      Double(whole) == number
    default: left == right
    }
  }

  // MARK: Queries

  /// Of a query that ended.
  static func query(_ seen: ObservedQuery, _ expectation: Expectation) -> Mismatch? {
    guard let expected = expectation.query else { return nil }
    return status(seen, expected) ?? result(seen, expected) ?? receivers(seen, expected)
      ?? ReleaseCheck.columns(seen.released, expected.released)
      ?? ReleaseCheck.rows(seen.released, expected.releasedRows)
  }

  private static func status(_ seen: ObservedQuery, _ expected: QueryExpectation) -> Mismatch? {
    let words = seen.error.map { "\(seen.status): \($0)" } ?? seen.status
    guard seen.status == expected.status else { return Mismatch(expected: "status \(expected.status)", seen: words) }
    guard let error = expected.error, seen.error?.contains(error) != true else { return nil }
    return Mismatch(expected: "\(expected.status) with an error that says \(quoted(error))", seen: words)
  }

  private static func result(_ seen: ObservedQuery, _ expected: QueryExpectation) -> Mismatch? {
    let needsTable =
      expected.rows != nil || expected.columns != nil || expected.result != nil || !expected.contains.isEmpty
    guard needsTable else { return nil }
    guard let columns = seen.columns, let rows = seen.rows else {
      return Mismatch(expected: "a result", seen: "no party holds one that can be read as CSV")
    }
    if let wanted = expected.columns, wanted != columns {
      return Mismatch(expected: "the columns \(list(wanted))", seen: list(columns))
    }
    if let wanted = expected.rows, !wanted.allows(rows.count) {
      return Mismatch(expected: "\(wanted) in the result", seen: "\(rows.count)")
    }
    return ResultCheck(columns: columns, rows: rows).mismatch(expected)
  }

  private static func receivers(_ seen: ObservedQuery, _ expected: QueryExpectation) -> Mismatch? {
    guard let wanted = expected.receivers, Set(wanted) != Set(seen.receivers) else { return nil }
    return Mismatch(
      expected: "the result at \(list(wanted.sorted())) and at nobody else",
      seen: seen.receivers.isEmpty ? "nobody holds it" : "it is at \(list(seen.receivers.sorted()))")
  }

  // MARK: Words

  static func list(_ words: [String]) -> String { words.isEmpty ? "none" : words.joined(separator: ", ") }

  static func quoted(_ text: String) -> String { "“\(text)”" }
}

extension CountExpectation: CustomStringConvertible {
  func allows(_ count: Int) -> Bool { (minimum...maximum).contains(count) }

  public var description: String {
    switch (minimum, maximum) {
    case (let low, let high) where low == high: "exactly \(low) row\(low == 1 ? "" : "s")"
    case (let low, .max): "at least \(low) rows"
    case (0, let high): "at most \(high) rows"
    default: "\(minimum) to \(maximum) rows"
    }
  }
}
