import CleanRoomReport
import Foundation
import Testing

@Suite struct ReportTests {
  private let retail = Report.html(RetailFixture.record)

  @Test func sameRecordGivesSameBytes() {
    for (name, record) in Fixtures.all {
      var other = record
      // Equal, but in another order.
      other.versions = Dictionary(minimumCapacity: 500)
      for (name, version) in record.versions.reversed() { other.versions[name] = version }
      #expect(Report.html(record) == Report.html(other), "\(name)")
    }
  }

  @Test func everyTextIsShownLiterally() {
    let page = Report.html(Fixtures.hostile())
    #expect(page.contains("&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;"))
    #expect(page.contains("[U+202E][U+0000]&amp;amp;"))
    for forbidden in ["<script", "<img", "onerror='", "\u{202E}", "\u{0}"] {
      #expect(!page.contains(forbidden), "\(forbidden)")
    }
    // Every tag of the attacked page is one that the harmless page may have as well.
    #expect(Self.tagNames(page).subtracting(Self.tagNames(retail)).isEmpty)
  }

  @Test func tagsAreBalancedWhateverTheTexts() {
    for (name, record) in Fixtures.all { #expect(Self.firstImbalance(Report.html(record)) == nil, "\(name)") }
  }

  @Test func identifiersAreUniqueAndReferencesHold() {
    for (name, record) in Fixtures.all where name != "hostile" {
      let page = Report.html(record)
      let ids = page.matches(of: /\sid="([^"]*)"/).map { String($0.1) }
      #expect(Set(ids).count == ids.count, "\(name)")
      let targets = page.matches(of: /href="#([^"]*)"/).map { String($0.1) }
      #expect(Set(targets).isSubset(of: Set(ids)), "\(name)")
    }
  }

  @Test func nothingIsLoaded() {
    for (name, record) in Fixtures.all where name != "hostile" {
      let page = Report.html(record)
      for forbidden in ["http:", "https:", "src=", "@import", "url(", "<script", "<link", "javascript:"] {
        #expect(!page.contains(forbidden), "\(name): \(forbidden)")
      }
      #expect(page.contains("default-src 'none'"))
    }
  }

  @Test func saysWhatHappened() {
    #expect(
      retail.contains(
        "All 11 steps went as expected; 11.1\u{A0}MB of decrypted traffic searched, and nothing withheld was found."))
    #expect(retail.contains("21\u{A0}December 2025, 10:03\u{A0}UTC"))
    #expect(retail.contains("It does not prove that disclosure is impossible"))
    #expect(
      retail.contains("cleanroom scenario run Configs/scenarios/retail-campaign.yaml --seed 2025 --capture --isolate"))
    let failed = Report.html(Fixtures.failed)
    #expect(
      failed.contains("7 of 11 steps went as expected: step 9 did not, 3 were not run; 1\u{A0}closing check failed; "))
    #expect(failed.contains("1\u{A0}withheld value found."))
    #expect(failed.contains("rows: 12") && failed.contains("rows: 11"))
    #expect(!failed.contains("Not found."))
    #expect(Report.html(Fixtures.minimal).contains("This run was not captured"))
  }

  /// A leak must not be told in the colours of success, even when no step asked about it.
  @Test func aFindingTurnsTheHeadline() {
    var record = RetailFixture.record
    #expect(Report.html(record).contains("class=\"outcome good\""))
    record.disclosure?.unlisted = ["A batch that no ledger lists."]
    #expect(Report.html(record).contains("class=\"outcome bad\""))
    record.disclosure?.unlisted = []
    record.disclosure?.findings = [
      FindingRecord(party: "partner", table: "t", column: "c", encoding: "hexadecimal", place: "byte 1")
    ]
    #expect(Report.html(record).contains("class=\"outcome bad\""))
    #expect(!Report.html(record).contains("Not found."))
  }

  /// A search for nothing finds nothing; that is no success.
  @Test(arguments: [
    [], [CanaryRecord(party: "partner", table: "t", column: "c", standing: "withheld", values: 9, tooShort: 9)],
  ])
  func anEmptySearchClaimsNothing(_ canaries: [CanaryRecord]) {
    var record = RetailFixture.record
    record.disclosure?.canaries = canaries
    let page = Report.html(record)
    #expect(page.contains("no withheld value could be searched for"))
    #expect(page.contains("says nothing about disclosure") && !page.contains("Not found."))
  }

  @Test func aRefusedQueryThatReleasedIsSaid() {
    var record = RetailFixture.record
    #expect(!Report.html(record).contains("It was refused, and yet"))
    for index in record.steps.indices where record.steps[index].number == "10" {
      record.steps[index].query?.released = [
        ReleaseRecord(party: "retailer", table: "t", columns: [], rows: 1, bytes: 9)
      ]
    }
    #expect(Report.html(record).contains("It was refused, and yet"))
  }

  @Test func marksThePlacesOfReasons() {
    let mark = "<mark><span class=\"keyword\">LEFT</span></mark><a class=\"pin\" id=\"query-10-mark-4\""
    #expect(retail.contains(mark))
    #expect(
      retail.contains("<li id=\"query-10-reason-4\"><a class=\"place\" href=\"#query-10-mark-4\">line 2, column 18</a>")
    )
  }

  /// For looking at: CLEANROOM_REPORTS names a folder.
  @Test(.enabled(if: ProcessInfo.processInfo.environment["CLEANROOM_REPORTS"] != nil))
  func writesThemOut() throws {
    let folder = try #require(ProcessInfo.processInfo.environment["CLEANROOM_REPORTS"])
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for (name, record) in Fixtures.all {
      try Data(Report.html(record).utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name).html"))
    }
  }

  private static func tagNames(_ page: String) -> Set<String> {
    Set(page.matches(of: /<\/?([a-zA-Z0-9]+)/).map { String($0.1) })
  }

  /// The first end tag without its beginning, or the element left open.
  private static func firstImbalance(_ page: String) -> String? {
    let empty: Set<Substring> = ["meta", "br"]
    var open: [Substring] = []
    for tag in page.matches(of: /<(\/?)([a-zA-Z0-9]+)([^>]*)>/) where !empty.contains(tag.2) && !tag.3.hasSuffix("/") {
      if tag.1.isEmpty { open.append(tag.2) } else if open.popLast() != tag.2 { return String(tag.0) }
    }
    return open.last.map { "<\($0)> stays open" }
  }
}
