/// The first page: what was tried, how it ended, and the key figures.
struct Headline {
  private let record: RunRecord
  private let outcome: Outcome

  init(_ record: RunRecord) {
    self.record = record
    outcome = Outcome(record)
  }

  var markup: Markup {
    """
    <header class="head">
    <p class="eyebrow">Cleanroom <span>Report of a run</span></p>
    <h1>\(record.title)</h1>
    \(story)<p class="outcome \(outcome.isGood ? "good" : "bad")">\(Page.sign(outcome.isGood)) \
    <span>\(outcome.sentence)</span></p>
    <dl class="figures">
    \(figures)</dl>
    <p class="when">\(when)</p>
    </header>

    """
  }

  private var story: Markup {
    let paragraphs = record.story.split(separator: "\n\n").map { "<p class=\"lede\">\(String($0))</p>\n" as Markup }
    return paragraphs.joined()
  }

  private var when: Markup {
    let time: Markup =
      CivilTime(seconds: record.startedAt).map { time in
        "<time datetime=\"\(time.machine)\">\(time.date), \(time.clock)</time>, "
      } ?? ""
    return "Run on \(time)in \(Numbers.duration(record.seconds))."
  }

  private var figures: Markup {
    var all: [(name: String, figure: String)] = [
      ("parties", Numbers.grouped(record.parties.count)),
      ("steps as expected", "\(Numbers.grouped(outcome.met))\u{202F}/\u{202F}\(Numbers.grouped(record.steps.count))"),
    ]
    let queries = outcome.queries
    if !queries.isEmpty {
      all.append(("queries permitted", Numbers.grouped(queries.count { $0.isPermitted })))
      all.append(("queries refused", Numbers.grouped(queries.count { !$0.isPermitted })))
    }
    if let disclosure = record.disclosure, let bytes = outcome.searchedBytes {
      all.append(("searched", Numbers.bytes(bytes)))
      all.append(("withheld values found", Numbers.grouped(disclosure.findings.count)))
    }
    return all.map { "<div><dt>\($0.name)</dt><dd>\($0.figure)</dd></div>\n" as Markup }.joined()
  }
}
