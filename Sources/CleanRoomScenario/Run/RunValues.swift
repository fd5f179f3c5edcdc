import CleanRoomAPI
import Synchronization

/// What `${…}` stands for: the parties, the run, and what steps have saved.
final class RunValues: Sendable {
  private let values: Mutex<[String: JSONValue]>
  private let said: Mutex<Set<String>> = Mutex([])

  init(_ room: RunRoom) {
    var values: [String: JSONValue] = [
      "run.seed": .integer(Int64(clamping: room.scenario.seed)), "run.folder": .string(room.folder.path),
      "coordinator.folder": .string(room.folder.coordinator),
    ]
    for party in room.scenario.parties {
      values["\(party.id).account"] = .string(party.account)
      values["\(party.id).name"] = .string(party.name)
      values["\(party.id).abilities"] = .strings(party.abilities)
      values["\(party.id).folder"] = .string(room.folder.party(party))
      values["\(party.id).member"] = .object([
        "accountId": .string(party.account), "displayName": .string(party.name),
        "memberAbilities": .strings(party.abilities),
      ])
    }
    self.values = Mutex(values)
  }

  var current: [String: JSONValue] { values.withLock { $0 } }

  /// Every text that steps have given to the API, which may therefore travel.
  var texts: [String] { said.withLock { Array($0) } }

  func say(_ input: JSONValue) {
    switch input {
    case .string(let text): said.withLock { _ = $0.insert(text) }
    case .array(let elements): for element in elements { say(element) }
    case .dictionary(let members): for member in members.values { say(member) }
    case .null, .bool, .integer, .number: break
    }
  }

  func save(_ value: JSONValue, as name: String) { values.withLock { $0[name] = value } }
}
