import CleanRoomCapture
import CleanRoomClient
import CleanRoomModel
import CleanRoomTransport
import Foundation

/// Makes the consortium of a run, with everything in its place and nothing started.
struct RoomBuilder: Sendable {
  let scenario: Scenario
  let folder: RunFolder
  let options: RunOptions
  let cleanup: Cleanup
  let progress: Progress

  func build() async throws -> RunRoom {
    let site = options.isIsolated ? try isolatedSite() : Site.plain(options.program)
    let consortium = try await consortium()
    try consortium.create(now: Date())
    for party in scenario.parties { try furnish(party) }
    try await makeUpData(consortium)
    if let limits = scenario.coordinatorLimits {
      try ConfigurationMerge.merge(folder.coordinatorConfiguration, [Self.indented(limits, under: "limits")])
    }
    let doors = try await site.place(scenario, consortium, folder)
    let capture = options.isCaptured ? RunCapture(scenario, folder, isIsolated: options.isIsolated) : nil
    let links = try await links(consortium, site, capture)
    var daemons = [
      RunRoom.coordinator: try daemon(RunRoom.coordinator, "coordinator", folder.coordinatorConfiguration, site)
    ]
    var clients: [String: APIClient] = [:]
    for (party, member) in zip(scenario.parties, consortium.members) {
      let daemon = try daemon(party.id, "member", folder.configuration(of: party), site)
      if let capture { daemon.change { $0.environment.merge(capture.environment(party.id)) { $1 } } }
      daemons[party.id] = daemon
      clients[party.id] = try client(member)
    }
    let room = RunRoom(
      scenario: scenario, folder: folder, consortium: consortium, program: site.program, daemons: daemons,
      clients: clients, links: links, doors: doors, capture: capture, cleanup: cleanup)
    for name in SmallDisk.needed(by: scenario) { try SmallDisk(room, name).mount() }
    for name in room.daemons.keys { try site.isolation?.give(try room.identityFolder(name), to: name) }
    return room
  }

  /// Relays, where something has to stand between the parties.
  private func links(_ consortium: DevelopmentConsortium, _ site: Site, _ capture: RunCapture?) async throws
    -> any PartyLinks
  {
    guard capture != nil || RelayedLinks.areNeeded(by: scenario) else { return DirectLinks() }
    let links = try await RelayedLinks.start(
      scenario.parties, host: site.host, to: (site.address(of: RunRoom.coordinator), consortium.basePort),
      recordingInto: capture?.folder)
    for (party, relay) in links.relays {
      let file = folder.configuration(of: try scenario.party(party))
      try ConfigurationMerge.merge(file, ["coordinator: \(relay.host):\(relay.port)"])
    }
    return links
  }

  /// Settings as the value of a key.
  static func indented(_ yaml: String, under key: String) -> String {
    "\(key):\n"
      + yaml.split(separator: "\n", omittingEmptySubsequences: false).map { "  " + $0 }.joined(separator: "\n")
  }

  private func consortium() async throws -> DevelopmentConsortium {
    let members = try scenario.parties.map { party in
      guard let member = ConsortiumMember("\(party.account):\(party.name)") else {
        throw RunProblem("The party \(party.id) needs an account of 12 digits and a name of 1 to 100 characters.")
      }
      return member
    }
    do {
      return try DevelopmentConsortium(
        folder: folder.consortium, members: members, basePort: try await Self.freePorts(members.count))
    } catch let problem as DevelopmentConsortium.Problem {
      throw RunProblem(problem.description)
    }
  }

  /// A base port whose coordinator and API ports are all free. Below the range that outgoing connections use.
  private static func freePorts(_ count: Int) async throws -> Int {
    for _ in 0..<200 {
      let base = Int.random(in: 15_000...32_000)
      var isFree = true
      for port in DevelopmentConsortium.ports(base: base, members: count) where isFree {
        isFree = await PortProbe.isFree(host: "127.0.0.1", port: port)
      }
      if isFree { return base }
    }
    throw RunProblem("No free ports were found on 127.0.0.1. Stop other daemons.")
  }

  private func furnish(_ party: ScenarioParty) throws {
    let place = folder.party(party)
    if scenario.preparation != nil {
      let prepared = folder.preparation + "/" + party.id
      if FileManager.default.fileExists(atPath: prepared) { try RunFolder.copy(prepared, to: place) }
    }
    for (target, source) in party.files.sorted(by: { $0.key < $1.key }) {
      try RunFolder.copy(source, to: place + "/" + target)
    }
    if !party.configuration.isEmpty {
      try ConfigurationMerge.merge(folder.configuration(of: party), [party.configuration])
    }
  }

  private func makeUpData(_ consortium: DevelopmentConsortium) async throws {
    guard let plan = try scenario.dataPlan() else { return }
    let folders = Dictionary(uniqueKeysWithValues: scenario.parties.map { ($0.id, folder.party($0)) })
    let written = try await DataFiles(plan, replacing: true) { folders[$0] ?? folder.path }.write()
    let rows = written.map { "\($0.table) \($0.rows) rows" }.joined(separator: ", ")
    progress.say("made up \(rows)")
  }

  private func isolatedSite() throws -> Site {
    let isolation = try Isolation(scenario.parties.map(\.id) + [RunRoom.coordinator])
    _ = chmod(folder.path, 0o711)
    let programs = try IsolatedPrograms(folder: folder, isolation: isolation)
    try programs.check(folder.path)
    try isolation.makeNetworks(cleanup)
    return Site(
      program: try programs.program(options.program), engine: try programs.engine(), isolation: isolation)
  }

  private func daemon(_ name: String, _ role: String, _ configuration: String, _ site: Site) throws -> RunDaemon {
    // Whatever the user's own environment says about AWS or recordings is not for these daemons.
    var environment = ProcessInfo.processInfo.environment.filter { name, _ in
      name == "CLEANROOM_DUCKDB" || !(name.hasPrefix("AWS_") || name.hasPrefix("CLEANROOM_"))
    }
    if let engine = site.engine { environment["CLEANROOM_DUCKDB"] = engine }
    return RunDaemon(
      .init(
        name: name, prefix: try site.prefix(name), program: site.program, role: role, configuration: configuration,
        environment: environment, folder: (configuration as NSString).deletingLastPathComponent, logs: folder.logs),
      cleanup: cleanup)
  }

  private func client(_ member: ConsortiumMember) throws -> APIClient {
    try APIClient(
      try ClientProfile.load(
        .init(profile: member.profile),
        environment: [
          "AWS_CONFIG_FILE": folder.consortium + "/aws/config",
          "AWS_SHARED_CREDENTIALS_FILE": folder.consortium + "/aws/credentials",
        ]))
  }
}

extension Scenario {
  func party(_ id: String) throws -> ScenarioParty {
    guard let party = parties.first(where: { $0.id == id }) else { throw RunProblem("There is no party \(id).") }
    return party
  }
}
