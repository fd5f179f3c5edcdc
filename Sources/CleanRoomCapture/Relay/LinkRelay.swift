import NIOCore
import NIOPosix

/// Stands between one party and the coordinator: passes the bytes of the party's connections on, as they are, and
/// writes them down where it is told to. It can be cut, mended and slowed while it runs.
public final class LinkRelay: Sendable {
  public let party: String
  /// Where the party has to connect to.
  public let host: String
  public let port: Int

  private let group: MultiThreadedEventLoopGroup
  private let listener: any Channel
  private let board: NIOLoopBound<RelayBoard>

  private init(
    party: String, host: String, group: MultiThreadedEventLoopGroup, listener: any Channel,
    board: NIOLoopBound<RelayBoard>
  ) {
    self.party = party
    self.host = host
    port = listener.localAddress?.port ?? 0
    self.group = group
    self.listener = listener
    self.board = board
  }

  /// Begins to listen.
  /// - Parameters:
  ///   - port: 0 for any that is free.
  ///   - recordingInto: nil to pass bytes on without writing them down.
  public static func start(
    party: String, host: String = "127.0.0.1", port: Int = 0, to coordinator: (host: String, port: Int),
    recordingInto folder: CaptureFolder? = nil
  ) async throws -> LinkRelay {
    try folder?.prepare(party: party)
    // A thread of its own: writing to a disk may hold it up.
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let loop = group.next()
    do {
      let board = try await loop.submit {
        NIOLoopBound(RelayBoard(party: party, target: coordinator, folder: folder), eventLoop: loop)
      }.get()
      let listener = try await ServerBootstrap(group: group)
        .serverChannelOption(.backlog, value: 256)
        .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
        .childChannelInitializer { near in board.value.admit(near) }
        .childChannelOption(.autoRead, value: false)
        .childChannelOption(.allowRemoteHalfClosure, value: true)
        .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
        .bind(host: host, port: port).get()
      return LinkRelay(party: party, host: host, group: group, listener: listener, board: board)
    } catch {
      try? await group.shutdownGracefully()
      throw CaptureError(
        "The relay of \(party) cannot listen on \(host):\(port). Name an address of this machine and a free port.")
    }
  }

  /// Closes the party's connections; from here on, new ones are closed at once.
  public func cut() async { await change { $0.cut() } }

  /// Lets new connections through again.
  public func mend() async { await change { $0.isCut = false } }

  /// - Parameters:
  ///   - delay: in each direction; bytes that are under way already keep theirs.
  ///   - bytesPerSecond: of each direction of each connection; nil: as fast as it goes.
  public func slow(delay: Duration = .zero, bytesPerSecond: Int? = nil) async {
    let pace = RelayPace(delay: TimeAmount(delay), bytesPerSecond: bytesPerSecond)
    await change { $0.setPace(pace) }
  }

  /// As fast as it goes again.
  public func hurry() async { await slow() }

  /// Connections that are open.
  public var openConnections: Int {
    get async { await ask { $0.connections.count } }
  }

  /// Connections that have been passed on so far; recorded ones are numbered up to here.
  public var connections: Int {
    get async { await ask { $0.count } }
  }

  /// Ends the relay, every connection, and the recordings.
  public func close() async {
    try? await listener.close()
    let ends = await ask { board in
      board.cut()
      return board.connections.values.map(\.closed)
    }
    for end in ends { try? await end.get() }
    // The recordings are finished by what waits for the same ends.
    await change { _ in }
    try? await group.shutdownGracefully()
  }

  private func change(_ body: @escaping @Sendable (RelayBoard) -> Void) async { await ask(body) }

  private func ask<Answer: Sendable>(_ body: @escaping @Sendable (RelayBoard) -> Answer) async -> Answer {
    let board = board
    return await withCheckedContinuation { continuation in
      listener.eventLoop.execute { continuation.resume(returning: body(board.value)) }
    }
  }
}
