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

  /// Written when connection `number` is over: its size in each direction. Without it the recording is not whole.
  public func end(party: String, number: Int) -> String { "\(path)/\(party)/\(number).end" }

  /// NSS key log of the party's daemon.
  public func keyLog(party: String) -> String { "\(path)/\(party)/keys.log" }

  /// Numbers of the connections of which anything was recorded, in order.
  func connections(party: String) throws(CaptureError) -> [Int] {
    let folder = "\(path)/\(party)"
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
      throw CaptureError("There is no recording of \(party): the folder \(folder) cannot be read.")
    }
    return Set(names.compactMap { Int($0.prefix { $0 != "." }) }).sorted()
  }

  /// For the party's recordings and key log; readable by this user only.
  func prepare(party: String) throws(CaptureError) {
    do {
      try FileManager.default.createDirectory(
        atPath: "\(path)/\(party)", withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      throw CaptureError("The folder \(path)/\(party) cannot be made. Name a place that can be written to.")
    }
  }
}

/// A recording that cannot be made, read or relied on: what, where, and what to do.
public struct CaptureError: Error, Sendable, Equatable, CustomStringConvertible {
  public let description: String

  init(_ description: String) { self.description = description }
}
