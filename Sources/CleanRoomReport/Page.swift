/// The frame of the report, and pieces that several sections share.
enum Page {
  struct Section {
    let id: String
    let title: Markup
    let body: Markup
  }

  /// No script, no source of any kind: the policy lets the browser load nothing.
  static func document(title: String, head: Markup, sections: [Section]) -> Markup {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta name="referrer" content="no-referrer">
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
    <title>\(title) – Cleanroom report</title>
    <style>
    \(Style.all)</style>
    </head>
    <body>
    <a class="skip" href="#main">To the report</a>
    \(head)\(contents(sections))<main id="main">
    \(sections.enumerated().map(section))</main>
    <footer><p>Made by <code>cleanroom scenario run</code>. This file holds everything it shows and loads nothing.</p></footer>
    </body>
    </html>

    """
  }

  private static func contents(_ sections: [Section]) -> Markup {
    let items = sections.map { "<li><a href=\"#\($0.id)\">\($0.title)</a></li>" as Markup }
    return "<nav class=\"contents\" aria-label=\"Contents\"><ol>\(items)</ol></nav>\n"
  }

  private static func section(_ index: Int, _ section: Section) -> Markup {
    """
    <section id="\(section.id)" aria-labelledby="\(section.id)-title">
    <h2 id="\(section.id)-title"><span class="ordinal">\(index + 1)</span> \(section.title)</h2>
    \(section.body)</section>

    """
  }

  /// A wide table that scrolls by itself, also by keyboard, so that the page never does.
  static func scrolling(_ label: String, _ table: Markup) -> Markup {
    "<div class=\"scroll\" role=\"region\" aria-label=\"\(label)\" tabindex=\"0\">\(table)</div>\n"
  }

  /// A tick or a cross; the words beside it say the same.
  static func sign(_ isGood: Bool) -> Markup {
    let path: Markup = isGood ? "M3.5 8.5l3 3 6-7" : "M4 4l8 8M12 4l-8 8"
    return """
      <svg class="sign \(isGood ? "good" : "bad")" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">\
      <path d="\(path)"/></svg>
      """
  }

  /// What was expected and what was seen, when the two differ.
  static func deviation(_ step: StepRecord) -> Markup {
    guard step.outcome == .unmet else { return "" }
    return """
      <dl class="deviation"><div><dt>Expected</dt><dd>\(step.expected ?? "not recorded")</dd></div>\
      <div><dt>Seen</dt><dd>\(step.seen ?? "not recorded")</dd></div></dl>

      """
  }
}
