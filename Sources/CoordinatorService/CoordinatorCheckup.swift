import CleanRoomDaemon
import CleanRoomEngine
import CleanRoomModel
import CleanRoomStore
import CleanRoomTransport
import Foundation

/// Looks at everything the coordinator needs. Changes nothing, and works beside a running daemon.
public enum CoordinatorCheckup {
  public static func findings(_ configuration: CoordinatorConfiguration, now: Date) async -> [Finding] {
    let checkup = IdentityCheckup(configuration.identity, role: .coordinator, now: now)
    return checkup.findings().findings + [
      StateFolder.checkup(configuration.state), await port(configuration), engine(),
    ]
  }

  private static func port(_ configuration: CoordinatorConfiguration) async -> Finding {
    let place = "\(configuration.host):\(configuration.port)"
    if await PortProbe.isFree(host: configuration.host, port: configuration.port) {
      return .ok("listen", "\(place) is free; the daemon does not run")
    }
    guard StateFolder.isHeld(configuration.state) else {
      return .fail("listen", "\(place) is taken by another program, or is no address of this machine. Correct listen.")
    }
    return .ok("listen", "\(place) is served by the running daemon")
  }

  private static func engine() -> Finding {
    do {
      try DuckDBLibrary.load()
      return .ok("engine", "the DuckDB library loads")
    } catch {
      return .fail("engine", error.message)
    }
  }
}
