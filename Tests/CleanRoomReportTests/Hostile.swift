import CleanRoomReport
import Foundation

/// Puts a text into every string of a record, by way of its JSON.
enum Hostile {
  static func everyText(of record: RunRecord, _ attack: String) -> RunRecord {
    do {
      let tree = try JSONSerialization.jsonObject(with: try JSONEncoder().encode(record))
      let changed = try JSONSerialization.data(withJSONObject: attacked(tree, attack, key: ""))
      return try JSONDecoder().decode(RunRecord.self, from: changed)
    } catch {
      preconditionFailure("The record does not survive its own JSON: \(error)")
    }
  }

  /// Words of an enumeration stay; all else is attacked, names of versions included. What had a form keeps it before the
  /// attack, so that references between parts still hold.
  private static func attacked(_ value: Any, _ attack: String, key: String) -> Any {
    switch value {
    case let text as String: ["kind", "outcome"].contains(key) && isWord(text) ? text : text + attack
    case let list as [Any]: list.map { attacked($0, attack, key: key) }
    case let object as [String: Any]:
      Dictionary(
        uniqueKeysWithValues: object.map {
          (key == "versions" ? $0.key + attack : $0.key, attacked($0.value, attack, key: $0.key))
        })
    default: value
    }
  }

  private static func isWord(_ text: String) -> Bool {
    StepRecord.Kind(rawValue: text) != nil || StepRecord.Outcome(rawValue: text) != nil
  }
}
