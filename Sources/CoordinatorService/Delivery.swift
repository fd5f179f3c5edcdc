import CleanRoomEngine
import CleanRoomModel
import CleanRoomPlanning
import CleanRoomTransport
import CleanRoomWire

/// The rows that passed every threshold: what the combination gives, and nothing else, can be sealed.
struct ThresholdedResult: Sendable {
  private let database: GatherDatabase
  private let combination: Combination

  init(_ combination: Combination, in database: GatherDatabase) {
    self.database = database
    self.combination = combination
  }

  var columns: [ResultColumn] { combination.output }

  /// Runs the combination. Equal data gives equal rows in equal order, so each receiver may have its own run.
  func batches() async throws -> BatchReader { try await database.query(combination.sql) }
}

/// One receiver's result, on its way: sealed batch by batch to the receiver's certified key.
final class Delivery: Sendable {
  let receiver: AccountID
  private let query: QueryID
  private let certificate: [UInt8]
  private let trust: TrustStore
  private let result: ThresholdedResult

  init(
    _ result: ThresholdedResult, of query: QueryID, to receiver: AccountID, certificate: [UInt8], trust: TrustStore
  ) {
    self.result = result
    self.query = query
    self.receiver = receiver
    self.certificate = certificate
    self.trust = trust
  }

  func send(over stream: LinkStream) async {
    do {
      var sealer = try ResultSealer(to: certificate, info: ResultSealing.info(query: query, receiver: receiver))
      try await stream.send(sealer.encapsulatedKey)
      let contents = result.columns.map { ColumnContent.value($0.type) }
      let reader = try await result.batches()
      var sequence: UInt64 = 0
      while let batch = try await reader.next() {
        let bytes = BatchCodec.encode(batch, columns: contents, sequence: sequence)
        try await stream.send(sealer.seal(bytes))
        sequence += 1
      }
      try await stream.finish()
    } catch {
      await stream.abort("the coordinator could not complete the result")
    }
  }
}
