import CleanRoomModel
import CleanRoomPolicy

/// One case of the corpus: tables with their rules, a query, and what becomes of it.
struct PolicyCase {
  var file: String
  var title: String
  var tables: [PublishedTable]
  var runner: AccountID
  var receivers: [AccountID]
  var isStrict = false
  var joinsDifferentNames = true
  var analysis = RequestedAnalysis.directQuery
  var parameters: [QueryParameter] = []
  var query: [String] = []
  /// Nil while the case does not say.
  var isPermitted: Bool?
  /// `code line:column message`, or `code - message` for reasons about the whole query.
  var reasons: [String] = []
  var output: [String]?
  /// The minima of a CUSTOM query's thresholds, in ascending order.
  var minima: [String]?
  /// Each threshold as `table.column minimum`, in order.
  var thresholds: [String]?
  var extensions: [String]?
  /// The tree that a CUSTOM query became, spelled.
  var meaning: [String]?

  var context: PolicyContext {
    PolicyContext(
      runner: runner, tables: tables, receivers: receivers, joinsDifferentNames: joinsDifferentNames,
      extended: !isStrict, now: Timestamp(milliseconds: 1_766_000_000_000), analysis: analysis,
      parameters: parameters)
  }

  var sql: String { query.joined(separator: "\n") }
}

struct CaseError: Error, CustomStringConvertible {
  let description: String
}

/// Reads `.case` files: `include` or `table` blocks first, then cases. Indented lines belong to the line above them.
struct CaseFileReader {
  let file: String
  private var tables: [PublishedTable] = []
  private var cases: [PolicyCase] = []

  static func read(_ text: String, file: String, include: (String) throws -> String) throws -> [PolicyCase] {
    var reader = CaseFileReader(file: file)
    for block in Self.blocks(text) { try reader.read(block, include) }
    return reader.cases
  }

  private init(file: String) { self.file = file }

  private struct Block {
    var head: String
    var lines: [String] = []
  }

  private static func blocks(_ text: String) -> [Block] {
    var blocks: [Block] = []
    for line in text.split(separator: "\n", omittingEmptySubsequences: true) where !line.hasPrefix("#") {
      if line.hasPrefix("  ") {
        if !blocks.isEmpty { blocks[blocks.count - 1].lines.append(String(line.dropFirst(2))) }
      } else {
        blocks.append(Block(head: String(line)))
      }
    }
    return blocks
  }

  private mutating func read(_ block: Block, _ include: (String) throws -> String) throws {
    let (word, rest) = Self.split(block.head)
    switch word {
    case "include":
      for inner in Self.blocks(try include(rest)) { try read(inner, include) }
    case "table": tables.append(try TableBlock.read(rest, block.lines))
    case "case":
      let runner = try Self.account("123456789012")
      cases.append(PolicyCase(file: file, title: rest, tables: tables, runner: runner, receivers: [runner]))
    default:
      guard !cases.isEmpty else { throw CaseError(description: "\(file): \(block.head) before any case") }
      try read(word, rest, block.lines, into: &cases[cases.count - 1])
    }
  }

  private func read(_ word: String, _ rest: String, _ lines: [String], into current: inout PolicyCase) throws {
    switch word {
    case "runner":
      current.runner = try Self.account(rest)
      current.receivers = [current.runner]
    case "receivers": current.receivers = try Self.list(rest).map(Self.account)
    case "strict": current.isStrict = true
    case "template":
      let (arn, creator) = Self.split(rest)
      current.analysis = .template(arn: arn, creator: try Self.account(String(creator.dropFirst("of ".count))))
    case "parameter":
      // `name TYPE [value]`
      let (name, typed) = Self.split(rest)
      let (type, value) = Self.split(typed)
      current.parameters.append(QueryParameter(name: name, type: type, value: value.isEmpty ? nil : value))
    case "same-names": current.joinsDifferentNames = false
    case "query": current.query = lines
    case "permitted": current.isPermitted = true
    case "refused":
      current.isPermitted = false
      current.reasons = lines
    case "output": current.output = Self.list(rest)
    case "minima": current.minima = Self.list(rest)
    case "thresholds": current.thresholds = Self.list(rest)
    case "meaning": current.meaning = lines
    case "extensions": current.extensions = Self.list(rest)
    default: throw CaseError(description: "\(file): \(word) is not a part of a case")
    }
  }

  static func split(_ line: String) -> (String, String) {
    let word = line.prefix { $0 != " " }
    return (String(word), line.dropFirst(word.count).trimmed)
  }

  static func list(_ text: String) -> [String] {
    text.split(separator: ";").map(\.trimmed).filter { !$0.isEmpty }
  }

  static func account(_ text: String) throws -> AccountID {
    guard let account = AccountID(text) else { throw CaseError(description: "\(text) is not an account") }
    return account
  }
}

extension Substring {
  var trimmed: String {
    let end = reversed().drop { $0 == " " }
    return String(String(end.reversed()).drop { $0 == " " })
  }
}
