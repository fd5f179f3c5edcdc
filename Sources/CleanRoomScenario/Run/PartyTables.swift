import CleanRoomAPI
import CleanRoomEngine
import CleanRoomModel
import CleanRoomReport
import MemberService

/// A column of a party's source and what the party lets others do with it.
struct PartyColumn: Sendable {
  var name: String
  var type: String?
  var isAllowed: Bool
  /// Travels as a token only, or is the raw column that a token is made from.
  var isIdentifier: Bool
}

/// A source of a party's catalog.
struct PartyTable: Sendable {
  var party: String
  /// As associated with the collaboration; the source's name when it never was.
  var name: String
  var source: TableSource
  var rows: Int?
  var rule: String?
  var columns: [PartyColumn]

  var record: TableRecord {
    TableRecord(
      name: name, rows: rows,
      columns: columns.map { ColumnRecord(name: $0.name, type: $0.type, isAllowed: $0.isAllowed) },
      rule: rule)
  }
}

/// Looks at what the parties have and what they allow, from the sources and through the API.
struct PartyTables: Sendable {
  private let room: RunRoom
  private static let limit: Duration = .seconds(30)

  init(_ room: RunRoom) { self.room = room }

  /// Tables of parties whose daemons do not answer are shown without what only these know.
  func all() async -> [PartyTable] {
    try? DuckDBLibrary.load()
    var tables: [PartyTable] = []
    for party in room.scenario.parties {
      let known = (try? await withTimeLimit(Self.limit) { try await configured(party.id) }) ?? []
      tables += (try? await sources(of: party, known)) ?? []
    }
    return tables
  }

  private func sources(of party: ScenarioParty, _ configured: [ConfiguredTable]) async throws -> [PartyTable] {
    let catalog = try MemberConfiguration.load(room.folder.configuration(of: party)).catalog
    let database = try SourceDatabase(
      sources: catalog.map(\.source), limits: EngineLimits(memory: 512 << 20, threads: 1, spillFolder: nil, spill: 0))
    var tables: [PartyTable] = []
    for entry in catalog {
      guard let description = try? await database.describe(entry.source) else { continue }
      let own = configured.filter {
        $0.database == entry.databaseName.lowercased() && $0.table == entry.tableName.lowercased()
      }
      let allowed = Set(own.flatMap(\.allowed))
      let keys = Self.identifiers(entry.source, own)
      tables.append(
        PartyTable(
          party: party.id, name: own.compactMap(\.association).first ?? entry.tableName, source: entry.source,
          rows: await Self.count(description, database), rule: own.compactMap(\.rule).first,
          columns: description.columns.map { column in
            PartyColumn(
              name: column.name, type: column.type.map { "\($0)" }, isAllowed: allowed.contains(column.name),
              isIdentifier: keys.contains(column.name))
          }))
    }
    return tables
  }

  /// Columns that are joined by, and the raw ones behind derived ones.
  private static func identifiers(_ source: TableSource, _ configured: [ConfiguredTable]) -> Set<String> {
    let joined = Set(configured.flatMap(\.joined))
    return joined.union(source.derived.map { $0.source.lowercased() })
  }

  private static func count(_ description: SourceDescription, _ database: SourceDatabase) async -> Int? {
    guard let reader = try? await database.scan("SELECT CAST(count(*) AS BIGINT) AS n FROM \(description.sql)"),
      let batch = try? await reader.next(), case .int64(let counts)? = batch.columns.first?.storage
    else { return nil }
    return counts.first.map { Int($0) }
  }

  // MARK: Through the API

  private struct ConfiguredTable: Sendable {
    var database: String
    var table: String
    var association: String?
    var allowed: [String]
    var joined: [String]
    var rule: String?
  }

  private func configured(_ party: String) async throws -> [ConfiguredTable] {
    let names = try await associations(party)
    var tables: [ConfiguredTable] = []
    for summary in try await list(party, "ListConfiguredTables", [:], "configuredTableSummaries") {
      guard let id = summary["id"]?.string,
        let table = try await call(party, "GetConfiguredTable", ["configuredTableIdentifier": .string(id)])[
          "configuredTable"],
        let place = table["tableReference"]?["glue"]
      else { continue }
      let rule = table["analysisRuleTypes"]?.stringList?.first
      tables.append(
        ConfiguredTable(
          database: place["databaseName"]?.string?.lowercased() ?? "",
          table: place["tableName"]?.string?.lowercased() ?? "", association: names[id],
          allowed: (table["allowedColumns"]?.stringList ?? []).map { $0.lowercased() },
          joined: try await joined(party, id, rule), rule: rule))
    }
    return tables
  }

  /// Columns that a rule lets others join by, and no more.
  private func joined(_ party: String, _ table: String, _ rule: String?) async throws -> [String] {
    guard let rule else { return [] }
    let output = try await call(
      party, "GetConfiguredTableAnalysisRule",
      ["configuredTableIdentifier": .string(table), "analysisRuleType": .string(rule)])
    let policy = output["analysisRule"]?["policy"]?["v1"]
    let body = policy?["aggregation"] ?? policy?["list"]
    return (body?["joinColumns"]?.stringList ?? []).map { $0.lowercased() }
  }

  /// Names by configured table.
  private func associations(_ party: String) async throws -> [String: String] {
    var names: [String: String] = [:]
    for membership in try await list(party, "ListMemberships", [:], "membershipSummaries") {
      let input = ["membershipIdentifier": membership["id"]]
      for summary in try await list(
        party, "ListConfiguredTableAssociations", input, "configuredTableAssociationSummaries")
      {
        if let table = summary["configuredTableId"]?.string { names[table] = summary["name"]?.string }
      }
    }
    return names
  }

  private func operation(_ name: String) throws -> CleanRoomAPI.Operation {
    guard let operation = ServiceModel.shared.operation(named: name) else {
      throw RunProblem("This version has no operation \(name).")
    }
    return operation
  }

  private func call(_ party: String, _ name: String, _ input: [String: JSONValue?]) async throws -> JSONValue {
    guard let client = room.clients[party] else { throw RunProblem("There is no party \(party).") }
    return try await client.call(try operation(name), .object(input))
  }

  private func list(_ party: String, _ name: String, _ input: [String: JSONValue?], _ member: String) async throws
    -> [JSONValue]
  {
    guard let client = room.clients[party] else { throw RunProblem("There is no party \(party).") }
    let output = try await client.list(try operation(name), .object(input), member: member, limit: nil)
    return output[member]?.array ?? []
  }
}
