import CleanRoomDaemon
import CleanRoomTransport
import Foundation
import Logging

/// A coordinator daemon in the foreground.
public enum CoordinatorDaemon {
  /// Serves until SIGTERM or SIGINT.
  /// - Throws: what keeps it from serving: `IdentityError`, `StateFolderError`, `EngineError`, `StartError`.
  public static func run(_ configuration: CoordinatorConfiguration, logger: Logger) async throws {
    let signals = await DaemonSignals()
    let parts = try CoordinatorAssembly(configuration, logger: logger)
    try recover(parts, logger)
    let port = try await listen(parts.link, configuration)
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await parts.link.run() }
      group.addTask { await parts.scheduler.run() }
      group.addTask { await parts.log.run(over: parts.link) }
      ReadyLine.print("ready coordinator \(configuration.host):\(port)")
      await signals.untilStopped { reload(configuration, logger) }
      logger.info("stopping")
      parts.scheduler.stop()
      parts.log.stop()
      parts.link.stop()
      group.cancelAll()
    }
  }

  private static func recover(_ parts: CoordinatorAssembly, _ logger: Logger) throws {
    for ended in try parts.book.recover() {
      if let room = try? parts.rooms.room(ended.request.collaboration) { parts.log.termination(of: ended, in: room) }
      logger.warning(
        "query ended by a restart",
        metadata: ["query": "\(ended.request.id)", "status": "\(ended.status.rawValue)"])
    }
  }

  private static func listen(_ link: LinkServer, _ configuration: CoordinatorConfiguration) async throws -> Int {
    do {
      return try await link.start()
    } catch {
      throw StartError.cannotListen(host: configuration.host, port: configuration.port)
    }
  }

  /// Says at once whether new files are sound; they count from the next start on.
  private static func reload(_ configuration: CoordinatorConfiguration, _ logger: Logger) {
    do {
      _ = try DaemonIdentity.load(configuration.identity, expecting: .coordinator, now: Date())
      logger.info("identity files are sound; start the daemon again to use new certificates or revocations")
    } catch {
      logger.error("reload refused, everything stays as it was", metadata: ["reason": "\(error)"])
    }
  }
}
