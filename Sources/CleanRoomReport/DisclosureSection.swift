/// What was captured on the wire, what was searched for, and what was found.
struct DisclosureSection {
  private let record: RunRecord
  private let names: Names

  init(_ record: RunRecord, names: Names) {
    self.record = record
    self.names = names
  }

  var markup: Markup {
    guard let disclosure = record.disclosure else {
      return """
        <p>This run was not captured, so this report claims nothing about the bytes that crossed the network. \
        Run it again with <code>--capture</code> for that.</p>

        """
    }
    return verdict(disclosure) + "<p>\(disclosure.method)</p>\n" + searched(disclosure) + links(disclosure)
      + ledgers(disclosure)
  }

  private func verdict(_ disclosure: DisclosureRecord) -> Markup {
    let outcome = Outcome(record)
    let values = Numbers.count(outcome.searchedValues, "different value")
    let bytes = Numbers.bytes(outcome.searchedBytes ?? 0)
    guard disclosure.findings.isEmpty else { return findings(disclosure.findings) }
    if outcome.searchedValues == 0 {
      return "<p class=\"alert\">No value was searched for, so the search says nothing about disclosure.</p>\n"
    }
    return """
      <p class="statement"><strong>Not found.</strong> None of \(values) of withheld columns and identifiers was found in \
      \(bytes) of decrypted traffic, in any of the \(Numbers.count(disclosure.encodings.count, "encoding")) below.</p>
      <p class="note">This is what a search can show. It does not prove that disclosure is impossible: a value in another \
      encoding, or spread over timing and sizes, would not be seen.</p>

      """
  }

  private func findings(_ findings: [FindingRecord]) -> Markup {
    let rows = findings.map { finding -> Markup in
      """
      <tr><th scope="row">\(names[finding.party])</th><td><code>\(finding.table).\(finding.column)</code></td>\
      <td>\(finding.encoding)</td><td>\(finding.place)</td></tr>

      """
    }
    let table: Markup = """
      <table><thead><tr><th scope="col">Owner</th><th scope="col">Column</th><th scope="col">Encoding</th>\
      <th scope="col">Where</th></tr></thead><tbody>
      \(rows)</tbody></table>
      """
    return """
      <p class="alert"><strong>Found.</strong> \(Numbers.count(findings.count, "withheld value")) crossed the wire. \
      The values themselves are not shown.</p>
      \(Page.scrolling("Withheld values found", table))
      """
  }

  private func searched(_ disclosure: DisclosureRecord) -> Markup {
    guard !disclosure.canaries.isEmpty else { return "" }
    let rows = disclosure.canaries.map { canary -> Markup in
      """
      <tr><th scope="row">\(names[canary.party])</th><td><code>\(canary.table).\(canary.column)</code></td>\
      <td>\(canary.standing)</td><td class="number">\(Numbers.grouped(canary.values))</td>\
      <td class="number">\(Numbers.grouped(canary.tooShort))</td></tr>

      """
    }
    let table: Markup = """
      <table><thead><tr><th scope="col">Owner</th><th scope="col">Column</th><th scope="col">Why it may not leave</th>\
      <th scope="col" class="number">Different values</th><th scope="col" class="number">Too short to search alone</th>\
      </tr></thead><tbody>
      \(rows)</tbody></table>
      """
    let encodings = disclosure.encodings.map { "<li>\($0)</li>" as Markup }
    return """
      <h3>Searched for</h3>
      \(Page.scrolling("Columns searched for", table))
      <h3>In these encodings</h3>
      <ul class="run-in">\(encodings)</ul>

      """
  }

  private func links(_ disclosure: DisclosureRecord) -> Markup {
    let rows = disclosure.links.map { link -> Markup in
      """
      <tr><th scope="row">\(names[link.party])</th><td class="number">\(Numbers.grouped(link.connections))</td>\
      \([link.bytesSent, link.bytesReceived, link.clearBytesSent, link.clearBytesReceived].map(Self.figure))</tr>

      """
    }
    let table: Markup = """
      <table><thead><tr><th scope="col">Party</th><th scope="col" class="number">Connections</th>\
      <th scope="col" class="number">Sent, encrypted</th><th scope="col" class="number">Received, encrypted</th>\
      <th scope="col" class="number">Sent, searched</th><th scope="col" class="number">Received, searched</th></tr></thead>\
      <tbody>
      \(rows)</tbody></table>
      """
    return """
      <h3>In these bytes</h3>
      \(Page.scrolling("Bytes captured", table))<p class="note">Bytes. The search took \
      \(Numbers.duration(disclosure.seconds)).</p>

      """
  }

  private static func figure(_ bytes: Int) -> Markup { "<td class=\"number\">\(Numbers.grouped(bytes))</td>" }

  private func ledgers(_ disclosure: DisclosureRecord) -> Markup {
    let listed: Markup = """
      <h3>Compared with the ledgers</h3>
      <p>\(Numbers.count(disclosure.listedBatches, "batch", "batches")) of released data, \
      \(Numbers.bytes(disclosure.listedBytes)), are in the capture and in the owners’ ledgers alike.
      """
    guard !disclosure.unlisted.isEmpty else { return listed + " Nothing was sent that no ledger lists.</p>\n" }
    let items = disclosure.unlisted.map { "<li>\($0)</li>\n" as Markup }
    return listed + "</p>\n<p class=\"alert\">This was sent and is in no ledger:</p>\n<ul>\n\(items)</ul>\n"
  }
}
