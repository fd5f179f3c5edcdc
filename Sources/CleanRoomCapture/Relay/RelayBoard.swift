import NIOCore
import NIOPosix

/// What a relay knows of its connections. Belongs to its event loop.
final class RelayBoard {
  private let party: String
  private let target: (host: String, port: Int)
  private let folder: CaptureFolder?
  private var pace = RelayPace()
  private(set) var connections: [Int: RelayConnection] = [:]
  private(set) var count = 0
  var isCut = false

  init(party: String, target: (host: String, port: Int), folder: CaptureFolder?) {
    self.party = party
    self.target = target
    self.folder = folder
  }

  /// Connects on to the coordinator. Nothing is read from the new connection until the other one stands.
  func admit(_ near: any Channel) -> EventLoopFuture<Void> {
    guard !isCut else {
      near.close(promise: nil)
      return near.eventLoop.makeSucceededVoidFuture()
    }
    return near.eventLoop.makeCompletedFuture {
      let handler = RelayHandler()
      try near.pipeline.syncOperations.addHandler(handler)
      connect(near, NIOLoopBound(handler, eventLoop: near.eventLoop))
    }
  }

  private func connect(_ near: any Channel, _ handler: NIOLoopBound<RelayHandler>) {
    let board = NIOLoopBound(self, eventLoop: near.eventLoop)
    ClientBootstrap(group: near.eventLoop)
      .channelOption(.autoRead, value: false)
      .channelOption(.allowRemoteHalfClosure, value: true)
      .channelOption(.tcpOption(.tcp_nodelay), value: 1)
      .connect(host: target.host, port: target.port)
      .whenComplete { result in
        switch result {
        case .success(let far): board.value.join(near, handler.value, far)
        case .failure: near.close(promise: nil)
        }
      }
  }

  private func join(_ near: any Channel, _ nearHandler: RelayHandler, _ far: any Channel) {
    do {
      guard !isCut, near.isActive else { throw ChannelError.ioOnClosedChannel }
      let number = count + 1
      let files = try folder.map { try ConnectionFiles($0, party: party, number: number) }
      let farHandler = RelayHandler()
      try far.pipeline.syncOperations.addHandler(farHandler)
      let connection = RelayConnection(near: near, far: far, files: files) { [unowned self] in pace }
      count = number
      connections[number] = connection
      let board = NIOLoopBound(self, eventLoop: near.eventLoop)
      connection.closed.whenComplete { _ in board.value.forget(number) }
      connection.begin(near: nearHandler, far: farHandler)
    } catch {
      for channel in [near, far] { channel.close(promise: nil) }
    }
  }

  private func forget(_ number: Int) { connections.removeValue(forKey: number)?.finish() }

  func cut() {
    isCut = true
    for connection in connections.values { connection.cut() }
  }

  func setPace(_ pace: RelayPace) {
    self.pace = pace
    for connection in connections.values { connection.hurry() }
  }
}
