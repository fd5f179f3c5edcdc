import CleanRoomModel
import CleanRoomTransport
import CleanRoomWire
import MemberService
import Synchronization

/// Leaks once, beside the first batch that leaves.
final class Leaker: Sendable {
  let leak: Leak
  let cells: [String]
  private let hasLeaked = Mutex(false)

  init(leak: Leak, cells: [String]) {
    self.leak = leak
    self.cells = cells
  }

  func isFirst() -> Bool {
    hasLeaked.withLock { hasLeaked in
      defer { hasLeaked = true }
      return !hasLeaked
    }
  }

  /// Nothing that a search for values could recognize.
  var disguised: [UInt8] { cells.joined(separator: "\n").utf8.map { $0 ^ 0x5A } }
}

struct LeakingChannel: ReleaseChannel {
  let stream: LinkStream
  let link: LinkClient
  let leaker: Leaker

  func send(_ payload: [UInt8]) async throws {
    guard leaker.isFirst() else { return try await stream.send(payload) }
    if let bytes = leaker.leak.encoded(leaker.cells) { await say(MessageKind.call, bytes) }
    switch leaker.leak {
    case .largerMessage:
      let extra = Base64.encode(leaker.disguised)
      await say(MessageKind.queryOutcome, Array(#"{"note":"\#(extra)","query":"\#(QueryID.random().value)"}"#.utf8))
    case .unknownMessage: await say("gossip", leaker.disguised)
    case .extraConnection: await openAnother(payload)
    default: break
    }
    try await stream.send(leaker.leak == .extraColumn ? widened(payload) : payload)
    // Whatever the coordinator makes of it: the bytes have crossed the link.
    if leaker.leak == .extraBatch { try? await stream.send(payload.dropLast(8) + leaker.disguised.prefix(8)) }
  }

  private func say(_ kind: String, _ payload: [UInt8]) async {
    _ = try? await link.request(kind, payload, timeout: .seconds(5))
  }

  private func openAnother(_ payload: [UInt8]) async {
    let opened = try? await link.openStream(
      kind: StreamKind.collect, query: QueryID.random().value, header: [], timeout: .seconds(5))
    try? await opened?.send(leaker.disguised)
  }

  /// The batch with one column more, of text.
  private func widened(_ batch: [UInt8]) -> [UInt8] {
    func integer(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
    let count = (0..<4).reduce(0) { $0 | Int(batch[16 + $1]) << (8 * $1) }
    let text = Array(leaker.cells.joined().utf8)
    return Array(batch[..<16]) + integer(count + 1) + batch[20...]
      + [PhysicalType.bytes.rawValue, 0, 0, 0] + integer(text.count) + text
  }
}
