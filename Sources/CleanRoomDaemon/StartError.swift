/// Why a daemon with a good configuration cannot start, and what to do.
public struct StartError: Error, Sendable, Equatable, CustomStringConvertible {
  public let description: String

  public init(_ description: String) { self.description = description }

  /// A port that is taken, or an address of another machine.
  public static func cannotListen(host: String, port: Int) -> StartError {
    StartError("Cannot listen on \(host):\(port). Choose a free port of this machine, or stop what uses it.")
  }
}
