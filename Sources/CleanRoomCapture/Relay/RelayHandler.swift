import NIOCore

/// Stands on one socket of a relayed connection. Keeps what comes before the other socket is there: at a peer's end
/// NIO reads what is left whether it was asked to or not.
final class RelayHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  /// What this socket receives goes there.
  private var incoming: RelayFlow?
  /// What is written to this socket comes from there.
  private var outgoing: RelayFlow?
  private var early: [ByteBuffer] = []
  private var hasEndedEarly = false

  func attach(incoming: RelayFlow, outgoing: RelayFlow) {
    self.incoming = incoming
    self.outgoing = outgoing
    for bytes in early { incoming.take(bytes) }
    early = []
    if hasEndedEarly { incoming.end() }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let bytes = unwrapInboundIn(data)
    if let incoming { incoming.take(bytes) } else { early.append(bytes) }
  }

  func channelReadComplete(context: ChannelHandlerContext) { incoming?.read() }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    if context.channel.isWritable { outgoing?.pass() }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    guard case .some(.inputClosed) = event as? ChannelEvent else { return }
    hasEndedEarly = true
    incoming?.end()
  }

  func channelInactive(context: ChannelHandlerContext) {
    hasEndedEarly = true
    incoming?.end()
    outgoing?.drop()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
