import CleanRoomAPI
import CleanRoomReport
import Foundation
import Yams

/// Until the reader is merged.
public enum ScenarioReader {
  public static func read(_ file: String) throws -> Scenario {
    let text = try String(contentsOfFile: file, encoding: .utf8)
    guard let root = try Yams.compose(yaml: text) else { throw RunProblem("empty") }
    let path = URL(fileURLWithPath: file).standardizedFileURL.path
    var parties: [ScenarioParty] = []
    for (key, value) in root["parties"]?.mapping ?? .init([]) {
      parties.append(
        ScenarioParty(
          id: key.string ?? "", account: value["account"]?.string ?? "", name: value["name"]?.string ?? "",
          abilities: value["abilities"]?.sequence?.compactMap(\.string) ?? [],
          configuration: try value["configuration"].map { try Yams.serialize(node: $0) } ?? "",
          files: Dictionary(
            uniqueKeysWithValues: (value["files"]?.mapping ?? .init([])).map { ($0.key.string ?? "", $0.value.string ?? "") }),
          line: 1))
    }
    var checks: [ScenarioCheck] = []
    for (key, value) in root["checks"]?.mapping ?? .init([]) {
      switch key.string {
      case "ledgers": checks.append(.ledgersIntact)
      case "disclosure": checks.append(.nothingDisclosed)
      case "daemons": checks.append(.allRunning)
      default: checks.append(.results(Dictionary(uniqueKeysWithValues: (value.mapping ?? .init([])).map { ($0.key.string ?? "", $0.value.int ?? 0) })))
      }
    }
    return Scenario(
      file: path, title: root["title"]?.string ?? "", story: root["story"]?.string ?? "",
      seed: UInt64(root["seed"]?.int ?? 1), coordinatorLimits: nil, parties: parties,
      preparation: root["prepare"].map { Preparation(packages: $0["packages"]?.sequence?.compactMap(\.string) ?? [], script: (path as NSString).deletingLastPathComponent + "/" + ($0["script"]?.string ?? ""), line: 1) },
      steps: try (root["steps"]?.sequence ?? []).map(step), checks: checks)
  }

  static func step(_ node: Node) throws -> ScenarioStep {
    let action: StepAction
    if let parallel = node["parallel"]?.sequence { action = .parallel(try parallel.map(step)) }
    else if let wait = node["wait"]?.string { action = .wait(duration(wait)) }
    else if let fault = node["fault"] { action = .fault(try self.fault(fault)) }
    else {
      guard let operation = ServiceModel.shared.operation(named: node["call"]?.string ?? "") else { throw RunProblem("no such operation") }
      var expectation = Expectation(refusal: nil, output: [], query: nil)
      let expect = node["expect"]
      if let refused = expect?["refused"] {
        expectation.refusal = RefusalExpectation(error: refused["error"]?.string ?? "", reason: refused["reason"]?.string, messages: refused["messages"]?.sequence?.compactMap(\.string) ?? [])
      }
      if operation.name == "StartProtectedQuery" {
        let rows = expect?["rows"]
        let count = rows?.int.map { CountExpectation(minimum: $0, maximum: $0) }
        expectation.query = QueryExpectation(status: expect?["status"]?.string ?? "SUCCESS", error: expect?["error"]?.string, rows: count, columns: nil, result: nil, contains: [], released: [:], releasedRows: [:], receivers: expect?["receivers"]?.sequence?.compactMap(\.string))
      }
      let until = node["until"]?.mapping?.first
      action = .call(
        APIStep(
          party: node["as"]?.string ?? "", operation: operation, input: json(node["with"] ?? .mapping(.init([]))),
          save: (node["save"]?.mapping ?? .init([])).compactMap { pair in JSONPath(pair.value.string ?? "").map { (pair.key.string ?? "", $0) } },
          until: until.flatMap { pair in JSONPath(pair.key.string ?? "").map { ($0, [json(pair.value)].flatMap { $0.array ?? [$0] }) } },
          waits: node["wait"]?.bool ?? true, expectation: expectation))
    }
    return ScenarioStep(title: node["do"]?.string, line: node.mark?.line ?? 0, action: action, limit: node["limit"]?.string.map(duration) ?? .seconds(60))
  }

  static func fault(_ node: Node) throws -> Fault {
    guard let (key, value) = node.mapping?.first.map({ ($0.key.string ?? "", $0.value) }) else {
      if node.string == "honest" { return .honest }
      throw RunProblem("bad fault")
    }
    let name = value.string ?? ""
    switch key {
    case "kill": return .kill(name)
    case "stop": return .stop(name)
    case "start": return .start(name)
    case "restart": return .restart(name)
    case "pause": return .pause(name)
    case "resume": return .resume(name)
    case "cut": return .cut(name)
    case "mend": return .mend(name)
    case "fillDisk": return .fillDisk(name)
    case "freeDisk": return .freeDisk(name)
    case "expireCertificate": return .expireCertificate(name)
    case "renewCertificate": return .renewCertificate(name)
    case "revokeCertificate": return .revokeCertificate(name)
    case "lie": return .lie(name)
    case "honest": return .honest
    case "slow": return .slow(value["link"]?.string ?? "", delay: duration(value["delay"]?.string ?? "0ms"), bytesPerSecond: value["bytesPerSecond"]?.int)
    case "skewClock": return .skewClock(value["party"]?.string ?? "", seconds: Int(duration(value["by"]?.string ?? "0s").seconds))
    default: throw RunProblem("bad fault \(key)")
    }
  }

  static func duration(_ text: String) -> Duration {
    let digits = text.prefix { $0.isNumber || $0 == "-" }
    let factor = ["ms": 1, "s": 1000, "min": 60_000][String(text.dropFirst(digits.count))] ?? 1000
    return .milliseconds((Int(digits) ?? 0) * factor)
  }

  static func json(_ node: Node) -> JSONValue {
    switch node {
    case .mapping(let mapping): .object(Dictionary(uniqueKeysWithValues: mapping.map { ($0.key.string ?? "", json($0.value)) }))
    case .sequence(let list): .array(list.map(json))
    case .scalar(let scalar):
      scalar.style == .plain ? (node.bool.map { .bool($0) } ?? (scalar.string.count < 12 ? node.int.map { .integer(Int64($0)) } : nil) ?? .string(scalar.string)) : .string(scalar.string)
    default: .null
    }
  }
}

public enum ScenarioSchema { public static let text = "{}" }

enum References {
  static func resolve(_ value: JSONValue, _ values: [String: JSONValue]) throws -> JSONValue {
    switch value {
    case .string(let text):
      if text.hasPrefix("${"), text.hasSuffix("}"), let value = values[String(text.dropFirst(2).dropLast())] { return value }
      var text = text
      for (name, value) in values { text = text.replacing("${\(name)}", with: value.string ?? value.text) }
      return .string(text)
    case .array(let list): return .array(try list.map { try resolve($0, values) })
    case .dictionary(let members): return .object(try members.mapValues { try resolve($0, values) })
    default: return value
    }
  }

  static func resolve(_ expectation: Expectation, _ values: [String: JSONValue]) throws -> Expectation { expectation }
}

enum ExpectationCheck {
  static func refusal(_ error: APIError, _ expectation: Expectation) -> Mismatch? {
    guard let refusal = expectation.refusal else { return Mismatch(expected: "an answer", seen: StepText.refusal(error)) }
    let good = refusal.error == error.type && (refusal.reason == nil || refusal.reason == error.body["reason"]?.string) && refusal.messages.allSatisfy { error.message.contains($0) }
    return good ? nil : Mismatch(expected: "\(refusal)", seen: StepText.refusal(error))
  }

  static func answer(_ output: JSONValue, _ expectation: Expectation) -> Mismatch? {
    expectation.refusal.map { Mismatch(expected: "a refusal: \($0.error)", seen: "it was accepted") }
  }

  static func query(_ query: ObservedQuery, _ expectation: Expectation) -> Mismatch? {
    guard let expected = expectation.query else { return nil }
    if expected.status != query.status { return Mismatch(expected: "status \(expected.status)", seen: "status \(query.status): \(query.error ?? "")") }
    if let rows = expected.rows, rows.minimum > query.rows?.count ?? -1 || rows.maximum < query.rows?.count ?? -1 { return Mismatch(expected: "\(rows.minimum) rows", seen: "\(query.rows?.count ?? -1) rows") }
    if let error = expected.error, query.error?.contains(error) != true { return Mismatch(expected: error, seen: query.error ?? "") }
    return nil
  }
}
