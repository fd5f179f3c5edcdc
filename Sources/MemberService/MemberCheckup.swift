import CleanRoomDaemon
import CleanRoomEngine
import CleanRoomModel
import CleanRoomStore
import CleanRoomTransport
import Foundation
import Logging

/// Looks at everything a member daemon needs. Changes nothing, and works beside a running daemon.
public enum MemberCheckup {
  public static func findings(_ configuration: MemberConfiguration, now: Date) async -> [Finding] {
    let checkup = IdentityCheckup(configuration.identity, role: .member(configuration.account), now: now)
    var (identity, findings) = checkup.findings()
    findings += [credentials(configuration), StateFolder.checkup(configuration.state)]
    findings.append(await port(configuration))
    if let identity { findings += await coordinator(configuration, identity) }
    findings += configuration.buckets.sorted { $0.key < $1.key }.map { bucket($0.key, $0.value) }
    return findings + (await sources(configuration))
  }

  private static func credentials(_ configuration: MemberConfiguration) -> Finding {
    do {
      _ = try Credentials(file: configuration.api.credentials, region: configuration.region)
      return .ok("credentials", "\(configuration.api.credentials) is readable by its owner only")
    } catch {
      return .fail("credentials", "\(error)")
    }
  }

  private static func port(_ configuration: MemberConfiguration) async -> Finding {
    let place = "\(configuration.api.host):\(configuration.api.port)"
    if await PortProbe.isFree(host: configuration.api.host, port: configuration.api.port) {
      return .ok("api", "\(place) is free; the daemon does not run")
    }
    guard StateFolder.isHeld(configuration.state) else {
      return .fail("api", "\(place) is taken by another program, or is no address of this machine. Correct api.listen.")
    }
    return .ok("api", "\(place) is served by the running daemon")
  }

  private static func coordinator(_ configuration: MemberConfiguration, _ identity: DaemonIdentity) async -> [Finding] {
    let link = LinkClient(
      host: configuration.coordinatorHost, port: configuration.coordinatorPort, identity: identity,
      logger: Logger(label: "doctor") { _ in SwiftLogNoOpLogHandler() }, clock: MemberAssembly.clock)
    return await link.checkCoordinator()
  }

  private static func bucket(_ name: String, _ folder: String) -> Finding {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder) else {
      return .warn("results", "bucket \(name): \(folder) does not exist. Make the folder, or correct results.buckets.")
    }
    guard isFolder.boolValue, access(folder, W_OK | X_OK) == 0 else {
      return .fail("results", "bucket \(name): \(folder) is not a folder that can be written. Correct its permissions.")
    }
    return .ok("results", "bucket \(name): \(folder) can be written")
  }

  /// Reads the shape of every source, and nothing that says how much it holds.
  private static func sources(_ configuration: MemberConfiguration) async -> [Finding] {
    var limits = configuration.limits
    limits.spillFolder = nil
    let database: SourceDatabase
    do {
      try DuckDBLibrary.load()
      database = try SourceDatabase(sources: configuration.catalog.map(\.source), limits: limits)
    } catch {
      return [.fail("engine", error.message)]
    }
    var findings = [Finding.ok("engine", "the DuckDB library loads")]
    for table in configuration.catalog.sorted(by: { $0.name.description < $1.name.description }) {
      do {
        let columns = try await Catalog.describe(table, in: database).columns.map(\.name)
        findings.append(.ok("source", "\(table.name) has the columns \(columns.joined(separator: ", "))"))
      } catch {
        findings.append(.fail("source", "\(table.name): \(error.ownerMessage)"))
      }
    }
    return findings
  }
}
