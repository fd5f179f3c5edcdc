/// The run in figures and in one careful sentence.
struct Outcome {
  private let record: RunRecord

  init(_ record: RunRecord) { self.record = record }

  var met: Int { record.steps.count { $0.outcome == .met } }
  var unmetChecks: Int { record.checks.count { $0.outcome == .unmet } }
  var queries: [QueryRecord] { record.steps.compactMap(\.query) }

  /// Bytes after decryption, in both directions.
  var searchedBytes: Int? {
    record.disclosure.map { $0.links.reduce(0) { $0 + $1.clearBytesSent + $1.clearBytesReceived } }
  }

  /// Different values that were searched for by themselves.
  var searchedValues: Int { record.disclosure?.canaries.reduce(0) { $0 + $1.values - $1.tooShort } ?? 0 }

  /// Green only when everything was as expected and the search, if there was one, found nothing.
  var isGood: Bool { record.isAsExpected && (record.disclosure?.isClean ?? true) }

  var sentence: String { [steps, checks, disclosure].compactMap(\.self).joined(separator: "; ") + "." }

  private var steps: String {
    let all = record.steps.count
    guard all > 0 else { return "No step was run" }
    if met == all { return all == 1 ? "The one step went as expected" : "All \(all) steps went as expected" }
    let unmet = record.steps.filter { $0.outcome == .unmet }.map(\.number)
    let failed = unmet.isEmpty ? nil : "\(unmet.count == 1 ? "step" : "steps") \(Names.list(unmet)) did not"
    let missing = record.steps.count { $0.outcome == .notRun }
    let unreached = missing == 0 ? nil : "\(missing) \(missing == 1 ? "was" : "were") not run"
    let rest = [failed, unreached].compactMap(\.self).joined(separator: ", ")
    return "\(met) of \(all) steps went as expected: \(rest)"
  }

  private var checks: String? {
    unmetChecks == 0 ? nil : "\(Numbers.count(unmetChecks, "closing check")) failed"
  }

  private var disclosure: String? {
    guard let record = record.disclosure, let bytes = searchedBytes else { return "traffic was not captured" }
    let searched = "\(Numbers.bytes(bytes)) of decrypted traffic searched"
    if !record.findings.isEmpty {
      return "\(searched): \(Numbers.count(record.findings.count, "withheld value")) found"
    }
    if !record.unlisted.isEmpty { return "\(searched): it holds what no ledger lists" }
    if searchedValues == 0 { return "\(searched), but no withheld value could be searched for" }
    return "\(searched), and nothing withheld was found"
  }
}
