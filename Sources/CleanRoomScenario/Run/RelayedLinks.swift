import CleanRoomCapture
import Synchronization

/// Parties that reach the coordinator through a relay each.
final class RelayedLinks: PartyLinks {
  /// By party id.
  let relays: [String: LinkRelay]
  private let cut: Mutex<Set<String>> = Mutex([])

  init(relays: [String: LinkRelay]) { self.relays = relays }

  /// - Parameter recordingInto: nil to pass bytes on only.
  static func start(
    _ parties: [ScenarioParty], host: String = "127.0.0.1", to coordinator: (host: String, port: Int),
    recordingInto folder: CaptureFolder?
  ) async throws -> RelayedLinks {
    var relays: [String: LinkRelay] = [:]
    for party in parties {
      relays[party.id] = try await LinkRelay.start(
        party: party.id, host: host, to: coordinator, recordingInto: folder)
    }
    return RelayedLinks(relays: relays)
  }

  /// Whether something has to stand between the parties in this scenario.
  static func areNeeded(by scenario: Scenario) -> Bool {
    scenario.faults.contains { fault in
      switch fault {
      case .cut, .mend, .slow: true
      case .expireCertificate(let name), .revokeCertificate(let name): name == RunRoom.coordinator
      default: false
      }
    }
  }

  private func relay(_ party: String) throws -> LinkRelay {
    guard let relay = relays[party] else { throw RunProblem("There is no party \(party) whose link could be changed.") }
    return relay
  }

  func cut(_ party: String) async throws {
    cut.withLock { _ = $0.insert(party) }
    try await relay(party).cut()
  }

  func mend(_ party: String) async throws {
    cut.withLock { _ = $0.remove(party) }
    try await relay(party).mend()
  }

  func isCut(_ party: String) -> Bool { cut.withLock { $0.contains(party) } }

  func slow(_ party: String, delay: Duration, bytesPerSecond: Int?) async throws {
    try await relay(party).slow(delay: delay, bytesPerSecond: bytesPerSecond)
  }

  func close() async {
    for relay in relays.values { await relay.close() }
  }
}

/// Parties that are connected with the coordinator directly.
struct DirectLinks: PartyLinks {
  private var problem: RunProblem { RunProblem("Nothing stands between the parties and the coordinator in this run.") }

  func cut(_ party: String) async throws { throw problem }
  func mend(_ party: String) async throws { throw problem }
  func slow(_ party: String, delay: Duration, bytesPerSecond: Int?) async throws { throw problem }
  func isCut(_ party: String) -> Bool { false }
  func close() async {}
}
