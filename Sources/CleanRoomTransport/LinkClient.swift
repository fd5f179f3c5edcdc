import CleanRoomModel
import CleanRoomWire
import Logging
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// The member's end: one control connection that is kept up, and data connections beside it.
public final class LinkClient: Sendable {
  private struct State {
    var control: ControlConnection?
    var handler: (any LinkClientHandler)?
    var isStopped = false
  }

  private typealias Job = @Sendable () async -> Void

  let host: String
  let port: Int
  private let identity: DaemonIdentity
  private let logger: Logger
  private let settings: LinkSettings
  let clock: @Sendable () -> Timestamp
  private let recorder: LinkRecorder?
  private let keyLog: LinkKeyLog?
  private let state = Mutex(State())
  private let jobs: AsyncStream<Job>
  private let enqueue: AsyncStream<Job>.Continuation

  public init(
    host: String, port: Int, identity: DaemonIdentity, logger: Logger, settings: LinkSettings = .init(),
    clock: @escaping @Sendable () -> Timestamp
  ) {
    self.host = host
    self.port = port
    self.identity = identity
    self.logger = logger
    self.settings = settings
    self.clock = clock
    recorder = LinkRecorder.fromEnvironment(logger)
    keyLog = LinkKeyLog.fromEnvironment(logger)
    (jobs, enqueue) = AsyncStream.makeStream()
  }

  public var isUp: Bool { state.withLock { $0.control != nil } }

  /// After a reload that brought another certificate: connects anew under it, since results are sealed to the
  /// certificate of the connection.
  public func reconnect() { state.withLock { $0.control }?.cut() }

  public func waitUntilUp(timeout: Duration) async -> Bool {
    let deadline = ContinuousClock.now + timeout
    while !isUp, ContinuousClock.now < deadline {
      do { try await Task.sleep(for: .milliseconds(20)) } catch { break }
    }
    return isUp
  }

  /// Connects and reconnects, with growing pauses of random length, until the task is cancelled.
  public func run(_ handler: any LinkClientHandler) async {
    await withDiscardingTaskGroup { group in
      group.addTask {
        await self.keepUp(handler)
        self.enqueue.finish()
      }
      for await job in jobs { group.addTask { await job() } }
    }
  }

  private func keepUp(_ handler: any LinkClientHandler) async {
    var pause = settings.firstPause
    while !Task.isCancelled {
      let began = ContinuousClock.now
      let reason = await connect(handler)
      await handler.linkDown(reason: reason)
      if ContinuousClock.now - began > settings.longestPause { pause = settings.firstPause }
      try? await Task.sleep(for: pause * Double.random(in: 0.5...1))
      pause = min(pause * 2, settings.longestPause)
    }
  }

  /// - Returns: why the connection ended.
  private func connect(_ handler: any LinkClientHandler) async -> String {
    do {
      let connection = try await open()
      try await connection.use { inbound, outbound in
        try await converse(connection, inbound, outbound, handler)
      }
      return "the coordinator closed the connection"
    } catch {
      return Self.words(error)
    }
  }

  private func converse(
    _ connection: OpenedConnection, _ inbound: LinkInbound, _ outbound: LinkOutbound,
    _ handler: any LinkClientHandler
  ) async throws {
    var frames = inbound.makeAsyncIterator()
    let timer = connection.close(after: settings.handshake)
    defer { timer.cancel() }
    try await verifyCoordinator(connection)
    try await outbound.write(
      try Frame.bytes(
        .hello,
        LinkHello.with { ($0.lowestVersion, $0.highestVersion) = (LinkProtocol.version, LinkProtocol.version) }))
    // Only an answer proves acceptance: with TLS 1.3 the handshake may complete before our certificate is judged.
    guard let answer = try await frames.next() else {
      throw LinkError.refused("the coordinator does not accept this member's certificate")
    }
    if answer.type == .goodbye { throw LinkError.refused(try answer.decode(LinkGoodbye.self).reason) }
    guard answer.type == .welcome else { throw LinkError.closed("an unexpected frame arrived") }
    timer.cancel()
    let control = ControlConnection(outbound: outbound, channel: connection.channel.channel, settings: settings)
    state.withLock { $0.control = control }
    defer { state.withLock { $0.control = nil } }
    async let greeted: Void = handler.linkUp()
    try await control.run(&frames) { kind, payload in await handler.respond(to: kind, payload: payload) }
    await greeted
  }

  private func verifyCoordinator(_ connection: OpenedConnection) async throws {
    guard try await connection.peer.get().role == .coordinator else {
      throw LinkError.refused("the other side is not the coordinator")
    }
  }

  private func open() async throws -> OpenedConnection {
    let context = try NIOSSLContext(configuration: try identity.linkClientConfiguration(keyLog))
    let (trust, recorder, clock) = (identity.trust, recorder, clock)
    return try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .connectTimeout(.init(settings.handshake))
      .channelOption(.tcpOption(.tcp_nodelay), value: 1)
      .connect(host: host, port: port) { channel in
        channel.eventLoop.makeCompletedFuture {
          try OpenedConnection.make(
            channel, tls: try NIOSSLClientHandler(context: context, serverHostname: nil), trust: trust,
            recorder: recorder, clock: clock)
        }
      }
  }

  public func request(_ kind: String, _ payload: [UInt8], timeout: Duration) async throws(LinkError) -> [UInt8] {
    guard let control = state.withLock({ $0.control }) else { throw .notConnected }
    return try await control.request(kind, payload, timeout: timeout)
  }

  /// Opens a data connection for a query. It lives until both sides are done with it.
  public func openStream(
    kind: String, query: String, header: [UInt8], timeout: Duration
  ) async throws(LinkError) -> LinkStream {
    let opened = Mailbox<LinkStream>()
    let opening = LinkOpenStream.with {
      ($0.kind, $0.queryID, $0.header, $0.version) = (kind, query, .init(header), LinkProtocol.version)
    }
    guard case .enqueued = enqueue.yield({ await self.carry(opening, opened) }) else { throw .notConnected }
    do {
      if let stream = try await withLimit(timeout, { try await opened.take() }) { return stream }
      throw LinkError.notConnected
    } catch {
      opened.close()
      // A stream that opened a moment too late has nobody to use it.
      if let late = try? await opened.take() { await late.abort("nobody waits for this stream any more") }
      throw error as? LinkError ?? .notConnected
    }
  }

  func carry(_ opening: LinkOpenStream, _ opened: Mailbox<LinkStream>) async {
    do {
      let connection = try await open()
      try await connection.use { inbound, outbound in
        var frames = inbound.makeAsyncIterator()
        let timer = connection.close(after: settings.handshake)
        defer { timer.cancel() }
        try await verifyCoordinator(connection)
        try await outbound.write(try Frame.bytes(.openStream, opening))
        guard let answer = try await frames.next(), answer.type == .streamAccepted else {
          throw LinkError.refused("the coordinator does not take the data connection")
        }
        timer.cancel()
        let stream = LinkStream(outbound: outbound)
        guard opened.put(stream) else { return }
        await stream.pump(&frames)
      }
    } catch {
      opened.close(error as? LinkError ?? LinkError.notConnected)
      logger.info("data connection ended", metadata: ["reason": "\(Self.words(error))"])
    }
  }

  private static func words(_ error: any Error) -> String {
    switch error {
    case LinkError.refused(let reason), LinkError.closed(let reason): reason
    case LinkError.timedOut: "the coordinator did not answer in time"
    case let error as TrustError: "the coordinator's certificate is not accepted (\(error))"
    case is NIOConnectionError: "the coordinator cannot be reached"
    case is NIOSSLError, is BoringSSLError: "the TLS handshake failed"
    default: "the connection was cut"
    }
  }
}
