import CleanRoomReport
import CleanRoomStore
import Foundation

/// What became of one party's recordings.
struct PartyVerdict: Sendable {
  var link: LinkRecord
  var findings: [FindingRecord] = []
  var unlisted: [String] = []
  var batches = 0
  var bytes = 0
}

/// Reads one party's connections, each once. What a party sent is searched for its own cells. What it received is
/// searched for those of the others, but in the coordinator's own words any short text occurs: there only byte strings of
/// sixteen bytes and more count. Shorter ones had to pass their owner's link before, and count there.
struct PartyJudge {
  private static let shortestReceived = 16

  private let party: String
  private var tally: LedgerTally
  private var verdict: PartyVerdict

  init(party: String, entries: [LedgerEntry]) {
    self.party = party
    tally = LedgerTally(party: party, entries: entries)
    verdict = PartyVerdict(
      link: LinkRecord(
        party: party, connections: 0, bytesSent: 0, bytesReceived: 0, clearBytesSent: 0, clearBytesReceived: 0))
  }

  mutating func judge(_ folder: CaptureFolder, _ keyLog: KeyLog, _ findings: Findings) throws -> PartyVerdict {
    for number in try folder.connections(party: party) {
      let connection = try DecryptedConnection(number, of: party, in: folder, keyLog: keyLog)
      verdict.link.connections += 1
      verdict.link.bytesSent += connection.size.sent
      verdict.link.bytesReceived += connection.size.received
      var audit = LinkAudit(DecryptedConnection.place(party, number))
      // What others gave away would come back in what the coordinator sends.
      verdict.link.clearBytesReceived += try read(connection, sent: false, findings) { audit.takeReceived($0) }
      verdict.link.clearBytesSent += try read(connection, sent: true, findings) { audit.takeSent($0, &tally) }
      audit.finish(&tally)
      verdict.unlisted += audit.unlisted
    }
    verdict.findings = findings.records
    verdict.unlisted += tally.missing
    (verdict.batches, verdict.bytes) = (tally.batches, tally.bytes)
    return verdict
  }

  /// - Returns: how many bytes were searched.
  private func read(
    _ connection: DecryptedConnection, sent isSent: Bool, _ findings: Findings, _ body: (Data) -> Void
  ) throws -> Int {
    let party = party
    let name = "\(DecryptedConnection.place(party, connection.number)), \(isSent ? "sent" : "received")"
    let isMeant: (String) -> Bool = { isSent ? $0 == party : $0 != party }
    let shortest = isSent ? Fingerprint.minimum : Self.shortestReceived
    var application = findings.search(name, shortest: shortest, isMeant)
    var handshake = findings.search("\(name), handshake", shortest: shortest, isMeant)
    var count = 0
    try connection.read(sent: isSent) { text in
      count += text.application.count + text.handshake.count
      application.take(text.application)
      handshake.take(text.handshake)
      body(text.application)
    }
    application.finish()
    handshake.finish()
    return count
  }
}
