/// What stands at the end: checks, ledgers, how to repeat the run, and what it does not show.
struct ClosingSections {
  private let record: RunRecord
  private let names: Names

  init(_ record: RunRecord, names: Names) {
    self.record = record
    self.names = names
  }

  // MARK: Checks and ledgers

  var checks: Markup { closingChecks + ledgers }

  private var closingChecks: Markup {
    guard !record.checks.isEmpty else { return "<p>The scenario asks for no closing check.</p>\n" }
    let rows = record.checks.map { check -> Markup in
      let outcome: Markup =
        switch check.outcome {
        case .met: "\(Page.sign(true)) met"
        case .unmet: "\(Page.sign(false)) not met"
        case .notRun: "not run"
        }
      return """
        <tr><th scope="row">\(check.name)</th><td class="outcome-mark">\(outcome)</td><td>\(check.detail)</td></tr>

        """
    }
    let table: Markup = """
      <table><thead><tr><th scope="col">Check</th><th scope="col">Outcome</th><th scope="col">Seen</th></tr></thead><tbody>
      \(rows)</tbody></table>
      """
    return Page.scrolling("Closing checks", table)
  }

  private var ledgers: Markup {
    guard !record.ledgers.isEmpty else { return "" }
    let rows = record.ledgers.map { ledger -> Markup in
      """
      <tr><th scope="row">\(names[ledger.party])</th><td class="number">\(Numbers.grouped(ledger.lines))</td>\
      <td class="outcome-mark">\(Page.sign(ledger.isIntact)) \(ledger.isIntact ? "intact" : "broken")</td>\
      <td><code class="hash">\(ledger.head)</code></td></tr>

      """
    }
    let table: Markup = """
      <table><thead><tr><th scope="col">Party</th><th scope="col" class="number">Lines</th><th scope="col">Chain</th>\
      <th scope="col">Hash of the last line</th></tr></thead><tbody>
      \(rows)</tbody></table>
      """
    return """
      <h3>Release ledgers</h3>
      <p>Every owner writes a line to its own ledger before anything leaves. Each line holds the hash of the one before \
      it, so a head vouches for all that stands above it: note the heads, and a later change within a ledger shows.</p>
      \(Page.scrolling("Heads of the release ledgers", table))
      """
  }

  // MARK: Repeat

  var repetition: Markup {
    let versions = record.versions.sorted { ($0.key.lowercased(), $0.key) < ($1.key.lowercased(), $1.key) }.map {
      name, version -> Markup in
      "<div><dt>\(name)</dt><dd>\(version)</dd></div>\n"
    }
    return """
      <p>The same program, scenario file and seed make the same data and take the same steps. Times, identifiers and keys \
      differ from run to run.</p>
      <pre class="command"><code>\(command)</code></pre>
      <dl class="facts">
      <div><dt>Scenario file</dt><dd><code>\(record.file)</code></dd></div>
      <div class="whole"><dt>SHA-256 of the file</dt><dd><code class="hash">\(record.fileSHA256)</code></dd></div>
      <div><dt>Seed</dt><dd><code>\(String(record.seed))</code></dd></div>
      <div><dt>Isolation</dt><dd>\(isolation)</dd></div>
      \(versions)</dl>

      """
  }

  private var isolation: String {
    record.isIsolated
      ? "each daemon in a network namespace and under a user of its own"
      : "daemons as processes of one user on one machine"
  }

  private var command: String {
    var words = ["cleanroom", "scenario", "run", Self.quoted(record.file), "--seed", String(record.seed)]
    if record.disclosure != nil { words.append("--capture") }
    if record.isIsolated { words.append("--isolate") }
    return (words + ["--report", "report.html"]).joined(separator: " ")
  }

  /// As a POSIX shell takes it for one word.
  private static func quoted(_ word: String) -> String {
    let isPlain = !word.isEmpty && word.utf8.allSatisfy { "/._-+".utf8.contains($0) || isAlphanumeric($0) }
    return isPlain
      ? word : "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
  }

  // MARK: Limits

  static let limits: Markup = """
    <p>The coordinator is trusted to apply the final thresholds, and it sees in clear the permitted columns that a query \
    needs. Match tokens are keyed hashes, fresh for every query; this is not private set intersection, and a coordinator \
    that colludes with a member can try guessed identifiers against them. Thresholds do not stop someone who combines many \
    permitted answers to single out a person.</p>

    """
}
