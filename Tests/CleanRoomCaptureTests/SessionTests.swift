import CleanRoomModel
import CleanRoomReport
import CleanRoomWire
import Foundation
import Logging
import Testing

@testable import CleanRoomCapture
@testable import CleanRoomTransport

/// One after the other: the key log is named in the environment of the process.
@Suite(.serialized) struct SessionTests {
  /// One email of the table.
  private static let email = "person.\(77 * 7919)@mail.example"

  @Test func anHonestRunIsClean() async throws {
    let scratch = try await SessionFixture.run { fixture in
      let query = QueryID.random()
      let batches = (0..<3).map { SessionFixture.batch($0) }
      for (number, batch) in batches.enumerated() { try fixture.list(batch, number, of: query) }
      try await fixture.release(batches, of: query)
      let notice = try WireJSON.encode(QueryNotice(query: query))
      _ = try await fixture.client.request(MessageKind.queryOutcome, notice, timeout: .seconds(5))
    }
    let record = try await SessionFixture.judge(scratch)
    #expect(record.isClean && record.findings == [] && record.unlisted == [])
    #expect(record.listedBatches == 3 && record.links[0].connections == 2)
    #expect(record.links[0].clearBytesSent > 300 && record.links[0].bytesSent > record.links[0].clearBytesSent)
    let email = try #require(record.canaries.first { $0.column == "email" })
    #expect(email.standing == "identifier" && email.values == 2000 && email.tooShort == 0)
    let visits = try #require(record.canaries.first { $0.column == "visits" })
    #expect(visits.standing == "withheld" && visits.values == 3 && visits.tooShort == 3)
    #expect(!record.canaries.contains { $0.column == "city" })
  }

  @Test func aCellInAMessageIsFound() async throws {
    let scratch = try await SessionFixture.run { fixture in
      let digits = Array(Hex.encode(Array(Self.email.utf8)).utf8)
      _ = try await fixture.client.request(MessageKind.call, digits, timeout: .seconds(5))
    }
    let record = try await SessionFixture.judge(scratch)
    let finding = try #require(record.findings.first)
    #expect(finding.column == "email" && finding.encoding == "hexadecimal of UTF-8")
    #expect(finding.place.hasPrefix("Connection 1 of acme, sent, byte "))
    #expect(!record.isClean)
  }

  /// What the party may send is not taken for a leak, though other cells of its hold the same.
  @Test func whatIsPermittedIsLeftOut() async throws {
    let scratch = try await SessionFixture.run { fixture in
      let query = QueryID.random()
      let batch = SessionFixture.batch(0, cities: Array(repeating: "Oslo", count: 500))
      try fixture.list(batch, 0, of: query, rows: 500)
      try await fixture.release([batch], of: query)
    }
    let path = scratch.path + "/people.csv"
    let rows = (0..<500).map { "person.\($0)@mail.example,Oslo,OsloOsloOslo" }
    try Data("email,city,note\n\(rows.joined(separator: "\n"))\n".utf8).write(to: URL(fileURLWithPath: path))
    let record = try await SessionFixture.judge(scratch)
    #expect(record.findings == [])
    #expect(record.canaries.first { $0.column == "note" }?.excluded ?? 0 > 0)
    #expect(record.canaries.first { $0.column == "email" }?.excluded == 0)
  }

  @Test func batchesAndLedgerMustAgree() async throws {
    let scratch = try await SessionFixture.run { fixture in
      let query = QueryID.random()
      let batches = (0..<3).map { SessionFixture.batch($0) }
      try fixture.list(batches[0], 0, of: query)
      try fixture.list(batches[2], 2, of: query)
      try await fixture.release([batches[0], batches[0], batches[1]], of: query)
    }
    let record = try await SessionFixture.judge(scratch)
    let unlisted = record.unlisted.joined(separator: "\n")
    #expect(record.unlisted.count == 3 && record.listedBatches == 1)
    #expect(unlisted.contains("a batch of people that the ledger does not list"))
    #expect(unlisted.contains("acme: the ledger lists batch 2 of people"))
  }

  @Test func onlyTheLastBatchOfACutConnectionMayBeMissing() async throws {
    let scratch = try await SessionFixture.run { fixture in
      let query = QueryID.random()
      let batches = (0..<2).map { SessionFixture.batch($0) }
      for number in 0..<4 {
        try fixture.list(number < 2 ? batches[number] : SessionFixture.batch(number), number, of: query)
      }
      try await fixture.release(batches, of: query, finishing: false)
    }
    let record = try await SessionFixture.judge(scratch)
    #expect(record.listedBatches == 2 && record.unlisted.count == 1)
  }

  @Test(arguments: ["query-outcome", "gossip", "call"]) func aMessageThatHoldsMoreIsUnlisted(_ kind: String)
    async throws
  {
    let scratch = try await SessionFixture.run { fixture in
      let text = #"{"note":"x9Q","query":"\#(QueryID.random().value)"}"#
      _ = try await fixture.client.request(kind, Array(text.utf8), timeout: .seconds(5))
    }
    let record = try await SessionFixture.judge(scratch)
    #expect(record.unlisted.count == 1 && record.unlisted[0].contains("a request that is not what its kind says"))
  }

  @Test func nothingDamagedPassesForClean() async throws {
    let scratch = try await SessionFixture.run { fixture in
      let query = QueryID.random()
      let batch = SessionFixture.batch(0)
      try fixture.list(batch, 0, of: query)
      try await fixture.release([batch], of: query)
    }
    let capture = CaptureFolder(path: scratch.path + "/capture")
    #expect(try await SessionFixture.judge(scratch).isClean)
    let sent = capture.connection(party: "acme", number: 1, sent: true)
    let (end, keys) = (capture.end(party: "acme", number: 1), capture.keyLog(party: "acme"))
    let damages: [(String, (Data) -> Data?)] = [
      (sent, { _ in nil }), (sent, { $0.dropLast(30) }),
      (sent, { $0.prefix($0.count - 9) + [$0[$0.count - 9] ^ 1] + $0.suffix(8) }),
      (end, { _ in nil }), (end, { $0.dropLast() }), (keys, { _ in nil }), (keys, Self.withoutTraffic),
      (scratch.path + "/ledger.sqlite", { _ in nil }), (scratch.path + "/people.csv", { _ in nil }),
    ]
    for (path, damage) in damages {
      let url = URL(fileURLWithPath: path)
      let whole = try Data(contentsOf: url)
      try FileManager.default.removeItem(atPath: path)
      try damage(whole)?.write(to: url)
      await #expect(throws: CaptureError.self) { try await SessionFixture.judge(scratch) }
      try whole.write(to: url)
    }
    #expect(try await SessionFixture.judge(scratch).isClean)
  }

  /// Other tests' links may have added lines to the log.
  private static func withoutTraffic(_ keyLog: Data) -> Data {
    let lines = String(decoding: keyLog, as: UTF8.self).split(separator: "\n")
    return Data(lines.filter { !$0.hasPrefix("CLIENT_TRAFFIC_SECRET_0 ") }.map { $0 + "\n" }.joined().utf8)
  }

  @Test func withoutTheVariableNoSecretIsWritten() async throws {
    let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    let scratch = try await SessionFixture.run { _ in }
    let path = CaptureFolder(path: scratch.path + "/capture").keyLog(party: "acme")
    #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)
    #expect(try String(contentsOfFile: path, encoding: .utf8).contains("CLIENT_TRAFFIC_SECRET_0 "))
    unsetenv(LinkKeyLog.variable)
    #expect(LinkKeyLog.fromEnvironment(quiet) == nil)
    setenv(LinkKeyLog.variable, "", 1)
    #expect(LinkKeyLog.fromEnvironment(quiet) == nil)
    // Not into a file that others can read, nor through a link.
    let open = scratch.path + "/open.log"
    try Data().write(to: URL(fileURLWithPath: open))
    chmod(open, 0o644)
    #expect(LinkKeyLog(path: open) == nil)
    symlink(path, scratch.path + "/link.log")
    #expect(LinkKeyLog(path: scratch.path + "/link.log") == nil)
  }
}
