import CleanRoomDaemon
import CleanRoomEngine
import CleanRoomTransport
import Foundation
import Logging

/// A member daemon in the foreground.
public enum MemberDaemon {
  /// Serves until SIGTERM or SIGINT.
  /// - Throws: what keeps it from serving: `ConfigurationError`, `IdentityError`, `StateFolderError`, `EngineError`.
  public static func run(_ configuration: MemberConfiguration, logger: Logger) async throws {
    try await run(configuration, logger: logger, tap: nil)
  }

  package static func run(_ configuration: MemberConfiguration, logger: Logger, tap: ReleaseTap?) async throws {
    let signals = await DaemonSignals()
    let parts = try MemberAssembly(configuration, logger: logger, tap: tap)
    let (ports, port) = AsyncStream<Int>.makeStream()
    let server = try APIServer(
      configuration, tls: try parts.identity.apiServerConfiguration(), handler: parts.apiHandler,
      logger: logger,
      onServing: { port.yield($0) })
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { await parts.link.run(parts.linkHandler) }
      group.addTask { await parts.releases.run() }
      group.addTask { await announce(configuration, ports, parts.link) }
      group.addTask { await examine(parts.catalog, logger) }
      group.addTask {
        await signals.untilStopped { reload(configuration, parts, logger) }
        await server.stop()
      }
      // Ends when it is stopped, or throws when it cannot begin.
      try await server.run()
      logger.info("stopping")
      parts.releases.stop()
      group.cancelAll()
    }
  }

  private static func announce(
    _ configuration: MemberConfiguration, _ ports: AsyncStream<Int>, _ link: LinkClient
  ) async {
    for await port in ports {
      let isUp = await link.waitUntilUp(timeout: .seconds(2))
      guard !Task.isCancelled else { return }
      let host = urlHost(configuration.api.host)
      ReadyLine.print(
        "ready member \(configuration.account) api=https://\(host):\(port) link=\(isUp ? "up" : "down")")
    }
  }

  /// The certificate names `localhost`, not addresses.
  static func urlHost(_ host: String) -> String {
    if host == "localhost" || host == "::1" || host.hasPrefix("127.") { return "localhost" }
    return host.contains(":") ? "[\(host)]" : host
  }

  /// Tells the operator at once which tables cannot be read; the daemon serves all the same.
  private static func examine(_ catalog: Catalog, _ logger: Logger) async {
    for name in catalog.names {
      do {
        _ = try await catalog.columns(of: name)
      } catch {
        logger.warning("source: \(error.ownerMessage)", metadata: ["table": "\(name)"])
      }
    }
  }

  /// All or nothing: credentials, certificate, key, authority and revocations count once all of them have been found
  /// sound.
  private static func reload(_ configuration: MemberConfiguration, _ parts: MemberAssembly, _ logger: Logger) {
    do {
      let identity = try DaemonIdentity.load(
        configuration.identity, expecting: .member(configuration.account), now: DaemonClock.now)
      try parts.credentials.reload()
      let isRenewed = identity.certificateDER != parts.identity.certificateDER
      parts.identity.adopt(identity)
      if isRenewed { parts.link.reconnect() }
      logger.info("credentials, certificates and revocations were read again")
    } catch {
      logger.error("reload refused, everything stays as it was", metadata: ["reason": "\(error)"])
    }
  }
}
