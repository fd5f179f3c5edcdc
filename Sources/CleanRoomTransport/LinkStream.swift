import CleanRoomWire
import NIOCore
import Synchronization

/// A data connection bound to one query: frames in order, memory bounded by credit, an explicit end.
public final class LinkStream: Sendable {
  private let outbound: LinkOutbound
  private let incoming = Mailbox<[UInt8]>()
  /// One element for each frame that may still be sent.
  private let credit = Mailbox(Array(repeating: true, count: LinkProtocol.credit))
  private let ended = Mailbox<Bool>()
  private let isFinishing = Mutex(false)

  init(outbound: LinkOutbound) { self.outbound = outbound }

  /// Sends one frame once the receiver has room for it.
  public func send(_ payload: [UInt8]) async throws(LinkError) {
    guard payload.count < LinkProtocol.frameLimit else { throw .tooLarge }
    try await mapped {
      guard try await self.credit.take() != nil else { throw LinkError.closed("the receiver has gone") }
      try await self.outbound.write(Frame.bytes(.data, payload))
    }
  }

  /// - Returns: the next frame, or nil at the sender's end mark. A connection that ends without it is an error.
  public func receive() async throws(LinkError) -> [UInt8]? {
    try await mapped {
      if let frame = try await self.incoming.take() {
        try await self.outbound.write(try Frame.bytes(.credit, LinkCredit.with { $0.frames = 1 }))
        return frame
      }
      // The sender waits for this; should it have gone by now, nothing is lost.
      try? await self.outbound.write(Frame.bytes(.end))
      return nil
    }
  }

  /// Marks the end and waits until the receiver has taken everything.
  public func finish() async throws(LinkError) {
    isFinishing.withLock { $0 = true }
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
      throw .closed("the connection ended")
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
      guard incoming.count < LinkProtocol.credit else { throw LinkError.closed("more frames came than were allowed") }
      incoming.put(Array(frame.body.readableBytesView))
    case .credit:
      guard credit.count < LinkProtocol.credit else { throw LinkError.closed("a credit was not owed") }
      credit.put(true)
    case .end:
      if isFinishing.withLock({ $0 }) { ended.put(true) } else { incoming.close() }
    case .abort: throw LinkError.failed(try frame.decode(LinkAbort.self).reason)
    default: throw LinkError.closed("an unexpected frame arrived")
    }
  }

  private func close(_ error: LinkError) {
    incoming.close(error)
    credit.close(error)
    ended.close(error)
  }
}
