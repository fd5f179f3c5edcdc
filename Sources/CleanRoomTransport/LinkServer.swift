import CleanRoomModel
import CleanRoomWire
import Logging
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// The coordinator's end of all links.
public final class LinkServer: Sendable {
  private typealias Listener = NIOAsyncChannel<OpenedConnection, Never>

  private struct Link: Sendable {
    var control: ControlConnection
    var certificate: [UInt8]
  }

  private struct State {
    var links: [AccountID: Link] = [:]
    /// Accounts with a link, from before it can be used until its member is reported gone.
    var claimed: Set<AccountID> = []
    var connections = 0
    var listener: Listener?
  }

  /// Connections that have not proved who they are, or carry data.
  private static let connectionLimit = 1024

  private let host: String
  private let port: Int
  private let identity: DaemonIdentity
  private let handler: any LinkServerHandler
  private let logger: Logger
  private let settings: LinkSettings
  private let clock: @Sendable () -> Timestamp
  private let keyLog: LinkKeyLog?
  private let state = Mutex(State())

  public init(
    host: String, port: Int, identity: DaemonIdentity, handler: any LinkServerHandler, logger: Logger,
    settings: LinkSettings = .init(), clock: @escaping @Sendable () -> Timestamp
  ) {
    self.host = host
    self.port = port
    self.identity = identity
    self.handler = handler
    self.logger = logger
    self.settings = settings
    self.clock = clock
    keyLog = LinkKeyLog.fromEnvironment(logger)
  }

  /// Begins to listen.
  /// - Returns: the port.
  public func start() async throws -> Int {
    _ = try identity.linkServerConfiguration()
    let (identity, clock, keyLog) = (identity, clock, keyLog)
    let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .serverChannelOption(.backlog, value: 256)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      .bind(host: host, port: port) { channel in
        channel.eventLoop.makeCompletedFuture {
          // Made for every connection, since certificates and revocations may have changed.
          let context = try NIOSSLContext(configuration: try identity.linkServerConfiguration(keyLog))
          return try OpenedConnection.make(
            channel, tls: NIOSSLServerHandler(context: context), trust: identity.trust, clock: clock)
        }
      }
    state.withLock { $0.listener = listener }
    return listener.channel.localAddress?.port ?? port
  }

  /// Serves connections until `stop`, or until the task is cancelled.
  public func run() async {
    guard let listener = state.withLock({ $0.listener }) else { return }
    do {
      try await listener.executeThenClose { connections in
        try await withThrowingDiscardingTaskGroup { group in
          for try await connection in connections {
            group.addTask { await self.admit(connection) }
          }
          group.cancelAll()
        }
      }
    } catch {
      logger.info("the link's listener ended")
    }
  }

  /// Ends the listener and every connection.
  public func stop() { state.withLock { $0.listener }?.channel.close(promise: nil) }

  /// After a reload: ends the links of members whose certificates do not count any more.
  public func recheck() {
    let links = state.withLock { $0.links }
    for (account, link) in links where (try? identity.trust.verify(certificate: link.certificate, at: clock())) == nil {
      logger.warning("a member's certificate does not count any more", metadata: ["account": "\(account)"])
      link.control.cut()
    }
  }

  public func isConnected(_ account: AccountID) -> Bool { state.withLock { $0.links[account] != nil } }

  /// The certificate of a connected member.
  public func certificate(of account: AccountID) -> [UInt8]? { state.withLock { $0.links[account]?.certificate } }

  public func request(
    _ kind: String, _ payload: [UInt8], to account: AccountID, timeout: Duration
  ) async throws(LinkError) -> [UInt8] {
    guard let control = state.withLock({ $0.links[account]?.control }) else { throw .notConnected }
    return try await control.request(kind, payload, timeout: timeout)
  }

  // MARK: Connections

  private func admit(_ connection: OpenedConnection) async {
    let isFree = state.withLock { state in
      state.connections += 1
      return state.connections <= Self.connectionLimit
    }
    defer { state.withLock { $0.connections -= 1 } }
    do {
      try await connection.use { inbound, outbound in
        guard isFree else { return }
        try await serve(connection, inbound, outbound)
      }
    } catch {
      logger.info("connection ended", metadata: ["reason": "\(Self.words(error))"])
    }
  }

  private func serve(_ connection: OpenedConnection, _ inbound: LinkInbound, _ outbound: LinkOutbound) async throws {
    var frames = inbound.makeAsyncIterator()
    let timer = connection.close(after: settings.handshake)
    defer { timer.cancel() }
    let peer = try await connection.peer.get()
    guard let account = peer.account else { throw LinkError.refused("only members may connect") }
    guard let first = try await frames.next() else { throw LinkError.closed("nothing was said") }
    timer.cancel()
    switch first.type {
    case .hello:
      guard Self.speaksOurVersion(try first.decode(LinkHello.self)) else {
        return try await farewell("this coordinator speaks link version \(LinkProtocol.version)", outbound)
      }
      let control = ControlConnection(outbound: outbound, channel: connection.channel.channel, settings: settings)
      try await serveControl(control, account, peer, &frames, outbound)
    case .openStream:
      let opening = try first.decode(LinkOpenStream.self)
      try await serveStream(connection.channel.channel, account, opening, &frames, outbound)
    default: throw LinkError.closed("an unexpected frame arrived")
    }
  }

  private static func speaksOurVersion(_ hello: LinkHello) -> Bool {
    hello.lowestVersion <= LinkProtocol.version && LinkProtocol.version <= hello.highestVersion
  }

  private func serveControl(
    _ control: ControlConnection, _ account: AccountID, _ peer: PeerIdentity,
    _ frames: inout LinkInbound.AsyncIterator, _ outbound: LinkOutbound
  ) async throws {
    guard state.withLock({ $0.claimed.insert(account).inserted }) else {
      return try await farewell("account \(account) is already connected", outbound)
    }
    defer { state.withLock { _ = $0.claimed.remove(account) } }
    try await outbound.write(
      try Frame.bytes(.welcome, LinkWelcome.with { $0.version = LinkProtocol.version }))
    state.withLock { $0.links[account] = Link(control: control, certificate: peer.certificate) }
    logger.info("member connected", metadata: ["account": "\(account)"])
    let handler = handler
    let result: Result<Void, any Error>
    do {
      try await withConnectedMember(peer, account) {
        try await control.run(&frames) { kind, payload in
          await handler.respond(to: kind, payload: payload, from: account)
        }
      }
      result = .success(())
    } catch {
      result = .failure(error)
    }
    state.withLock { $0.links[account] = nil }
    logger.info("member disconnected", metadata: ["account": "\(account)"])
    await handler.memberDisconnected(account)
    try result.get()
  }

  /// What a new member sets off runs beside the connection, which it may need.
  private func withConnectedMember(
    _ peer: PeerIdentity, _ account: AccountID, _ body: () async throws -> Void
  ) async throws {
    let handler = handler
    async let greeted: Void = handler.memberConnected(peer, account: account)
    try await body()
    await greeted
  }

  private func farewell(_ reason: String, _ outbound: LinkOutbound) async throws {
    try await outbound.write(try Frame.bytes(.goodbye, LinkGoodbye.with { $0.reason = reason }))
  }

  private func serveStream(
    _ channel: any Channel, _ account: AccountID, _ opening: LinkOpenStream,
    _ frames: inout LinkInbound.AsyncIterator, _ outbound: LinkOutbound
  ) async throws {
    guard opening.version == LinkProtocol.version else { throw LinkError.refused("unknown link version") }
    try await outbound.write(try Frame.bytes(.streamAccepted, LinkStreamAccepted()))
    let stream = LinkStream(outbound: outbound)
    let handler = handler
    async let served: Void = Self.served(stream, opening, account, handler, channel)
    await stream.pump(&frames)
    await served
  }

  private static func served(
    _ stream: LinkStream, _ opening: LinkOpenStream, _ account: AccountID, _ handler: any LinkServerHandler,
    _ channel: any Channel
  ) async {
    await handler.serve(
      stream, kind: opening.kind, query: opening.queryID, header: Array(opening.header), from: account)
    channel.close(promise: nil)
  }

  private static func words(_ error: any Error) -> String {
    switch error {
    case LinkError.refused(let reason), LinkError.closed(let reason): reason
    case let error as TrustError: "certificate: \(error)"
    case is FrameError: "bytes that are no frame"
    case is NIOSSLError, is BoringSSLError: "TLS handshake failed"
    default: "the connection was cut"
    }
  }
}
