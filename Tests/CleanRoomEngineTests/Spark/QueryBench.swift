import CleanRoomModel
import CleanRoomPlanning
import CleanRoomPolicy

@testable import CleanRoomEngine

/// Raw tables in one engine, and queries over them run as a collaboration runs them: checked, planned, gathered with
/// tokens for join keys, combined.
struct QueryBench {
  struct Table {
    let name: String
    let columns: [(name: String, type: ColumnType)]
  }

  struct Refused: Error, CustomStringConvertible {
    let description: String
  }

  private let connection: EngineConnection
  private let tables: [PublishedTable]
  private let runner: AccountID

  /// - Parameter tables: every second one belongs to the other member.
  init(_ tables: [Table], threads: Int = 1) throws {
    let limits = EngineLimits(memory: 1 << 30, threads: threads, spillFolder: nil, spill: 0)
    connection = try EngineDatabase(limits: limits, ordered: false).connect()
    runner = try AccountID.named("111122223333")
    let owners = [runner, try AccountID.named("444455556666")]
    self.tables = try tables.enumerated().map { try Self.published($1, owner: owners[$0 % 2]) }
    for table in tables {
      let columns = table.columns.map { "\($0.name) \(EngineTypes.sql($0.type))" }
      try connection.execute("CREATE TABLE \(table.name) (\(columns.joined(separator: ", ")))")
    }
  }

  private static func published(_ table: Table, owner: AccountID) throws -> PublishedTable {
    guard let collaboration = CollaborationID("11111111-1111-4111-8111-111111111111"),
      let association = AssociationID("22222222-2222-4222-8222-222222222222"),
      let configured = ConfiguredTableID("33333333-3333-4333-8333-333333333333")
    else { throw Refused(description: "identifiers") }
    return PublishedTable(
      collaboration: collaboration, owner: owner, name: table.name, association: association,
      configuredTable: configured, description: "",
      columns: table.columns.map { PublishedColumn(name: $0.name, type: $0.type) },
      rule: .custom(CustomRule(allowedAnalyses: ["ANY_QUERY"], allowedAnalysisProviders: ["111122223333"])),
      allowedResultReceivers: nil, unavailable: nil, createdAt: Timestamp(milliseconds: 0),
      updatedAt: Timestamp(milliseconds: 0))
  }

  /// - Parameter rows: engine SQL, one text per row.
  func fill(_ table: String, _ rows: [String]) throws {
    try connection.execute("DELETE FROM \(table)")
    if !rows.isEmpty { try connection.execute("INSERT INTO \(table) VALUES \(rows.joined(separator: ", "))") }
  }

  // MARK: Queries

  /// - Throws: `Refused` with the reasons.
  func plan(_ sql: String) throws -> QueryPlan {
    let context = PolicyContext(
      runner: runner, tables: tables, receivers: [runner], joinsDifferentNames: true, extended: true,
      now: Timestamp(milliseconds: 1_750_000_000_000))
    switch QueryPolicy.check(sql: sql, in: context) {
    case .approved(let approved): return QueryPlanner.plan(approved, joinsDifferentNames: true)
    case .refused(let reasons): throw Refused(description: reasons.map(\.message).joined(separator: "; "))
    }
  }

  /// What the combination gives over what the fragments release.
  func run(_ plan: QueryPlan) throws -> BenchResult {
    for fragment in plan.fragments { try gather(fragment) }
    return try read(plan.combination.sql)
  }

  private func gather(_ fragment: Fragment) throws {
    let rows = fragment.sql(relation: EngineSQL.identifier(fragment.table))
    let columns = fragment.columns.map { column -> String in
      let name = EngineSQL.identifier(column.column)
      let source = EngineSQL.identifier(column.gatheredName)
      if column.use == .presence { return "TRUE AS \(source)" }
      guard case .token(let domain, _) = column.use else { return "\(name) AS \(source)" }
      let text = "CAST(\(name) AS VARCHAR) || \(EngineSQL.string(domain))"
      return "CASE WHEN \(name) IS NOT NULL THEN CAST(hash(\(text)) AS HUGEINT) END AS \(source)"
    }
    let conditions = rows.range(of: " WHERE ").map { String(rows[$0.lowerBound...]) } ?? ""
    let list = columns.joined(separator: ", ")
    try connection.execute(
      "CREATE OR REPLACE TABLE \(fragment.gatheredTable) AS SELECT \(list) FROM "
        + EngineSQL.identifier(fragment.table) + conditions)
  }

  /// Any engine query over the raw tables.
  func read(_ sql: String) throws -> BenchResult {
    let reader = try BatchReader(try connection.run(sql), on: connection)
    var result = BenchResult(columns: reader.columns)
    while let batch = try reader.readBlocking() { result.append(batch) }
    return result
  }
}

extension AccountID {
  fileprivate static func named(_ digits: String) throws -> AccountID {
    guard let account = AccountID(digits) else { throw QueryBench.Refused(description: digits) }
    return account
  }
}

/// Rows as texts: NULL, strings in quotes, everything else as result files write it.
struct BenchResult: Equatable {
  let columns: [ResultField]
  private(set) var rows: [[String]] = []

  init(columns: [ResultField]) { self.columns = columns }

  mutating func append(_ batch: ColumnBatch) {
    for row in 0..<batch.rowCount {
      rows.append(zip(batch.columns, columns).map { Self.text($0, row, $1) })
    }
  }

  private static func text(_ column: ColumnVector, _ row: Int, _ field: ResultField) -> String {
    guard column.isValid(row) else { return "NULL" }
    switch column.storage {
    case .bytes(let offsets, let data):
      let bytes = data[Int(offsets[row])..<Int(offsets[row + 1])]
      return "'" + String(decoding: bytes, as: UTF8.self) + "'"
    case .float(let values): return "\(values[row])"
    case .double(let values): return "\(values[row])"
    default:
      let texts = CSVResultEncoder(columns: [field]).rows(ColumnBatch(rowCount: column.count, columns: [column]))
      let lines = texts.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      return String(decoding: lines[row], as: UTF8.self)
    }
  }
}
