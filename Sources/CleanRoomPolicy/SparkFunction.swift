import CleanRoomModel

/// A call of a scalar function, its arguments resolved.
struct FunctionRequest {
  /// Lower case.
  let name: String
  let arguments: [ResolvedExpression]
  /// The keyword of `TRIM(LEADING …)` and `POSITION(… IN …)`.
  let modifier: String?
  /// The moment that `CURRENT_DATE` and its like stand for.
  let now: Timestamp

  var types: [ColumnType] { arguments.map(\.type) }

  /// A whole number that the query wrote as such.
  func constant(_ index: Int) -> Int64? {
    guard arguments.indices.contains(index), case .literal(.integer(let value)) = arguments[index] else { return nil }
    return value
  }

  func text(_ index: Int) -> String? {
    guard arguments.indices.contains(index), case .literal(.string(let value)) = arguments[index] else { return nil }
    return value
  }
}

/// The scalar functions of Spark SQL (AWS Clean Rooms SQL reference, Spark analytics engine), each with exactly its
/// meaning there: session time zone UTC, and NULL where Spark's default mode gives NULL or a value would not fit.
enum SparkFunction {
  private typealias Group = @Sendable (FunctionRequest) -> FunctionResult?
  private static let groups: [Group] = [
    conditional, dateOrTime, momentPart, text, textPosition, pattern, number, hash,
  ]

  /// - Returns: nil where there is no function of that name.
  static func resolve(_ call: FunctionRequest) -> FunctionResult? {
    for group in groups { if let result = group(call) { return result } }
    return unavailable.contains(call.name) ? .unavailable(call.name.uppercased()) : nil
  }

  /// Functions whose first argument may be a unit written as a word.
  static let unitFunctions: Set<String> = [
    "dateadd", "date_add", "datediff", "date_diff", "timestampadd", "timestampdiff",
  ]
  static let units: Set<String> = [
    "year", "quarter", "month", "week", "day", "hour", "minute", "second", "millisecond", "microsecond",
  ]

  /// Known to Spark, and refused: results that depend on chance, on the session or on the order of rows, values of types
  /// that queries here do not have, and texts whose exact form cannot be given.
  static let unavailable: Set<String> = [
    "rand", "random", "randn", "uuid", "shuffle", "current_user", "session_user", "input_file_name",
    "monotonically_increasing_id", "spark_partition_id", "localtimestamp",
    "array", "array_contains", "array_distinct", "array_except", "array_intersect", "array_join", "array_remove",
    "array_sort", "array_union", "cardinality", "explode", "flatten", "map", "named_struct", "struct", "size", "split",
    "str_to_map", "get_json_object", "to_json", "from_json",
    "aes_encrypt", "aes_decrypt", "xxhash64", "base64", "unbase64", "unhex", "encode", "decode", "crc32",
    "hll_sketch_agg", "hll_sketch_estimate", "hll_union", "hll_union_agg",
    "consent_tcf_v2_decode", "consent_gpp_v1_decode",
    "trunc", "convert", "to_char", "to_number", "format_string", "date_format", "initcap", "soundex", "concat_ws",
    "bround",
    "convert_timezone", "from_utc_timestamp", "to_utc_timestamp", "months_between", "next_day", "unix_timestamp",
    "from_unixtime", "regexp_extract", "regexp_extract_all", "grouping", "grouping_id",
  ]

  // MARK: Conditions

  @Sendable private static func conditional(_ call: FunctionRequest) -> FunctionResult? {
    let arguments = call.arguments
    switch (call.name, arguments.count) {
    case ("coalesce", 1...), ("nvl", 2), ("ifnull", 2): return aligned(.coalesce, arguments)
    case ("greatest", 2...): return aligned(.greatest, arguments)
    case ("least", 2...): return aligned(.least, arguments)
    case ("nvl2", 3):
      return choice(.isNull(arguments[0], negated: true), arguments[1], arguments[2])
    case ("if", 3), ("iff", 3):
      guard arguments[0].type == .boolean else { return .mismatch }
      return choice(arguments[0], arguments[1], arguments[2])
    case ("nullif", 2):
      guard let pair = SparkCoercion.align(arguments) else { return .mismatch }
      let first = arguments[0]
      guard first.fits(ResolvedExpression.longestRepeated) else {
        return .unavailable("NULLIF of so long an expression")
      }
      return .resolved(
        .caseWhen(
          [ResolvedBranch(condition: .compare(.equal, pair[0], pair[1]), result: .literal(.null(first.type)))],
          otherwise: first, first.type))
    case ("isnull", 1): return .resolved(.isNull(arguments[0], negated: false))
    case ("isnotnull", 1): return .resolved(.isNull(arguments[0], negated: true))
    case ("coalesce", _), ("nvl", _), ("ifnull", _), ("greatest", _), ("least", _), ("nvl2", _), ("if", _),
      ("nullif", _),
      ("isnull", _), ("isnotnull", _):
      return .mismatch
    default: return nil
    }
  }

  private static func aligned(_ function: ScalarFunction, _ arguments: [ResolvedExpression]) -> FunctionResult {
    guard let aligned = SparkCoercion.unify(arguments) else { return .mismatch }
    return .resolved(.call(function, aligned, aligned[0].type))
  }

  private static func choice(
    _ condition: ResolvedExpression, _ first: ResolvedExpression, _ second: ResolvedExpression
  ) -> FunctionResult {
    guard let pair = SparkCoercion.unify([first, second]) else { return .mismatch }
    return .resolved(
      .caseWhen([ResolvedBranch(condition: condition, result: pair[0])], otherwise: pair[1], pair[0].type))
  }

  // MARK: Hashes

  /// Digests of the text's UTF-8 in lower-case hexadecimal.
  @Sendable private static func hash(_ call: FunctionRequest) -> FunctionResult? {
    switch (call.name, call.arguments.count) {
    case ("md5", 1): return digest(.md5, call)
    case ("sha", 1), ("sha1", 1): return digest(.sha1, call)
    case ("sha2", 2):
      guard let bits = call.constant(1) else { return .mismatch }
      return bits == 256 || bits == 0 ? digest(.sha256, call) : .unavailable("SHA2 with \(bits) bits")
    case ("hex", 1):
      if call.types[0] == .string { return .resolved(.call(.hexOfText, call.arguments, .string)) }
      guard call.types[0].isInteger, let wide = Coercion.convert(call.arguments[0], to: .bigint) else {
        return .mismatch
      }
      return .resolved(.call(.hexOfNumber, [wide], .string))
    case ("md5", _), ("sha", _), ("sha1", _), ("sha2", _), ("hex", _): return .mismatch
    default: return nil
    }
  }

  private static func digest(_ function: ScalarFunction, _ call: FunctionRequest) -> FunctionResult {
    guard call.types[0] == .string else { return .mismatch }
    return .resolved(.call(function, [call.arguments[0]], .string))
  }
}
