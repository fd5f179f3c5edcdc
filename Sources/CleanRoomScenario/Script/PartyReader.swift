import CleanRoomDaemon
import CleanRoomModel

/// Reads the section `parties`.
struct PartyReader {
  let context: ReadingContext

  private static let reserved = ["coordinator", "run"]

  func parties(_ root: YAMLReader) -> [ScenarioParty] {
    let section = context.attempt { () throws(ConfigurationError) in try root.required("parties").mapping() }
    guard let section else { return [] }
    context.know(parties: section.keys)
    if section.keys.isEmpty { context.add(root.fail("parties", "is empty", "Add a party")) }
    let parties = section.all().compactMap { id, value in
      context.attempt { () throws(ConfigurationError) in
        guard id.wholeMatch(of: /[A-Za-z][A-Za-z0-9_-]*/) != nil, !Self.reserved.contains(id) else {
          throw section.fail(id, "cannot name a party", "Use letters and digits, and neither coordinator nor run")
        }
        return try party(id, value)
      }
    }
    refuseTwins(parties, section)
    return parties
  }

  private func party(_ id: String, _ value: YAMLValue) throws(ConfigurationError) -> ScenarioParty {
    let reader = try value.mapping()
    let account = try reader.required("account")
    guard let number = AccountID(try account.string()) else {
      throw account.fail("should be twelve digits", "Correct it, and quote it: \"123456789012\"")
    }
    let name = try reader.required("name")
    guard let member = ConsortiumMember("\(number.value):\(try name.string())") else {
      throw name.fail("should be 1 to 100 printable characters", "Shorten it")
    }
    var abilities: [String] = []
    for ability in try reader.optional("abilities")?.elements() ?? [] {
      abilities.append(try ability.choice(MemberAbility.allCases.map(\.rawValue)))
    }
    let files = try files(reader.optional("files"))
    let configuration = try MemberSettings.text(reader.optional("configuration"))
    context.finish(reader)
    return ScenarioParty(
      id: id, account: number.value, name: member.name, abilities: abilities, configuration: configuration,
      files: files, line: value.line)
  }

  private func files(_ value: YAMLValue?) throws(ConfigurationError) -> [String: String] {
    guard let reader = try value?.mapping() else { return [:] }
    var files: [String: String] = [:]
    for (target, source) in reader.all() {
      guard ScenarioFile.isInside(target) else {
        throw reader.fail(target, "leaves the party's folder", "Write a path inside it, such as data/purchases.csv")
      }
      files[target] = try ScenarioFile.existing(source, in: context.folder)
    }
    return files
  }

  /// Two parties may share neither the account nor the AWS profile that is made from the name.
  private func refuseTwins(_ parties: [ScenarioParty], _ section: YAMLReader) {
    for (index, party) in parties.enumerated() {
      for other in parties[..<index] {
        if other.account == party.account {
          context.add(section.fail(party.id, "has the account of \(other.id)", "Give each party an account of its own"))
        } else if profile(other) == profile(party) {
          context.add(section.fail(party.id, "has the name of \(other.id)", "Give each party a name of its own"))
        }
      }
    }
  }

  private func profile(_ party: ScenarioParty) -> String? {
    ConsortiumMember("\(party.account):\(party.name)")?.profile
  }
}
