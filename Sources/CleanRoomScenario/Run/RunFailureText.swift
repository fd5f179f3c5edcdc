import CleanRoomReport

/// Why a run did not come out as expected, for people.
public enum RunFailureText {
  /// - Returns: nil if it did.
  public static func text(_ record: RunRecord, _ scenario: Scenario) -> String? {
    if let step = record.steps.first(where: { $0.outcome == .unmet }) {
      return self.text(step, line(of: step.number, scenario.steps), record)
    }
    if let check = record.checks.first(where: { $0.outcome == .unmet }) {
      return "the closing check \(check.name) of \(record.file) does not hold: \(check.detail)"
    }
    return nil
  }

  private static func text(_ step: StepRecord, _ line: Int?, _ record: RunRecord) -> String {
    let place = line.map { "\(record.file), line \($0)" } ?? record.file
    let what = [step.party, step.operation ?? step.title].compactMap { $0 }.joined(separator: ": ")
    let title = step.title == step.operation ? "" : " \"\(step.title)\""
    return """
      step \(step.number)\(title) (\(place)) did not come out as expected
        call:     \(what)
        expected: \(indented(step.expected ?? ""))
        seen:     \(indented(step.seen ?? ""))
      """
  }

  private static func indented(_ text: String) -> String { text.replacing("\n", with: "\n            ") }

  private static func line(of number: String, _ steps: [ScenarioStep]) -> Int? {
    let parts = number.split(separator: ".").compactMap { Int($0) }
    guard let first = parts.first, steps.indices.contains(first - 1) else { return nil }
    let step = steps[first - 1]
    guard parts.count > 1, case .parallel(let inner) = step.action, inner.indices.contains(parts[1] - 1) else {
      return step.line
    }
    return inner[parts[1] - 1].line
  }
}
