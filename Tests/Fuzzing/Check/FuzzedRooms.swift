@testable import CaseFiles
import CleanRoomPolicy
import Findings

/// The rooms that every text is checked in: the same tables, the last one under several CUSTOM rules.
enum FuzzedRooms {
  static let open = room("", "")
  /// Each refuses whatever the open one refuses.
  static let tighter: [(name: String, room: PolicyContext)] = [
    ("a threshold", room("  threshold 10 email\n", "")),
    ("minima", room("  threshold 10 email ANY_EXPRESSION\n  threshold-of region 0\n  threshold-of age 50\n", "")),
    (
      "controls and disallowed columns",
      room(
        "  literal-comparisons region, joined\n  column-comparisons email, region\n  disallowed-output email, score\n",
        "")
    ),
    ("strict mode", room("", "strict\n")),
    ("joins of equal names only", room("", "same-names\n")),
  ]
  static let template = room(
    "",
    """
    template arn:aws:cleanrooms:us-east-1:444455556666:membership/a/analysistemplate/b of 444455556666
    parameter a VARCHAR x
    parameter b INTEGER 5
    parameter c DATE 2025-01-31
    parameter d DECIMAL 1.5
    parameter e VARCHAR

    """)

  private static func room(_ rule: String, _ options: String) -> PolicyContext {
    let text = tables + rule + "case fuzzed\n" + options
    do {
      let cases = try CaseFileReader.read(text, file: "FuzzedRooms") { _ in "" }
      guard let first = cases.first else { finding("the rooms are empty") }
      return first.context
    } catch {
      finding("the rooms cannot be read: \(error)")
    }
  }
}
