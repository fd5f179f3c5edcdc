import CleanRoomDaemon

/// Reads a fault and a scenario's closing checks.
struct FaultReader {
  let context: ReadingContext

  /// On a daemon: a party's or the coordinator's.
  private static let onDaemons: [String: @Sendable (String) -> Fault] = [
    "kill": Fault.kill, "stop": Fault.stop, "start": Fault.start, "restart": Fault.restart, "pause": Fault.pause,
    "resume": Fault.resume, "fillDisk": Fault.fillDisk, "freeDisk": Fault.freeDisk,
    "expireCertificate": Fault.expireCertificate, "renewCertificate": Fault.renewCertificate,
    "revokeCertificate": Fault.revokeCertificate,
  ]

  /// On a party's link to the coordinator.
  private static let onLinks: [String: @Sendable (String) -> Fault] = ["cut": Fault.cut, "mend": Fault.mend]

  static let names = (Array(onDaemons.keys) + Array(onLinks.keys) + ["slow", "skewClock", "lie", "honest"]).sorted()
  static let daemonFaults = onDaemons.keys.sorted()
  static let linkFaults = onLinks.keys.sorted()

  func fault(_ value: YAMLValue) throws(ConfigurationError) -> Fault {
    let reader = try value.mapping()
    guard let name = reader.keys.first, reader.keys.count == 1 else {
      throw value.fail("should name exactly one fault", "Write for instance {kill: PARTY}")
    }
    guard Self.names.contains(name) else {
      let guess = Misspelling.closest(to: name, among: Self.names).map { "Did you mean \($0)? " } ?? ""
      throw reader.fail(name, "is not a known fault", "\(guess)Known here: \(Self.names.joined(separator: ", "))")
    }
    let target = try reader.required(name)
    if let make = Self.onDaemons[name] { return make(try context.partyOrCoordinator(target)) }
    if let make = Self.onLinks[name] { return make(try context.party(target)) }
    switch name {
    case "slow": return try slow(target)
    case "skewClock": return try skewClock(target)
    case "lie": return .lie(try target.string())
    default:
      guard try target.bool() else { throw target.fail("can only be true", "Write {honest: true}") }
      return .honest
    }
  }

  private func slow(_ value: YAMLValue) throws(ConfigurationError) -> Fault {
    let reader = try value.mapping()
    let party = try context.party(reader.required("link"))
    let delay = try reader.optional("delay")?.duration()
    let rate = try reader.optional("bytesPerSecond")?.bytes()
    guard delay != nil || rate != nil else {
      throw value.fail("slows nothing", "Give it a delay, or bytesPerSecond, or both")
    }
    try reader.finish()
    return .slow(party, delay: delay ?? .zero, bytesPerSecond: rate)
  }

  private func skewClock(_ value: YAMLValue) throws(ConfigurationError) -> Fault {
    let reader = try value.mapping()
    let name = try context.partyOrCoordinator(reader.required("party"))
    let by = try reader.required("by")
    let text = try by.string()
    let isBack = text.hasPrefix("-")
    guard let size = Quantity.duration(String(isBack ? text.dropFirst() : text[...])), size.components.attoseconds == 0
    else { throw by.fail("should be whole seconds such as 10min or -24h", "Correct it") }
    try reader.finish()
    return .skewClock(name, seconds: Int(size.components.seconds) * (isBack ? -1 : 1))
  }
}

struct CheckReader {
  let context: ReadingContext

  func checks(_ root: YAMLReader) throws(ConfigurationError) -> [ScenarioCheck] {
    guard let reader = try root.optional("checks")?.mapping() else { return [] }
    var checks: [ScenarioCheck] = []
    if let value = reader.optional("ledgers") {
      _ = try value.choice(["intact"])
      checks.append(.ledgersIntact)
    }
    if let value = reader.optional("disclosure") {
      _ = try value.choice(["none"])
      checks.append(.nothingDisclosed)
    }
    if let results = try reader.optional("results")?.mapping() {
      var counts: [String: Int] = [:]
      for (party, value) in results.all() {
        counts[try context.knownParty(party, in: results)] = try value.integer(minimum: 0)
      }
      checks.append(.results(counts))
    }
    if let value = reader.optional("daemons") {
      _ = try value.choice(["running"])
      checks.append(.allRunning)
    }
    context.finish(reader)
    return checks
  }
}
