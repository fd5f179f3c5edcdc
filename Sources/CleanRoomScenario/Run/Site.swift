import CleanRoomCapture
import Foundation

/// Where the daemons of a run live: side by side, or apart from each other.
struct Site: Sendable {
  /// What comes before a command that must not outlive the runner, whatever ends that.
  static let lifeline = ["setpriv", "--pdeathsig", "KILL", "--"]

  let program: String
  /// The engine's library, where it is not to be found in the usual places.
  let engine: String?
  let isolation: Isolation?

  static func plain(_ program: String) -> Site { Site(program: program, engine: nil, isolation: nil) }

  /// Where the runner listens for daemons.
  var host: String { isolation?.address ?? "127.0.0.1" }

  func address(of name: String) -> String { isolation?.cells[name]?.address ?? "127.0.0.1" }

  func prefix(_ name: String) throws -> [String] { try isolation?.prefix(name) ?? Self.lifeline }

  /// Tells isolated daemons where to listen, and lets this machine reach their APIs where profiles say that they are.
  /// - Returns: what does that.
  func place(_ scenario: Scenario, _ consortium: DevelopmentConsortium, _ folder: RunFolder) async throws
    -> [LinkRelay]
  {
    guard let isolation else { return [] }
    var doors: [LinkRelay] = []
    let coordinator = address(of: RunRoom.coordinator) + ":\(consortium.basePort)"
    try ConfigurationMerge.merge(folder.coordinatorConfiguration, ["listen: \(coordinator)"])
    for (party, member) in zip(scenario.parties, consortium.members) {
      let port = consortium.apiPort(of: member)
      let own = address(of: party.id)
      try ConfigurationMerge.merge(
        folder.configuration(of: party),
        ["coordinator: \(coordinator)", "api: {listen: \"\(own):\(port)\"}"])
      doors.append(try await LinkRelay.start(party: party.id, port: port, to: (own, port)))
    }
    let cells = try JSONEncoder().encode(isolation.cells)
    try cells.write(to: URL(fileURLWithPath: folder.path + "/isolation.json"), options: .atomic)
    for path in ["", "/ca", "/members"] { _ = chmod(folder.consortium + path, 0o755) }
    return doors
  }
}
