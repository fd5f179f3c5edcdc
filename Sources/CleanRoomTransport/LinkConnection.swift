import CleanRoomModel
import CleanRoomWire
import NIOCore
import NIOSSL
import NIOTLS

typealias LinkChannel = NIOAsyncChannel<Frame, ByteBuffer>
typealias LinkInbound = NIOAsyncChannelInboundStream<Frame>
typealias LinkOutbound = NIOAsyncChannelOutboundWriter<ByteBuffer>

/// Learns who the peer is from its verified certificate, before the first byte of ours.
final class PeerIdentityHandler: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer

  private let trust: TrustStore
  private let clock: @Sendable () -> Timestamp
  private let promise: EventLoopPromise<PeerIdentity>
  private var isDecided = false

  init(trust: TrustStore, clock: @escaping @Sendable () -> Timestamp, promise: EventLoopPromise<PeerIdentity>) {
    self.trust = trust
    self.clock = clock
    self.promise = promise
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case .some(.handshakeCompleted) = event as? TLSUserEvent, !isDecided {
      isDecided = true
      do {
        promise.succeed(try identity(context))
      } catch {
        promise.fail(error)
        context.close(promise: nil)
        return
      }
    }
    context.fireUserInboundEventTriggered(event)
  }

  private func identity(_ context: ChannelHandlerContext) throws -> PeerIdentity {
    let pipeline = context.pipeline.syncOperations
    guard try pipeline.nioSSL_tlsVersion() == .tlsv13, let certificate = try pipeline.nioSSL_peerCertificate() else {
      throw TrustError.noRole
    }
    return try trust.verify(certificate: try certificate.toDERBytes(), at: clock())
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    fail(error)
    context.fireErrorCaught(error)
  }

  func channelInactive(context: ChannelHandlerContext) {
    fail(LinkError.closed("the connection ended during the handshake"))
    context.fireChannelInactive()
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    fail(LinkError.closed("the connection ended during the handshake"))
  }

  private func fail(_ error: any Error) {
    guard !isDecided else { return }
    isDecided = true
    promise.fail(error)
  }
}

/// A connection whose TLS handshake may still be under way.
struct OpenedConnection: Sendable {
  let channel: LinkChannel
  let peer: EventLoopFuture<PeerIdentity>

  /// Cuts the connection unless the returned timer is cancelled first; whoever waits for the peer then ends.
  func close(after limit: Duration) -> Scheduled<Void> {
    let channel = channel.channel
    return channel.eventLoop.scheduleTask(in: .init(limit)) { channel.close(promise: nil) }
  }

  /// Runs `body` over the connection, which is cut when the task is cancelled and closed afterwards.
  func use(_ body: (LinkInbound, LinkOutbound) async throws -> Void) async throws {
    let raw = channel.channel
    try await withTaskCancellationHandler {
      try await channel.executeThenClose { inbound, outbound in try await body(inbound, outbound) }
    } onCancel: {
      raw.close(promise: nil)
    }
  }

  /// Adds TLS, identity and framing to a new channel; runs on its event loop.
  static func make(
    _ channel: any Channel, tls: any ChannelHandler & RemovableChannelHandler, trust: TrustStore,
    recorder: LinkRecorder? = nil, clock: @escaping @Sendable () -> Timestamp
  ) throws -> OpenedConnection {
    let pipeline = channel.pipeline.syncOperations
    let promise = channel.eventLoop.makePromise(of: PeerIdentity.self)
    try pipeline.addHandler(tls)
    if let recorder { try pipeline.addHandler(recorder.handler()) }
    try pipeline.addHandler(PeerIdentityHandler(trust: trust, clock: clock, promise: promise))
    try pipeline.addHandler(ByteToMessageHandler(FrameDecoder()))
    let wrapped = try LinkChannel(
      wrappingChannelSynchronously: channel,
      configuration: .init(
        backPressureStrategy: .init(lowWatermark: 2, highWatermark: 8), isOutboundHalfClosureEnabled: false))
    return OpenedConnection(channel: wrapped, peer: promise.futureResult)
  }
}
