/// One protected query: its text, the verdict, the plan, what left, and what came of it.
struct QuerySection {
  private let step: StepRecord
  private let query: QueryRecord
  private let names: Names
  private let id: String

  init(_ step: StepRecord, query: QueryRecord, names: Names) {
    self.step = step
    self.query = query
    self.names = names
    id = Self.anchor(step)
  }

  /// The element's identifier; step numbers are `4` or `4.2`.
  static func anchor(_ step: StepRecord) -> String {
    "query-"
      + step.number.unicodeScalars.map { $0.properties.isAlphabetic || ("0"..."9").contains($0) ? "\($0)" : "-" }
      .joined()
  }

  var markup: Markup {
    """
    <article class="query" id="\(id)" aria-labelledby="\(id)-title">
    <h3 id="\(id)-title"><span class="ordinal">Step \(step.number)</span> \(step.title)</h3>
    <p class="verdict">\(verdict) Asked by \(names[query.runner])\(receivers).\(identifier)</p>
    \(SQLMarkup(query.sql, reasons: query.reasons, prefix: id).block)
    \(query.isPermitted ? permitted : refused)\(Page.deviation(step))</article>

    """
  }

  private var verdict: Markup {
    guard query.isPermitted else { return "<strong class=\"tag bad\">Refused</strong>" }
    let status: Markup =
      query.status.map { "<strong class=\"tag \($0 == "SUCCESS" ? "plain" : "bad")\">\($0)</strong>" } ?? ""
    return "<strong class=\"tag good\">Permitted</strong> \(status)"
  }

  private var receivers: Markup {
    query.receivers.isEmpty
      ? "" : "\(query.isPermitted ? "" : ", results were meant") for \(names.list(query.receivers))"
  }

  private var identifier: Markup { query.id.map { " <span class=\"soft id\">Query <code>\($0)</code></span>" } ?? "" }

  // MARK: Refused

  private var refused: Markup {
    let reasons = query.reasons.enumerated().map { index, reason -> Markup in
      let place: Markup =
        reason.line.map { line in
          let column: Markup = reason.column.map { ", column \($0)" } ?? ""
          return "<a class=\"place\" href=\"#\(id)-mark-\(index + 1)\">line \(line)\(column)</a> "
        } ?? ""
      return "<li id=\"\(id)-reason-\(index + 1)\">\(place)\(reason.message)</li>\n"
    }
    let list: Markup = reasons.isEmpty ? "" : "<h4>Why it was refused</h4>\n<ol class=\"reasons\">\n\(reasons)</ol>\n"
    let error: Markup = reasons.isEmpty ? query.error.map { "<p>\($0)</p>\n" } ?? "" : ""
    let nothing: Markup = "<p class=\"note\">A refused query reads no row: nothing left any owner for it.</p>\n"
    let something: Markup = "<p class=\"alert\">It was refused, and yet the owners’ ledgers list what follows.</p>\n"
    return list + error + (query.released.isEmpty ? nothing : something + released)
  }

  // MARK: Permitted

  private var permitted: Markup {
    let error: Markup = query.error.map { "<p class=\"alert\">It did not succeed: \($0)</p>\n" } ?? ""
    return error + released + thresholds + plan + result
  }

  private var released: Markup {
    guard let figure = Flow(query, names: names, id: id).figure else {
      return "<p class=\"note\">The owners’ ledgers list no release for this query.</p>\n"
    }
    return "<h4>What left each owner</h4>\n\(figure)"
  }

  private var thresholds: Markup {
    guard !query.thresholds.isEmpty else { return "" }
    let items = query.thresholds.map { threshold -> Markup in
      """
      <li>at least <strong>\(Numbers.grouped(threshold.minimum))</strong> different values of \
      <code>\(threshold.table).\(threshold.column)</code></li>

      """
    }
    return """
      <h4>Thresholds</h4>
      <p>Behind every row of the result stand:</p>
      <ul>
      \(items)</ul>

      """
  }

  private var plan: Markup {
    let owners = query.plan.map { release -> Markup in
      let columns = release.columns.map {
        "\($0.name.isEmpty ? "(a row is there)" : $0.name) as \($0.kind.uppercased())"
      }
      return """
        <h5>\(names[release.party]) runs, for \(release.table)</h5>
        \(SQLMarkup(release.sql).block)
        <p class="note">It would release \(columns.isEmpty ? "no column" : columns.joined(separator: ", ")).</p>

        """
    }
    let combination: Markup =
      query.combination.map { "<h5>The coordinator combines</h5>\n\(SQLMarkup($0).block)\n" } ?? ""
    guard !owners.isEmpty || query.combination != nil else { return "" }
    return """
      <details class="plan"><summary>The plan: what each owner’s engine runs, and how it is combined</summary>
      \(owners)\(combination)</details>

      """
  }

  private var result: Markup {
    guard let result = query.result else { return "" }
    let groups = query.thresholds.isEmpty ? "row" : "group"
    let rest: Markup =
      switch (query.thresholds.isEmpty, result.totalRows == 0) {
      case (true, _): ""
      case (false, false): " Groups below a threshold are left out without a trace, so their number is not known."
      case (false, true): " Either nothing matched or no group reached the threshold; the two look the same."
      }
    return """
      <h4>Result</h4>
      <p><strong>\(Numbers.count(result.totalRows, groups)) returned</strong> to \(names.list(query.receivers)).\(rest)</p>
      \(ResultTable(result).markup)
      """
  }
}
