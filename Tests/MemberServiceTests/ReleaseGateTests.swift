import CleanRoomMatching
import CleanRoomModel
import CleanRoomStore
import CleanRoomWire
import Foundation
import Synchronization
import Testing

@testable import CleanRoomPlanning
@testable import MemberService

/// Notes what the ledger says at the moment that bytes are handed over.
private final class WatchingChannel: ReleaseChannel {
  let ledger: ReleaseLedger
  let sent = Mutex<[(bytes: [UInt8], ledgerBytes: Int)]>([])

  init(_ ledger: ReleaseLedger) { self.ledger = ledger }

  func send(_ payload: [UInt8]) async throws {
    let recorded = try ledger.summaries().map(\.bytes).reduce(0, +)
    sent.withLock { $0.append((payload, recorded)) }
  }
}

@Suite struct ReleaseGateTests {
  private let consortium: TestConsortium
  private let room: TestCollaboration
  private let path: String

  init() throws {
    consortium = try TestConsortium()
    room = try TestCollaboration(consortium)
    path = consortium.folder + "/ledger.sqlite"
  }

  private static let hash = KeyNormalizer.sha256Hex("planted@example.com")

  private func batch() throws -> ReleasedBatch {
    let fragment = Fragment(
      table: "ad_impressions", owner: Accounts.partner, gatheredTable: "t0",
      columns: [
        FragmentColumn(column: "channel", type: .string, use: .value(.string), gatheredName: "c0"),
        FragmentColumn(
          column: "hashed_email", type: .string, use: .token(domain: "1", form: .sha256Hex),
          gatheredName: "c1"),
      ], filter: [])
    let request = room.request()
    let judgement = Judgement(
      request: request, charter: room.charter, requestPayload: try WireJSON.encode(request),
      fragments: [fragment])
    let rows = ColumnBatch(rowCount: 1, columns: [text("video"), text(Self.hash)])
    return try ReleasedBatch(
      rows, of: fragment, sequence: 0, judgement: judgement,
      keys: FragmentKeys(fragment, judgement: judgement, secret: CollaborationSecret.random()))
  }

  private func text(_ value: String) -> ColumnVector {
    ColumnVector(
      validity: nil, storage: .bytes(offsets: [0, UInt32(value.utf8.count)], data: Array(value.utf8)))
  }

  @Test func theLedgerHasTheBatchBeforeItLeaves() async throws {
    let signer = room.partner
    let ledger = try ReleaseLedger(path: path) { try signer.sign($1, purpose: $0) }
    let channel = WatchingChannel(ledger)
    try await ReleaseGate(ledger: ledger) { TestConsortium.time }.release(try batch(), over: channel)
    let sent = channel.sent.withLock { $0 }
    #expect(sent.map(\.ledgerBytes) == sent.map(\.bytes.count))
    let summary = try #require(try ledger.summaries().first)
    #expect(
      summary.columns == [
        LedgerColumn(name: "channel", kind: "value"), LedgerColumn(name: "hashed_email", kind: "token"),
      ])
    #expect(summary.rows == 1)
  }

  @Test func nothingLeavesWhenTheLedgerCannotBeWritten() async throws {
    let signer = room.partner
    _ = try ReleaseLedger(path: path) { try signer.sign($1, purpose: $0) }
    let readOnly = try ReleaseLedger(path: path, sign: nil)
    let channel = WatchingChannel(readOnly)
    await #expect(throws: (any Error).self) {
      try await ReleaseGate(ledger: readOnly) { TestConsortium.time }.release(try batch(), over: channel)
    }
    #expect(channel.sent.withLock { $0.isEmpty })
  }

  @Test func keysLeaveAsTokensOnly() async throws {
    let signer = room.partner
    let ledger = try ReleaseLedger(path: path) { try signer.sign($1, purpose: $0) }
    let channel = WatchingChannel(ledger)
    try await ReleaseGate(ledger: ledger) { TestConsortium.time }.release(try batch(), over: channel)
    let bytes = Data(channel.sent.withLock { $0 }.flatMap(\.bytes))
    #expect(bytes.range(of: Data("video".utf8)) != nil)
    #expect(bytes.range(of: Data(Self.hash.utf8)) == nil)
    #expect(bytes.range(of: Data(Self.hash.utf8.prefix(16))) == nil)
  }
}
