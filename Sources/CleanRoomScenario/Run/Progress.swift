import CleanRoomReport
import Foundation
import Synchronization

/// Tells what the run does, a line each; colours only on a terminal.
public final class Progress: Sendable {
  private let isColoured: Bool
  private let write: @Sendable (String) -> Void

  /// - Parameter write: takes a line without its end.
  public init(isColoured: Bool, write: @escaping @Sendable (String) -> Void) {
    self.isColoured = isColoured
    self.write = write
  }

  /// On standard output, line by line.
  public static func standard() -> Progress {
    Progress(isColoured: isatty(STDOUT_FILENO) == 1) { line in
      try? FileHandle.standardOutput.write(contentsOf: Data((line + "\n").utf8))
    }
  }

  func say(_ text: String) { write(text) }

  func began(_ scenario: Scenario) {
    write(scenario.title)
    let names = scenario.parties.map { "\($0.id) (\($0.name))" }.joined(separator: ", ")
    write("\(scenario.parties.count) parties: \(names); seed \(scenario.seed)")
  }

  func ended(_ step: StepRecord, of count: Int) {
    let number = step.number.contains(".") ? step.number : "\(step.number)/\(count)"
    let what = [step.party, step.title].compactMap { $0 }.joined(separator: ": ")
    let time = String(format: "%.2f s", step.seconds)
    write("\(mark(step.outcome == .met)) \(pad(number, 7)) \(what)  \(dim(time))")
    if step.outcome == .met, !step.answer.isEmpty { write("             \(dim(Self.oneLine(step.answer)))") }
  }

  func ended(_ check: CheckRecord) {
    let word = check.outcome == .notRun ? dim("--  ") : mark(check.outcome == .met)
    write("\(word) check   \(check.name): \(check.detail)")
  }

  static func oneLine(_ text: String) -> String {
    let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
    return line.count > 160 ? line.prefix(159) + "…" : line
  }

  private func pad(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }

  private func mark(_ isGood: Bool) -> String {
    guard isColoured else { return isGood ? "ok  " : "FAIL" }
    return isGood ? "\u{1B}[32mok\u{1B}[0m  " : "\u{1B}[31mFAIL\u{1B}[0m"
  }

  private func dim(_ text: String) -> String { isColoured ? "\u{1B}[2m\(text)\u{1B}[0m" : text }
}
