import NIOCore
import NIOPosix

/// Whether a daemon could listen somewhere.
public enum PortProbe {
  public static func isFree(host: String, port: Int) async -> Bool {
    let listener = try? await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .bind(host: host, port: port).get()
    guard let listener else { return false }
    try? await listener.close()
    return true
  }
}
