/// Makes a run's report: one HTML file that needs nothing else.
public enum Report {
  /// The same record gives the same bytes. Every text of the record is shown literally.
  public static func html(_ record: RunRecord) -> String {
    let names = Names(record.parties)
    let closing = ClosingSections(record, names: names)
    let sections = [
      Page.Section(id: "parties", title: "The parties", body: PartySection(record).markup),
      Page.Section(id: "steps", title: "What happened", body: Timeline(record, names: names).markup),
      Page.Section(id: "queries", title: "The queries", body: queries(record, names: names)),
      Page.Section(
        id: "disclosure", title: "What left, and what did not", body: DisclosureSection(record, names: names).markup),
      Page.Section(id: "checks", title: "Checks and ledgers", body: closing.checks),
      Page.Section(id: "repeat", title: "How to repeat this run", body: closing.repetition),
      Page.Section(id: "limits", title: "Stated limits", body: ClosingSections.limits),
    ]
    return Page.document(title: record.title, head: Headline(record).markup, sections: sections).text
  }

  private static func queries(_ record: RunRecord, names: Names) -> Markup {
    let sections = record.steps.compactMap { step in
      step.query.map { QuerySection(step, query: $0, names: names).markup }
    }
    return sections.isEmpty ? "<p>No query was run.</p>\n" : sections.joined()
  }
}
