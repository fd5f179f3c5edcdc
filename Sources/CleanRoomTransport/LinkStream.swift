import CleanRoomWire
import NIOCore
import Synchronization

/// A data connection bound to one query: frames in order, memory bounded by credit, an explicit end in each direction.
public final class LinkStream: Sendable {
  private struct State {
    /// Frames sent for which the receiver has not given credit back.
    var owed = 0
    var hasFinished = false
    var peerHasEnded = false
    var hasAcknowledged = false
    var failure: LinkError?
  }

  private let outbound: LinkOutbound
  private let incoming = Mailbox<[UInt8]>()
  /// One element for each frame that may still be sent.
  private let credit = Mailbox(Array(repeating: true, count: LinkProtocol.credit))
  private let ended = Mailbox<Bool>()
  private let state = Mutex(State())

  init(outbound: LinkOutbound) { self.outbound = outbound }

  /// Sends one frame once the receiver has room for it.
  public func send(_ payload: [UInt8]) async throws(LinkError) {
    guard payload.count < LinkProtocol.frameLimit else { throw .tooLarge }
    try await mapped {
      guard try await self.credit.take() != nil else { throw LinkError.closed("the receiver has gone") }
      self.state.withLock { $0.owed += 1 }
      try await self.outbound.write(Frame.bytes(.data, payload))
    }
  }

  /// - Returns: the next frame, or nil at the sender's end mark. A connection that ends without it is an error.
  public func receive() async throws(LinkError) -> [UInt8]? {
    try await mapped {
      // Should the sender have gone by now, nothing is lost: the next call says so, and why.
      if let frame = try await self.incoming.take() {
        try? await self.outbound.write(try Frame.bytes(.credit, LinkCredit.with { $0.frames = 1 }))
        return frame
      }
      let isFirst = self.state.withLock { state in
        defer { state.hasAcknowledged = true }
        return !state.hasAcknowledged
      }
      if isFirst { try? await self.outbound.write(Frame.bytes(.taken)) }
      return nil
    }
  }

  /// Marks the end and waits until the receiver has taken everything.
  public func finish() async throws(LinkError) {
    state.withLock { $0.hasFinished = true }
    try await mapped {
      try await self.outbound.write(Frame.bytes(.end))
      guard try await self.ended.take() != nil else { throw LinkError.closed("the receiver has gone") }
    }
  }

  /// Tells the other side, in words for people, why nothing more will come.
  public func abort(_ reason: String) async {
    try? await outbound.write(try Frame.bytes(.abort, LinkAbort.with { $0.reason = reason }))
    close(LinkError.closed("aborted"))
  }

  private func mapped<Result: Sendable>(
    _ body: @Sendable () async throws -> Result
  ) async throws(LinkError) -> Result {
    do {
      return try await body()
    } catch let error as LinkError {
      throw error
    } catch {
      // What the other side said before it went tells more than the failed write.
      throw state.withLock { $0.failure } ?? .closed("the connection ended")
    }
  }

  /// Sorts what arrives until the connection ends.
  func pump(_ frames: inout LinkInbound.AsyncIterator) async {
    do {
      while let frame = try await frames.next() { try accept(frame) }
      close(LinkError.closed("the connection was cut"))
    } catch {
      close(error as? LinkError ?? LinkError.closed("the connection was cut"))
    }
  }

  private func accept(_ frame: Frame) throws {
    switch frame.type {
    case .data:
      let hasEnded = state.withLock { $0.peerHasEnded }
      guard !hasEnded else { throw LinkError.closed("frames came after the end") }
      guard incoming.count < LinkProtocol.credit else { throw LinkError.closed("more frames came than were allowed") }
      incoming.put(Array(frame.body.readableBytesView))
    case .credit:
      try state.withLock { state in
        guard state.owed > 0 else { throw LinkError.closed("a credit was not owed") }
        state.owed -= 1
      }
      credit.put(true)
    case .end:
      state.withLock { $0.peerHasEnded = true }
      incoming.close()
    case .taken:
      guard state.withLock({ $0.hasFinished }) else { throw LinkError.closed("an unexpected frame arrived") }
      ended.put(true)
    case .abort: throw LinkError.failed(try frame.decode(LinkAbort.self).reason)
    default: throw LinkError.closed("an unexpected frame arrived")
    }
  }

  private func close(_ error: LinkError) {
    state.withLock { $0.failure = $0.failure ?? error }
    incoming.close(error)
    credit.close(error)
    ended.close(error)
  }
}
