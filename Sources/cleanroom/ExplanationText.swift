import CleanRoomModel
import CleanRoomPlanning
import CleanRoomPolicy
import CleanRoomSQL
import Foundation
import MemberService

/// An explanation for people.
struct ExplanationText {
  private let explanation: QueryExplanation

  init(_ explanation: QueryExplanation) { self.explanation = explanation }

  var text: String {
    var parts = [explanation.isPermitted ? "PERMITTED" : "REFUSED", reasons]
    if case .approved(let query) = explanation.verdict, let plan = explanation.plan {
      parts += [releases(plan), thresholds(query), extensions(query), combination(plan)]
    }
    parts += [tables, note]
    return parts.filter { !$0.isEmpty }.joined(separator: "\n\n")
  }

  private func label(_ account: AccountID) -> String {
    explanation.charter.member(account).map { "\(account) (\($0.displayName))" } ?? account.value
  }

  // MARK: Reasons

  private var reasons: String {
    var lines = explanation.missingAbilities
    if case .refused(let reasons) = explanation.verdict { lines += reasons.map(Self.reason(in: explanation.sql)) }
    return lines.joined(separator: "\n")
  }

  private static func reason(in sql: String) -> (RefusalReason) -> String {
    { reason in
      guard let position = reason.position else { return reason.message }
      return "line \(position.line), column \(position.column): \(reason.message)\n\(caret(at: position, in: sql))"
    }
  }

  private static let width = 100

  /// The line of the query, or the part of a long one around the place, with a caret below the place.
  static func caret(at position: SourcePosition, in sql: String) -> String {
    let lines = sql.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.indices.contains(position.line - 1) else { return "" }
    let line = Array(lines[position.line - 1])
    let column = min(max(position.column - 1, 0), line.count)
    let start = max(0, min(column - width / 2, line.count - width))
    let shown = line[start..<min(start + width, line.count)].map { printable($0) }
    return "  \(String(String.UnicodeScalarView(shown)))\n  \(String(repeating: " ", count: column - start))^"
  }

  /// Control characters would move the caret, or the terminal.
  private static func printable(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    scalar.properties.generalCategory == .control ? " " : scalar
  }

  // MARK: What would happen

  private func releases(_ plan: QueryPlan) -> String {
    let fragments = plan.fragments.map { fragment in
      let columns = fragment.columns.map { "    \($0.column.isEmpty ? "(no column)" : $0.column): \(ReleaseWording.text($0.use))" }
      let from = "  \(label(fragment.owner)) from \(fragment.table):"
      return ([from] + columns + ["    by: \(fragment.sql(relation: fragment.table))"]).joined(separator: "\n")
    }
    return (["Each owner would release to the coordinator:"] + fragments).joined(separator: "\n")
  }

  private func thresholds(_ query: ApprovedQuery) -> String {
    let lines = query.thresholds.map { threshold in
      "  at least \(threshold.minimum) distinct values of \(query.tables[threshold.column.table].name).\(threshold.column.name)"
    }
    return lines.isEmpty ? "" : (["Behind every row of the result there would be:"] + lines).joined(separator: "\n")
  }

  private func extensions(_ query: ApprovedQuery) -> String {
    guard !query.extensions.isEmpty else { return "" }
    return "AWS Clean Rooms would refuse it for: \(query.extensions.map(\.rawValue).joined(separator: ", "))"
  }

  private func combination(_ plan: QueryPlan) -> String {
    let columns = plan.combination.output.map { "  \($0.name): \($0.type)" }.joined(separator: "\n")
    let receivers = explanation.receivers.map(label).joined(separator: ", ")
    return """
      The coordinator would combine them by:
        \(plan.combination.sql)

      \(receivers) would receive:
      \(columns)
      """
  }

  // MARK: What it rests on

  private var tables: String {
    guard !explanation.tables.isEmpty else { return "The collaboration has no tables." }
    let lines = explanation.tables.map { table in
      "  \(table.name) of \(label(table.owner)), \(table.rule?.type.rawValue ?? "no") rule, last changed \(age(of: table))"
        + (table.unavailable.map { "; unavailable: \($0)" } ?? "")
    }
    let time = Date(timeIntervalSince1970: explanation.askedAt.seconds).formatted(.iso8601)
    return (["Judged by the tables that were published at \(time):"] + lines).joined(separator: "\n")
  }

  private func age(of table: PublishedTable) -> String {
    let seconds = Int(max(0, explanation.askedAt.seconds - table.updatedAt.seconds))
    return switch seconds {
    case ..<120: "\(seconds) s ago"
    case ..<7_200: "\(seconds / 60) min ago"
    case ..<172_800: "\(seconds / 3_600) h ago"
    default: "\(seconds / 86_400) days ago"
    }
  }

  private var note: String {
    guard explanation.unsigned > 0 else { return "" }
    return "\(explanation.unsigned) table(s) without a valid signature of their owner were left out."
  }
}

enum ReleaseWording {
  static func text(_ use: ColumnUse) -> String {
    switch use {
    case .value(let type): "its value (\(type))"
    case .presence: "that a row is there, and nothing of it"
    case .token(_, let form): "a keyed token" + (form.map { " of its \($0.rawValue) form" } ?? "")
    }
  }
}
