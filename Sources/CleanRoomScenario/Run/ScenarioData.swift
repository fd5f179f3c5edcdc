import CleanRoomDaemon
import CleanRoomSynthetic

extension Scenario {
  /// The tables that the run makes up; nil when there are none.
  /// - Throws: `ConfigurationError` with the place in the file.
  public func dataPlan() throws(ConfigurationError) -> DataPlan? {
    guard let data else { return nil }
    let plan = try DataSpecificationReader.read(data, seed: seed)
    let known = parties.map(\.id)
    for table in plan.specification.tables where !known.contains(table.name.party) {
      throw data.fail(
        "has a table of the party \(table.name.party), which is not known",
        "Known here: \(known.joined(separator: ", "))")
    }
    return plan
  }
}
