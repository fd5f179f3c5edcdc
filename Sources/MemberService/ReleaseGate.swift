import CleanRoomModel
import CleanRoomPlanning
import CleanRoomStore
import CleanRoomTransport
import CleanRoomWire
import Crypto

/// Where released batches go.
package protocol ReleaseChannel: Sendable {
  func send(_ payload: [UInt8]) async throws
}

/// Stands between the gate and the link. Only a program of this package can put one there, and only in its own code: the
/// one that leaks on purpose, to prove that leaks are noticed.
package typealias ReleaseTap = @Sendable (_ stream: LinkStream, _ link: LinkClient) -> any ReleaseChannel

extension LinkStream: ReleaseChannel {}

/// The one place where data of this organization is encoded to leave it. A batch is in the ledger, durably, before
/// its first byte is handed to the link.
struct ReleaseGate: Sendable {
  let ledger: ReleaseLedger
  let clock: @Sendable () -> Timestamp

  func release(_ batch: ReleasedBatch, over channel: some ReleaseChannel) async throws {
    let bytes = BatchCodec.encode(
      batch.content, columns: batch.fragment.columns.map(\.use.content), sequence: UInt64(batch.sequence))
    _ = try ledger.append(entry(for: batch, bytes: bytes))
    try await channel.send(bytes)
  }

  private func entry(for batch: ReleasedBatch, bytes: [UInt8]) -> LedgerEntry {
    LedgerEntry(
      at: clock(), collaboration: batch.request.collaboration, query: batch.request.id,
      table: batch.fragment.table, receiver: "coordinator",
      columns: batch.fragment.columns.map {
        LedgerColumn(name: $0.column, kind: $0.use.kind)
      },
      rows: batch.content.rowCount, bytes: bytes.count, batch: batch.sequence,
      payloadSHA256: Hex.encode(SHA256.hash(data: bytes)))
  }
}

/// Rows that a fragment of an agreed query gives, keys already turned into tokens.
struct ReleasedBatch: Sendable {
  let request: QueryRequest
  let fragment: Fragment
  let sequence: Int
  var rowCount: Int { content.rowCount }
  fileprivate let content: ColumnBatch

  /// - Parameter keys: one per token column of the fragment; a token column without one cannot be released.
  init(
    _ rows: ColumnBatch, of fragment: Fragment, sequence: Int, judgement: Judgement, keys: FragmentKeys
  ) throws {
    request = judgement.request
    self.fragment = fragment
    self.sequence = sequence
    content = try keys.tokenized(rows)
  }
}
