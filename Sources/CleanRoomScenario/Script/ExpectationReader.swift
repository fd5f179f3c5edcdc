import CleanRoomAPI
import CleanRoomDaemon

/// Reads what is expected of a call.
struct ExpectationReader {
  let context: ReadingContext
  let operation: Operation
  /// Whether it is a query whose end is waited for.
  let waits: Bool

  static let queryKeys = [
    "status", "error", "rows", "columns", "result", "contains", "released", "releasedRows", "receivers",
  ]
  static let statuses = ["SUCCESS", "FAILED", "CANCELLED", "TIMED_OUT"]
  static let releaseKinds = ["TOKEN", "VALUE", "PRESENCE"]

  /// What any operation answers to a signature that does not count, for instance where clocks differ.
  static let signatureErrors = ["InvalidSignatureException"]

  func expectation(_ value: YAMLValue?) throws(ConfigurationError) -> Expectation {
    let reader = try value?.mapping()
    let ended = waits ? QueryExpectation() : nil
    guard let reader else { return Expectation(refusal: nil, output: [], query: ended) }
    let refusal = try reader.optional("refused").map { value throws(ConfigurationError) in try self.refusal(value) }
    if refusal != nil, let other = reader.keys.first(where: { $0 != "refused" }) {
      throw reader.fail(other, "cannot come with refused", "A refused call has no other outcome: remove one of them")
    }
    let output = try output(reader.optional("output"))
    let query = refusal == nil ? try query(reader) : nil
    context.finish(reader)
    return Expectation(refusal: refusal, output: output, query: query)
  }

  private func refusal(_ value: YAMLValue) throws(ConfigurationError) -> RefusalExpectation {
    let reader = try value.mapping()
    let error = try reader.required("error").choice(operation.errors + Self.signatureErrors)
    var reason: String?
    if let value = reader.optional("reason") {
      guard case .string(let words?)? = ServiceModel.shared.errorType(error).members["reason"]?.form else {
        throw value.fail("is given, but \(error) has none", "Remove it")
      }
      reason = try value.choice(words)
    }
    var messages: [String] = []
    for message in try reader.optional("messages")?.elements() ?? [] { messages.append(try context.text(message)) }
    context.finish(reader)
    return RefusalExpectation(error: error, reason: reason, messages: messages)
  }

  private func output(_ value: YAMLValue?) throws(ConfigurationError) -> [(path: JSONPath, value: JSONValue)] {
    guard let reader = try value?.mapping() else { return [] }
    var result: [(path: JSONPath, value: JSONValue)] = []
    for (name, value) in reader.all() {
      let (path, type) = try JSONPath.read(name, in: operation, at: value)
      result.append((path, InputReader.value(value, as: type, context)))
    }
    return result
  }

  private func query(_ reader: YAMLReader) throws(ConfigurationError) -> QueryExpectation? {
    guard waits else {
      if let key = reader.keys.first(where: Self.queryKeys.contains) {
        throw reader.fail(
          key, "is only for a StartProtectedQuery whose end is waited for", "Use output: {PATH: VALUE} instead")
      }
      return nil
    }
    var query = QueryExpectation()
    query.status = try reader.optional("status")?.choice(Self.statuses) ?? query.status
    query.error = try reader.optional("error").map { value throws(ConfigurationError) in try context.text(value) }
    if query.error != nil, query.status == "SUCCESS" {
      throw reader.fail("error", "cannot come with SUCCESS", "Add status: FAILED")
    }
    try result(reader, into: &query)
    try releases(reader, into: &query)
    return query
  }

  private func result(_ reader: YAMLReader, into query: inout QueryExpectation) throws(ConfigurationError) {
    for key in ["rows", "columns", "result", "contains", "receivers"]
    where query.status != "SUCCESS" && reader.optional(key) != nil {
      throw reader.fail(key, "cannot come with \(query.status)", "Such a query has no result: remove it")
    }
    query.rows = try reader.optional("rows").map { value throws(ConfigurationError) in try count(value) }
    query.columns = try reader.optional("columns")?.strings()
    if let rows = try reader.optional("result")?.elements() {
      query.result = []
      for row in rows {
        var cells: [String?] = []
        for cell in try row.elements() { cells.append(try self.cell(cell)) }
        query.result?.append(cells)
      }
    }
    for row in try reader.optional("contains")?.elements() ?? [] {
      var cells: [String: String?] = [:]
      for (column, cell) in try row.mapping().all() { cells[column] = .some(try self.cell(cell)) }
      query.contains.append(cells)
    }
    if let receivers = try reader.optional("receivers")?.elements() {
      query.receivers = []
      for receiver in receivers { query.receivers?.append(try context.party(receiver)) }
    }
  }

  /// NULL is a plain `null` or `~`; an empty text is `""`.
  private func cell(_ value: YAMLValue) throws(ConfigurationError) -> String? {
    if case .scalar(let text, isPlain: true) = value.node.content, ["", "~", "null"].contains(text) { return nil }
    return try context.text(value)
  }

  private func releases(_ reader: YAMLReader, into query: inout QueryExpectation) throws(ConfigurationError) {
    if let released = try reader.optional("released")?.mapping() {
      for (party, tables) in released.all() {
        let id = try context.knownParty(party, in: released)
        query.released[id] = [:]
        for (table, columns) in try tables.mapping().all() {
          var kinds: [String: String] = [:]
          for (column, kind) in try columns.mapping().all() { kinds[column] = try kind.choice(Self.releaseKinds) }
          query.released[id]?[table] = kinds
        }
      }
    }
    if let rows = try reader.optional("releasedRows")?.mapping() {
      for (party, tables) in rows.all() {
        let id = try context.knownParty(party, in: rows)
        for (table, value) in try tables.mapping().all() {
          query.releasedRows[id, default: [:]][table] = try count(value)
        }
      }
    }
  }

  /// `12`, or `{min: 1, max: 20}` with either left out.
  private func count(_ value: YAMLValue) throws(ConfigurationError) -> CountExpectation {
    guard value.isMapping else {
      let number = try value.integer(minimum: 0)
      return CountExpectation(minimum: number, maximum: number)
    }
    let reader = try value.mapping()
    let minimum = try reader.optional("min")?.integer(minimum: 0)
    let maximum = try reader.optional("max")?.integer(minimum: minimum ?? 0)
    try reader.finish()
    guard minimum != nil || maximum != nil else { throw value.fail("sets no limit", "Give it min, or max, or both") }
    return CountExpectation(minimum: minimum ?? 0, maximum: maximum ?? .max)
  }
}

extension QueryExpectation {
  /// Success, and nothing more.
  init() {
    self.init(
      status: "SUCCESS", error: nil, rows: nil, columns: nil, result: nil, contains: [], released: [:],
      releasedRows: [:], receivers: nil)
  }
}
