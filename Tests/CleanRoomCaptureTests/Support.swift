import Foundation
import NIOCore
import NIOPosix
import Synchronization

/// Runs what blocks on a thread of its own.
func blocking<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
  try await withCheckedThrowingContinuation { continuation in
    Thread.detachNewThread { continuation.resume(with: Swift.Result { try body() }) }
  }
}

/// A folder that is gone when the test is over.
final class ScratchFolder: Sendable {
  let path = NSTemporaryDirectory() + "cleanroom-capture-" + UUID().uuidString

  init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// Sends back what it receives, and ends when the other side does.
struct Echo: Sendable {
  let port: Int
  fileprivate let counter: Counter
  var bytes: Int { counter.count }
}

func withEcho(_ body: (Echo) async throws -> Void) async throws {
  let counter = Counter()
  let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
    .childChannelInitializer { channel in
      channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(EchoHandler(counter)) }
    }
    .childChannelOption(.allowRemoteHalfClosure, value: true)
    .bind(host: "127.0.0.1", port: 0).get()
  try await body(Echo(port: listener.localAddress?.port ?? 0, counter: counter))
  try await listener.close()
}

/// Accepts connections and never reads.
func withDeaf(_ body: (Int) async throws -> Void) async throws {
  let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
    .childChannelOption(.autoRead, value: false)
    .bind(host: "127.0.0.1", port: 0).get()
  try await body(listener.localAddress?.port ?? 0)
  try await listener.close()
}

private final class EchoHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  private let counter: Counter

  init(_ counter: Counter) { self.counter = counter }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    counter.add(unwrapInboundIn(data).readableBytes)
    context.writeAndFlush(data, promise: nil)
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case .some(.inputClosed) = event as? ChannelEvent { context.close(mode: .output, promise: nil) }
  }
}

final class Counter: Sendable {
  private let value = Mutex(0)
  var count: Int { value.withLock { $0 } }
  func add(_ number: Int) { value.withLock { $0 += number } }
}
