/// The steps in order, each with its outcome and time; parallel ones side by side.
struct Timeline {
  private let record: RunRecord
  private let names: Names
  private let longest: Double

  init(_ record: RunRecord, names: Names) {
    self.record = record
    self.names = names
    longest = max(record.steps.map(\.seconds).max() ?? 0, 0.001)
  }

  var markup: Markup {
    guard !record.steps.isEmpty else { return "<p>No step was run.</p>\n" }
    return "<ol class=\"timeline\">\n\(groups.map(item))</ol>\n"
  }

  /// Steps whose numbers share what stands before the point ran at the same time.
  private var groups: [[StepRecord]] {
    var groups: [[StepRecord]] = []
    for step in record.steps {
      if let first = groups.last?.first, step.number.contains("."), Self.whole(first) == Self.whole(step) {
        groups[groups.count - 1].append(step)
      } else {
        groups.append([step])
      }
    }
    return groups
  }

  private static func whole(_ step: StepRecord) -> Substring { step.number.prefix { $0 != "." } }

  private func item(_ group: [StepRecord]) -> Markup {
    guard group.count > 1 else { return group.first.map { "<li class=\"\(style($0))\">\(self.step($0))</li>\n" } ?? "" }
    let parts = group.map { "<li class=\"\(style($0))\">\(self.step($0))</li>\n" as Markup }
    return """
      <li class="parallel"><p class="group">At the same time</p><ol>
      \(parts)</ol></li>

      """
  }

  private func style(_ step: StepRecord) -> String {
    let outcome = step.outcome == .met ? "met" : step.outcome == .unmet ? "unmet" : "not-run"
    return "\(step.kind.rawValue) \(outcome)"
  }

  private func step(_ step: StepRecord) -> Markup {
    let kind: Markup = step.kind == .fault ? "<strong class=\"tag fault\">Fault</strong> " : ""
    let answer: Markup = step.answer.isEmpty ? "" : "<p class=\"answer\">\(step.answer)</p>"
    return """
      <div class="step"><span class="ordinal">\(step.number)</span><div class="what">\
      <p class="title">\(kind)\(step.title)</p><p class="who">\(who(step))</p>\(answer)\(Page.deviation(step))</div>\
      <div class="how">\(outcome(step))<span class="time">\(time(step))</span></div></div>
      """
  }

  private func who(_ step: StepRecord) -> Markup {
    let party = step.party.map { names[$0] }
    let operation: Markup? = step.operation.map { "<code>\($0)</code>" }
    let link: Markup? = step.query.map { _ in
      "<a class=\"to-query\" href=\"#\(QuerySection.anchor(step))\">See the query</a>"
    }
    return [party.map { "\($0)" }, operation, link].compactMap(\.self).joined(" · ")
  }

  private func outcome(_ step: StepRecord) -> Markup {
    switch step.outcome {
    case .met: "<span class=\"outcome-mark\">\(Page.sign(true)) as expected</span>"
    case .unmet: "<span class=\"outcome-mark\">\(Page.sign(false)) not as expected</span>"
    case .notRun: "<span class=\"outcome-mark\">not run</span>"
    }
  }

  private func time(_ step: StepRecord) -> Markup {
    guard step.outcome != .notRun else { return "" }
    let share = min(max(step.seconds / longest, 0), 1) * 100
    return """
      <svg class="duration" width="100%" height="4" aria-hidden="true"><rect class="rail" width="100%" height="4"/>\
      <rect class="done" width="\(share)%" height="4"/></svg>\(Numbers.duration(step.seconds))
      """
  }
}
