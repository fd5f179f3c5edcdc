import NIOCore

/// Closes a connection whose next request is not complete in time, however slowly its bytes trickle in. Working on
/// a request has its own limits.
final class RequestDeadline: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = NIOAny
  typealias OutboundIn = NIOAny

  /// What the responder tells through the channel.
  enum Event: Sendable {
    case requestComplete
    case requestAnswered
  }

  static let limit: TimeAmount = .seconds(40)

  private var timer: Scheduled<Void>?

  func handlerAdded(context: ChannelHandlerContext) { start(context) }

  func handlerRemoved(context: ChannelHandlerContext) { timer?.cancel() }

  func channelInactive(context: ChannelHandlerContext) {
    timer?.cancel()
    context.fireChannelInactive()
  }

  func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
    switch event {
    case Event.requestComplete:
      timer?.cancel()
      promise?.succeed()
    case Event.requestAnswered:
      start(context)
      promise?.succeed()
    default: context.triggerUserOutboundEvent(event, promise: promise)
    }
  }

  private func start(_ context: ChannelHandlerContext) {
    timer?.cancel()
    let channel = context.channel
    timer = context.eventLoop.scheduleTask(in: Self.limit) { channel.close(promise: nil) }
  }
}
