import CleanRoomModel

public enum LinkError: Error, Sendable, Equatable {
  case notConnected
  case timedOut
  case closed(String)
  /// The other side does not take the connection.
  case refused(String)
  /// The other side answered that it could not do what was asked.
  case failed(String)
  case tooLarge
}

public enum LinkReply: Sendable {
  case success([UInt8])
  /// For people; travels to the other side.
  case failure(String)
}

/// Times of the link, all of them limits.
public struct LinkSettings: Sendable {
  /// TLS handshake and first message.
  public var handshake: Duration = .seconds(10)
  public var ping: Duration = .seconds(4)
  /// A peer that says nothing for this long is gone.
  public var silence: Duration = .seconds(15)
  public var firstPause: Duration = .milliseconds(200)
  public var longestPause: Duration = .seconds(10)
  /// Requests of one peer that are answered at the same time.
  public var concurrentRequests = 64

  public init() {}
}

/// What the coordinator does with its members.
public protocol LinkServerHandler: Sendable {
  func memberConnected(_ peer: PeerIdentity, account: AccountID) async
  func memberDisconnected(_ account: AccountID) async
  func respond(to kind: String, payload: [UInt8], from account: AccountID) async -> LinkReply
  /// A data connection; it ends when this returns.
  func serve(_ stream: LinkStream, kind: String, query: String, header: [UInt8], from account: AccountID) async
}

/// What a member does with its coordinator.
public protocol LinkClientHandler: Sendable {
  func linkUp() async
  func linkDown(reason: String) async
  func respond(to kind: String, payload: [UInt8]) async -> LinkReply
}
