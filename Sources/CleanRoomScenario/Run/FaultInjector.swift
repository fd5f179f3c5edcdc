import CleanRoomDaemon
import CleanRoomModel
import Foundation

/// Makes things go wrong.
struct FaultInjector: Sendable {
  let room: RunRoom

  /// Returns when what has been put right works again.
  /// - Returns: what was done, where the fault's name does not say it.
  func inject(_ fault: Fault) async throws -> String {
    let answer = try await apply(fault)
    switch fault {
    case .start, .restart, .resume, .mend, .renewCertificate, .skewClock, .lie, .honest: await room.settle()
    default: break
    }
    return answer
  }

  private func apply(_ fault: Fault) async throws -> String {
    switch fault {
    case .kill(let name): try await room.daemon(name).kill()
    case .stop(let name): try await room.daemon(name).stop()
    case .start(let name): try await room.daemon(name).start()
    case .restart(let name):
      try await room.daemon(name).stop()
      try await room.daemon(name).start()
    case .pause(let name): try room.daemon(name).pause()
    case .resume(let name): try room.daemon(name).resume()
    case .cut(let name): try await room.links.cut(name)
    case .mend(let name): try await room.links.mend(name)
    case .slow(let name, let delay, let bytes):
      try await room.links.slow(name, delay: delay, bytesPerSecond: bytes)
    case .fillDisk(let name): return try SmallDisk(room, name).fill()
    case .freeDisk(let name): try SmallDisk(room, name).free()
    case .expireCertificate(let name): try await CertificateFaults(room).expire(name)
    case .renewCertificate(let name): try await CertificateFaults(room).renew(name)
    case .revokeCertificate(let name): try await CertificateFaults(room).revoke(name)
    case .skewClock(let name, let seconds): try await skew(name, seconds)
    case .lie(let lie): try await LyingCoordinator(room).begin(lie)
    case .honest: try await LyingCoordinator(room).end()
    }
    return ""
  }

  /// The daemon is started again, as after a boot with a wrong clock.
  private func skew(_ name: String, _ seconds: Int) async throws {
    let daemon = try room.daemon(name)
    daemon.change { $0.environment[DaemonClock.variable] = "\(seconds)" }
    guard daemon.isRunning else { return }
    await daemon.stop()
    try await daemon.start()
  }
}
