import Foundation

/// Where one run's recordings lie: per party the bytes of its link connections as they crossed the socket, and the TLS
/// secrets that its daemon logged.
public struct CaptureFolder: Sendable {
  public let path: String

  public init(path: String) {
    self.path = path
  }

  /// Connection `number` of a party's link: what the party sent, or received.
  public func connection(party: String, number: Int, sent: Bool) -> String {
    "\(path)/\(party)/\(number).\(sent ? "sent" : "received")"
  }

  /// NSS key log of the party's daemon.
  public func keyLog(party: String) -> String { "\(path)/\(party)/keys.log" }
}
