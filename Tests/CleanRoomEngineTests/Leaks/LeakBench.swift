import CleanRoomModel
import CleanRoomPlanning
import CleanRoomPolicy
import Testing

@testable import CleanRoomEngine

/// Owners and coordinator in one engine: loads rows, makes of them what a plan's fragments release, and combines it.
final class LeakBench {
  private let connection: EngineConnection

  init() throws { connection = try EngineDatabase(limits: .testing(), ordered: false).connect() }

  /// - Returns: the result's rows as text, in no order.
  func rows(of plan: QueryPlan, over data: LeakData, salt: Int = 0) throws -> [String] {
    for table in RandomCustomTables.all { try load(table, data.rows[table.name] ?? []) }
    for fragment in plan.fragments {
      let columns = fragment.columns.map { column in
        guard case .token(let domain, _) = column.use else { return "\(column.gatheredName)" }
        let token = "CAST(hash('\(salt)\(domain):' || \(column.gatheredName)) AS HUGEINT)"
        return "CASE WHEN \(column.gatheredName) IS NOT NULL THEN \(token) END AS \(column.gatheredName)"
      }
      try connection.execute(
        "CREATE OR REPLACE TABLE \(fragment.gatheredTable) AS SELECT \(columns.joined(separator: ", ")) "
          + "FROM (\(fragment.sql(relation: "source_\(fragment.table)"))) AS released")
    }
    let all = try connection.text(
      "SELECT string_agg(CAST(result AS VARCHAR), chr(10)) FROM (\(plan.combination.sql)) AS result")
    return all?.split(separator: "\n").map(String.init).sorted() ?? []
  }

  private func load(_ table: RandomCustomTables.Table, _ rows: [LeakData.Row]) throws {
    let columns = table.columns.map { "\($0.name) \($0.isText ? "VARCHAR" : "INTEGER")" }
    try connection.execute("CREATE OR REPLACE TABLE source_\(table.name) (\(columns.joined(separator: ", ")))")
    guard !rows.isEmpty else { return }
    let values = rows.map { "(\($0.joined(separator: ", ")))" }.joined(separator: ", ")
    try connection.execute("INSERT INTO source_\(table.name) VALUES \(values)")
  }

}

/// The tables under random rules of one kind.
enum LeakRoom {
  static let runner = "111111111111"

  static func context(_ rules: [String: CustomRule]) throws -> PolicyContext {
    let account = try #require(AccountID(runner))
    let tables = try RandomCustomTables.all.map { table in
      PublishedTable(
        collaboration: try #require(CollaborationID("00000000-0000-4000-8000-000000000001")),
        owner: try #require(AccountID(table.name == "visits" ? runner : "222222222222")), name: table.name,
        association: try #require(AssociationID("00000000-0000-4000-8000-000000000002")),
        configuredTable: try #require(ConfiguredTableID("00000000-0000-4000-8000-000000000003")), description: "",
        columns: table.columns.map { PublishedColumn(name: $0.name, type: $0.isText ? .string : .integer) },
        rule: .custom(rules[table.name] ?? open), allowedResultReceivers: nil, unavailable: nil,
        createdAt: Timestamp(milliseconds: 0), updatedAt: Timestamp(milliseconds: 0))
    }
    return PolicyContext(
      runner: account, tables: tables, receivers: [account], joinsDifferentNames: true, extended: true,
      now: Timestamp(milliseconds: 0))
  }

  static let open = CustomRule(allowedAnalyses: ["ANY_QUERY"], allowedAnalysisProviders: [runner])

  static func threshold(_ minimum: Int) -> CustomRule {
    var rule = open
    rule.aggregationThresholds = [
      .init(identityColumns: ["mail"], minimumIdentityCount: minimum, allowedAggregateExpressionType: .anyExpression)
    ]
    return rule
  }

  static func plan(_ sql: String, _ rules: [String: CustomRule]) throws -> QueryPlan? {
    guard case .approved(let query) = QueryPolicy.check(sql: sql, in: try context(rules)) else { return nil }
    return QueryPlanner.plan(query, joinsDifferentNames: true)
  }
}
