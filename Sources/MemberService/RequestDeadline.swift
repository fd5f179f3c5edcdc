import NIOCore

/// Closes a connection that says nothing, and one whose request is not complete in time, however slowly its bytes
/// trickle in. Working on a request has its own limits.
final class RequestDeadline: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = NIOAny
  typealias OutboundIn = NIOAny

  /// What the responder tells through the channel.
  enum Event: Sendable {
    case requestComplete
    case requestAnswered
  }

  /// TLS handshake and the head of the first request.
  static let first: TimeAmount = .seconds(10)
  /// Between two requests, to the end of the next head.
  static let silence: TimeAmount = .seconds(25)
  /// From a request's head to its end.
  static let request: TimeAmount = .seconds(40)

  private var timer: Scheduled<Void>?
  private var isReading = false

  func handlerAdded(context: ChannelHandlerContext) { start(context, Self.first) }

  func handlerRemoved(context: ChannelHandlerContext) { timer?.cancel() }

  func channelInactive(context: ChannelHandlerContext) {
    timer?.cancel()
    context.fireChannelInactive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    if !isReading {
      isReading = true
      start(context, Self.request)
    }
    context.fireChannelRead(data)
  }

  func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
    switch event {
    case Event.requestComplete:
      timer?.cancel()
      promise?.succeed()
    case Event.requestAnswered:
      isReading = false
      start(context, Self.silence)
      promise?.succeed()
    default: context.triggerUserOutboundEvent(event, promise: promise)
    }
  }

  private func start(_ context: ChannelHandlerContext, _ limit: TimeAmount) {
    timer?.cancel()
    let channel = context.channel
    timer = context.eventLoop.scheduleTask(in: limit) { channel.close(promise: nil) }
  }
}
