/// The kinds of frame on a link.
public enum FrameType: UInt8, Sendable {
  case hello = 1
  case welcome = 2
  case request = 3
  case response = 4
  case ping = 5
  case pong = 6
  case goodbye = 7
  case openStream = 8
  case streamAccepted = 9
  case data = 10
  case credit = 11
  /// The sender has sent everything. A stream without it was cut.
  case end = 12
  case abort = 13
  /// The receiver has taken everything up to the end mark.
  case taken = 14
}

/// What both ends of a link agree on before they talk.
public enum LinkProtocol {
  public static let version: UInt32 = 1
  /// Length of what follows, little-endian, then the type.
  public static let headerSize = 5
  /// Before the peer has said what it wants, in bytes.
  public static let firstFrameLimit = 1 << 18
  public static let frameLimit = 64 << 20
  /// Of everything but data.
  public static let controlFrameLimit = 8 << 20
  /// Payload of a request or an answer, in bytes: what leaves room for its envelope in a frame.
  public static let messageLimit = controlFrameLimit - 1024
  /// Data frames under way that the receiver has not taken yet.
  public static let credit = 4
}
