import CleanRoomEngine
import CleanRoomModel
import CleanRoomPlanning
import CleanRoomTransport
import CleanRoomWire
import Synchronization

/// The rows that passed every threshold: what the combination gives, and nothing else, can be sealed.
struct ThresholdedResult: Sendable {
  private let database: GatherDatabase
  private let combination: Combination
  fileprivate let limits: EngineLimits

  init(_ combination: Combination, in database: GatherDatabase, limits: EngineLimits) {
    self.database = database
    self.combination = combination
    self.limits = limits
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
  private let result: ThresholdedResult
  private let stop = StopSignal()
  private let engineFailure = Mutex<QueryFailure?>(nil)

  init(_ result: ThresholdedResult, of query: QueryID, to receiver: AccountID, certificate: [UInt8]) {
    self.result = result
    self.query = query
    self.receiver = receiver
    self.certificate = certificate
  }

  /// What went wrong on this side, if anything did.
  var failure: QueryFailure? { engineFailure.withLock { $0 } }

  func send(over stream: LinkStream) async {
    await stop.limiting { await self.transfer(over: stream) }
  }

  /// Nothing more is sent.
  func end() { stop.raise() }

  private func transfer(over stream: LinkStream) async {
    do {
      try await seal(into: stream)
      try await stream.finish()
    } catch {
      if let error = error as? EngineError {
        engineFailure.withLock { $0 = QueryFailure(error, limits: result.limits) }
      }
      await stream.abort("the coordinator could not complete the result")
    }
  }

  private func seal(into stream: LinkStream) async throws {
    let reader = try await result.batches()
    var sealer = try ResultSealer(to: certificate, info: ResultSealing.info(query: query, receiver: receiver))
    try await stream.send(sealer.encapsulatedKey)
    let contents = result.columns.map { ColumnContent.value($0.type) }
    var sequence: UInt64 = 0
    while let batch = try await reader.next() {
      let bytes = BatchCodec.encode(batch, columns: contents, sequence: sequence)
      try await stream.send(try sealer.seal(bytes))
      sequence += 1
    }
  }
}
