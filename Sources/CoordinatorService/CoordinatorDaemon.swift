import CleanRoomDaemon
import CleanRoomEngine
import CleanRoomTransport
import Foundation
import Logging

/// A coordinator daemon in the foreground.
public enum CoordinatorDaemon {
  /// For queries to end after a stop. Saying goodbye to a member that does not answer takes 5 s more.
  private static let grace: Duration = .seconds(4)

  /// Serves until SIGTERM or SIGINT.
  /// - Throws: what keeps it from serving: `IdentityError`, `StateFolderError`, `StoreError`, `EngineError`,
  ///   `StartError`.
  public static func run(_ configuration: CoordinatorConfiguration, logger: Logger) async throws {
    try await run(configuration, link: { $0 }, logger: logger)
  }

  /// - Parameter link: what stands for the members; tests of dishonest coordinators put something in between.
  package static func run(
    _ configuration: CoordinatorConfiguration, link: @Sendable (LinkServer) -> any MemberLink, logger: Logger
  ) async throws {
    let signals = await DaemonSignals()
    try DuckDBLibrary.load()
    let parts = try CoordinatorAssembly(configuration, link: link, logger: logger)
    for ended in try parts.services.book.recover() { parts.services.executor.conclude(ended) }
    let port: Int
    do {
      port = try await parts.server.start()
    } catch {
      throw StartError.cannotListen(host: configuration.host, port: configuration.port)
    }
    let host = configuration.host.contains(":") ? "[\(configuration.host)]" : configuration.host
    ReadyLine.print("ready coordinator \(host):\(port)")
    try await serve(parts, signals, logger) { reload(configuration, parts, logger) }
  }

  /// All or nothing: certificate, key, authority and revocations count once all of them have been found sound.
  private static func reload(_ configuration: CoordinatorConfiguration, _ parts: CoordinatorAssembly, _ logger: Logger)
  {
    do {
      parts.identity.adopt(
        try DaemonIdentity.load(configuration.identity, expecting: .coordinator, now: DaemonClock.now))
      parts.server.recheck()
      logger.info("certificates and revocations were read again")
    } catch {
      logger.error("reload refused, everything stays as it was", metadata: ["reason": "\(error)"])
    }
  }

  private enum Ended { case signal, link, queries, log, grace }

  private static func serve(
    _ parts: CoordinatorAssembly, _ signals: DaemonSignals, _ logger: Logger,
    onReload: @escaping @Sendable () -> Void
  ) async throws {
    try await withThrowingTaskGroup(of: Ended.self) { group in
      group.addTask {
        await signals.untilStopped(onReload: onReload)
        return .signal
      }
      work(parts, in: &group)
      guard case .signal = try await group.next() else {
        throw StartError("The link's listener ended by itself. Start the daemon again.")
      }
      logger.info("stopping")
      group.addTask {
        await parts.services.scheduler.shutDown()
        try? await Task.sleep(for: grace)
        return .grace
      }
      // The link stays until queries have ended, or until they have had their time to.
      while let ended = try await group.next() {
        if ended == .queries || ended == .grace { break }
      }
      parts.server.stop()
      group.cancelAll()
    }
  }

  private static func work(_ parts: CoordinatorAssembly, in group: inout ThrowingTaskGroup<Ended, any Error>) {
    group.addTask {
      await parts.server.run()
      return .link
    }
    group.addTask {
      await parts.services.scheduler.run()
      return .queries
    }
    group.addTask {
      await parts.services.logSender.run()
      return .log
    }
  }
}
