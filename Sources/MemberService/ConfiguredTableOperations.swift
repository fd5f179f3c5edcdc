import CleanRoomAPI
import CleanRoomEngine
import CleanRoomModel
import CleanRoomStore

extension MemberAPI {
  func createConfiguredTable(_ call: APICall) async throws -> JSONValue {
    var record = ConfiguredTableRecord(
      id: .random(), name: "", description: nil, databaseName: "", tableName: "", region: nil,
      allowedColumns: [], columns: [], analysisMethod: "", rule: nil, createdAt: call.now, updatedAt: call.now
    )
    let existing = try store.read { try $0.list(.configuredTables).count }
    try Quotas.check(existing, "Configured tables per account", Quotas.configuredTablesPerAccount)
    try record.apply(call.input)
    record.columns = try await describedColumns(record)
    let created = record
    try store.write {
      try $0.put(.configuredTables, id: created.id.value, parent: nil, value: created, at: call.now)
    }
    return answer(created)
  }

  func getConfiguredTable(_ call: APICall) throws -> JSONValue { answer(try configuredTable(call)) }

  func listConfiguredTables(_ call: APICall) throws -> JSONValue {
    let records = try store.read { try $0.list(.configuredTables).map(\.value) }
    return try page(records, id: \.id.value, as: "configuredTableSummaries", call) {
      TableAnswers.summary($0, region: region, account: account)
    }
  }

  func updateConfiguredTable(_ call: APICall) async throws -> JSONValue {
    var wanted = try configuredTable(call)
    try wanted.apply(call.input)
    let columns = try await describedColumns(wanted)
    let record = try change(call) { record, _ in
      try record.apply(call.input)
      record.columns = columns
      try checkRuleStillFits(record)
    }
    await publisher.republish(record.id)
    return answer(record)
  }

  private func checkRuleStillFits(_ record: ConfiguredTableRecord) throws {
    guard let rule = record.rule?.rule else { return }
    let problems = RuleCheck(allowedColumns: record.allowedColumns, columns: record.columns).problems(rule)
    guard problems.isEmpty else {
      throw APIError.field(
        "allowedColumns",
        "The table's analysis rule would not fit any more. Change the rule first. "
          + problems.map(\.message).joined(separator: " "))
    }
  }

  /// The table's analysis rule goes with it.
  func deleteConfiguredTable(_ call: APICall) throws -> JSONValue {
    let record = try configuredTable(call)
    try store.write { writer in
      guard try !writer.list(.associations).contains(where: { $0.value.configuredTable == record.id }) else {
        throw APIError.conflict(
          "The configured table is associated with a collaboration. Delete its associations first.",
          id: record.id.value, type: "CONFIGURED_TABLE", reason: "SUBRESOURCES_EXIST")
      }
      try writer.delete(.configuredTables, record.id.value)
    }
    return .object([:])
  }

  private func answer(_ record: ConfiguredTableRecord) -> JSONValue {
    .object(["configuredTable": TableAnswers.table(record, region: region, account: account)])
  }

  /// Looks the columns up in the source; this API is the owner's own, so it may say everything.
  private func describedColumns(_ record: ConfiguredTableRecord) async throws(APIError) -> [PublishedColumn] {
    let columns: [CatalogColumn]
    do {
      columns = try await catalog.columns(of: record.catalogName)
    } catch {
      throw .validation(error.ownerMessage)
    }
    let problems = record.allowedColumns.enumerated().compactMap { index, name -> APIError.Field? in
      let column = columns.first { $0.name == name }
      guard column?.type == nil else { return nil }
      let what =
        column == nil
        ? "Table \(record.catalogName) has no column \(name). It has: \(columns.map(\.name).joined(separator: ", "))."
        : "Column \(name) has a type that cannot be used. Give it one under columns in member.yaml."
      return .init(name: "allowedColumns[\(index)]", message: what)
    }
    guard problems.isEmpty else { throw .fields(problems) }
    do {
      return try columns.published(record.allowedColumns)
    } catch {
      throw .validation(error.ownerMessage)
    }
  }
}

extension ConfiguredTableRecord {
  /// Column names that SQL reserves.
  private static let reserved: Set<String> = ["oid", "tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"]

  /// Takes over what a create or update input names.
  mutating func apply(_ input: JSONValue) throws(APIError) {
    if let name = input["name"]?.string { self.name = name }
    if let description = input["description"]?.string { self.description = description }
    if let reference = input["tableReference"], reference.dictionary != nil { try refer(reference) }
    if let method = input["analysisMethod"]?.string {
      guard method == "DIRECT_QUERY" else {
        throw .validation("The analysis method \(method) is not available in this version. Use DIRECT_QUERY.")
      }
      analysisMethod = method
    }
    if let columns = input["allowedColumns"]?.stringList { try allow(columns) }
  }

  private mutating func refer(_ reference: JSONValue) throws(APIError) {
    guard let glue = reference["glue"], glue.dictionary != nil else {
      let kind = reference.dictionary?.keys.sorted().first ?? "other"
      throw .validation(
        "The table reference \(kind) is not available in this version. Use glue with a database and table of this member's catalog."
      )
    }
    databaseName = glue["databaseName"]?.string ?? ""
    tableName = glue["tableName"]?.string ?? ""
    region = glue["region"]?.string
  }

  private mutating func allow(_ columns: [String]) throws(APIError) {
    var problems: [APIError.Field] = []
    for (index, name) in columns.enumerated() {
      if columns[..<index].contains(name) {
        problems.append(.init(name: "allowedColumns[\(index)]", message: "Column \(name) is listed twice."))
      } else if Self.reserved.contains(name) {
        problems.append(
          .init(name: "allowedColumns[\(index)]", message: "The name \(name) is reserved by SQL."))
      }
    }
    guard problems.isEmpty else { throw .fields(problems) }
    allowedColumns = columns
  }
}
