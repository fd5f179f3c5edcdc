import CleanRoomModel
import CleanRoomTransport
import CleanRoomWire
import MemberService
import Synchronization

/// Leaks once, beside the first batch that leaves.
final class Leaker: Sendable {
  let leaks: [(leak: Leak, cells: [String])]
  private let hasLeaked = Mutex(false)

  init(_ leaks: [(leak: Leak, cells: [String])]) { self.leaks = leaks }

  func isFirst() -> Bool {
    hasLeaked.withLock { hasLeaked in
      defer { hasLeaked = true }
      return !hasLeaked
    }
  }
}

struct LeakingChannel: ReleaseChannel {
  let stream: LinkStream
  let link: LinkClient
  let leaker: Leaker

  func send(_ payload: [UInt8]) async throws {
    guard leaker.isFirst() else { return try await stream.send(payload) }
    var payload = payload
    for (leak, cells) in leaker.leaks {
      if let bytes = leak.encoded(cells) { await say(MessageKind.call, bytes) }
      await gossip(leak, Self.disguised(cells))
      if leak == .extraColumn { payload = widened(payload, cells) }
    }
    try await stream.send(payload)
    for (leak, cells) in leaker.leaks where leak == .extraBatch {
      // Whatever the coordinator makes of it: the bytes have crossed the link.
      try? await stream.send(payload.dropLast(8) + Self.disguised(cells).prefix(8))
    }
  }

  /// Nothing that a search for values could recognize.
  private static func disguised(_ cells: [String]) -> [UInt8] { cells.joined(separator: "\n").utf8.map { $0 ^ 0x5A } }

  private func gossip(_ leak: Leak, _ disguised: [UInt8]) async {
    switch leak {
    case .largerMessage:
      let query = QueryID.random().value
      await say(MessageKind.queryOutcome, Array(#"{"note":"\#(Base64.encode(disguised))","query":"\#(query)"}"#.utf8))
    case .unknownMessage: await say("gossip", disguised)
    case .extraConnection:
      _ = try? await link.openStream(
        kind: StreamKind.collect, query: QueryID.random().value, header: disguised, timeout: .seconds(5))
    default: break
    }
  }

  private func say(_ kind: String, _ payload: [UInt8]) async {
    _ = try? await link.request(kind, payload, timeout: .seconds(5))
  }

  /// The batch with one column more, of text.
  private func widened(_ batch: [UInt8], _ cells: [String]) -> [UInt8] {
    func integer(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
    let count = (0..<4).reduce(0) { $0 | Int(batch[16 + $1]) << (8 * $1) }
    let text = Array(cells.joined().utf8)
    return Array(batch[..<16]) + integer(count + 1) + batch[20...]
      + [PhysicalType.bytes.rawValue, 0, 0, 0] + integer(text.count) + text
  }
}
