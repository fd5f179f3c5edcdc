import CleanRoomModel
import CleanRoomPolicy
import CleanRoomSQL

/// CUSTOM rules once more, as the AWS Clean Rooms documentation words them, on the parse tree: common tables are put in
/// place of their names, and columns are followed by name. Knows nothing of types; shares only the parser.
struct ReferenceCustomPolicy {
  let context: PolicyContext
  var isRefused = false
  var usesThreshold: Bool { rules.values.contains { $0.threshold != nil } }
  /// The rules of the tables met, by table.
  var rules: [String: ReferenceCustomRule] = [:]
  /// What a query over thresholds may not contain, and what COLUMNS_ONLY judges; known before the rules are.
  var constructs: Set<String> = []
  var changedArguments: [Set<ReferenceBase>] = []
  var extremesAlone = false
  /// Comparisons and thresholds wait until all rules are known.
  var literals: Set<ReferenceBase> = []
  var compared: Set<ReferenceBase> = []
  var minima: [String: (table: String, isOutermost: Bool)] = [:]
  var scans: Set<String> = []
  var wholeCounts: Set<String> = []
  var relations = 0
  /// Faults of rows that belong to single people.
  var exposures = 0
  var result: ReferenceRows?

  /// - Returns: the minima that groups must reach; nil for a refusal.
  static func minima(_ query: Query, _ context: PolicyContext) -> [Int]? {
    var reader = Self(context: context)
    reader.result = reader.rows(query, [:], [], isOutermost: true)
    guard let result = reader.result, !reader.isRefused, reader.tablesAreContent(), reader.outputIsContent(result),
      reader.comparisonsAreContent()
    else { return nil }
    guard reader.usesThreshold else { return [] }
    guard reader.constructs.isDisjoint(with: ReferenceCustomRule.refused), !reader.extremesAlone,
      reader.argumentsAreContent(), reader.exposures == 0
    else { return nil }
    for carried in result.carried where reader.minimum(carried.table, result, isOutermost: true) != 0 { return nil }
    return reader.minima.compactMap { place, group -> Int? in
      if reader.scans.count == 1, reader.wholeCounts.contains(place) { return nil }
      let minimum = reader.minimum(group.table, result, isOutermost: group.isOutermost)
      return minimum == 0 ? nil : minimum
    }.sorted()
  }

  private init(context: PolicyContext) { self.context = context }

  mutating func refuse() { isRefused = true }

  // MARK: The query as a whole

  private func tablesAreContent() -> Bool {
    let receivers = context.receivers.map(\.value)
    return !receivers.isEmpty && !rules.isEmpty
      && rules.values.allSatisfy { rule in
        rule.isSound && rule.permits(context.analysis, by: context.runner)
          && rule.rule.allowedResultReceivers.map { allowed in receivers.allSatisfy(allowed.contains) } ?? true
      }
  }

  /// "Final SELECT: direct, through `*`, inside a transformation, COUNT(col), via alias or CTE alias: blocked."
  private func outputIsContent(_ rows: ReferenceRows) -> Bool {
    rows.columns.allSatisfy { column in
      column.value.all.allSatisfy { !(rules[$0.table]?.rule.disallowedOutputColumns ?? []).contains($0.name) }
    }
  }

  /// "Independent allowlists; absent = unrestricted"; "a literal comparison on an identity column is always refused".
  private func comparisonsAreContent() -> Bool {
    literals.allSatisfy { column in
      guard let rule = rules[column.table] else { return false }
      return rule.identity != column.name
        && rule.rule.comparisonControls?.allowedLiteralComparisonColumns.contains(column.name) ?? true
    }
      && compared.allSatisfy { column in
        rules[column.table]?.rule.comparisonControls?.allowedColumnComparisonColumns.contains(column.name) ?? true
      }
  }

  /// "COLUMNS_ONLY: only a direct column reference, or a constant."
  private func argumentsAreContent() -> Bool {
    let strict = Set(rules.filter { $0.value.threshold?.allowedAggregateExpressionType == .columnsOnly }.keys)
    return strict.isEmpty
      || !constructs.contains("FILTER")
        && changedArguments.allSatisfy { columns in
          !columns.isEmpty && strict.isDisjoint(with: columns.map(\.table))
        }
  }

  /// "Each result row needs ≥N distinct identities; per output column an override (0 = exempt)."
  private func minimum(_ table: String, _ rows: ReferenceRows, isOutermost: Bool) -> Int {
    guard let threshold = rules[table]?.threshold else { return 0 }
    let general = threshold.minimumIdentityCount
    let overrides = threshold.outputColumnThresholds ?? []
    guard isOutermost, !overrides.isEmpty else {
      return max(general, overrides.map(\.minimumIdentityCount).max() ?? 0)
    }
    // What decides whether a row shows, and where, tells as much as a column.
    let minima = (rows.columns.map(\.value) + rows.judged).filter { !$0.isConstant }.map { value -> Int in
      let demanded = value.all.map { base in
        overrides.first { $0.outputColumnName == base.name && base.table == table }?.minimumIdentityCount ?? general
      }
      return (demanded + (value.counts ? [general] : [])).max() ?? general
    }
    return minima.max() ?? general
  }
}

/// A table's rule, word for word.
struct ReferenceCustomRule {
  static let refused: Set<String> = [
    "CUBE", "ROLLUP", "GROUPING SETS", "EXISTS", "LEFT SEMI", "LEFT ANTI", "EXCEPT", "INTERSECT", "OFFSET", "<=>",
    "IS DISTINCT FROM", "reverse", "count_if",
  ]

  let rule: CustomRule
  let columns: [PublishedColumn]

  var threshold: CustomRule.AggregationThreshold? { rule.aggregationThresholds?.first }
  var identity: String? { threshold?.identityColumns.first }

  /// "At most one threshold"; "only one column, string"; 2-100000; 0 or 2-100000, each column once.
  var isSound: Bool {
    guard rule.differentialPrivacy == nil, rule.additionalAnalyses != "REQUIRED" else { return false }
    guard let thresholds = rule.aggregationThresholds else { return true }
    guard thresholds.count == 1, let threshold, threshold.identityColumns.count == 1 else { return false }
    let overrides = threshold.outputColumnThresholds ?? []
    return columns.contains { $0.name == identity && $0.type == .string } && threshold.minimumIdentityCount > 1
      && threshold.type == "COUNT_DISTINCT" && overrides.allSatisfy { ![1].contains($0.minimumIdentityCount) }
      && Set(overrides.map(\.outputColumnName)).count == overrides.count
  }

  /// "ARNs or the wildcard": queries created by a provider run without review.
  func permits(_ analysis: RequestedAnalysis, by runner: AccountID) -> Bool {
    let trusted = rule.allowedAnalyses.contains("ANY_QUERY") ? rule.allowedAnalysisProviders ?? [] : []
    switch analysis {
    case .directQuery: return trusted.contains(runner.value)
    case .template(let arn, let creator):
      return rule.allowedAnalyses.contains(arn) || trusted.contains(creator.value)
    }
  }
}

struct ReferenceBase: Hashable {
  let table: String
  let name: String
}

/// A value as far as rules care.
struct ReferenceValueOfCustom {
  /// The columns that it is made of; with those that subqueries in it read besides.
  var made: Set<ReferenceBase> = []
  var all: Set<ReferenceBase> = []
  /// Equal for equal expressions of one SELECT.
  var form = ""
  var isBare = false
  var isConstant = false
  /// A constant of the query may be what it comes to.
  var mayBeConstant = false
  /// It counts rows.
  var counts = false
  /// Aggregates and windows in it.
  var computed: [String] = []
  var hasWindow = false
  var hasAggregate = false
}

struct ReferenceRows {
  struct Column {
    var qualifier: String?
    var name: String
    var value: ReferenceValueOfCustom
  }

  /// Whose row it is: the column that says so, and the way from its table.
  struct Carried {
    var table: String
    var form: String
    var path: String
  }

  var columns: [Column] = []
  var carried: [Carried] = []
  /// What HAVING and ORDER BY judge by.
  var judged: [ReferenceValueOfCustom] = []
  /// Every column that the query's clauses read.
  var everything: Set<ReferenceBase> = []
}
