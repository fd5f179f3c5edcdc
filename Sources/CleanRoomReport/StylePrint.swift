/// On paper: A4, light, everything opened, nothing torn apart that belongs together.
enum StylePrint {
  static let all: Markup = """
    @page { size: A4; margin: 18mm 17mm 20mm; @bottom-right { content: counter(page); font: 9pt sans-serif; color: #59616a; } }
    @media print {
      html { font-size: 10pt; }
      body { max-width: none; padding: 0; background: none; }
      :root { --paper: #ffffff; }
      .skip, .to-query { display: none; }
      .head { padding-top: 0; break-after: avoid; }
      .eyebrow { margin-bottom: 24mm; }
      h1 { font-size: 32pt; }
      h2 { font-size: 19pt; }
      h2, h3, h4, h5, summary, .verdict { break-after: avoid; }
      main > section { margin-top: 12mm; padding-top: 7mm; }
      #parties, #queries, #disclosure { break-before: page; border-top: 0; padding-top: 0; margin-top: 0; }
      p, li { orphans: 3; widows: 3; }
      h3, .verdict, .pin, tr, figure, .step, .statement, .alert, .deviation, .parallel li, .facts div { break-inside: avoid; }
      figure > svg.wide { max-height: 232mm; }
      .chart.bars { break-inside: auto; } .bars li li { break-inside: avoid; }
      thead { display: table-header-group; }
      .scroll { overflow: visible; background: none; }
      table { font-size: 8.5pt; }
      table.result td, table.result th { white-space: normal; max-width: none; overflow-wrap: anywhere; }
      pre { font-size: 8.5pt; border: 1px solid var(--line); break-inside: avoid; }
      summary { list-style: none; color: var(--ink); font-weight: 600; }
      details::details-content { content-visibility: visible; block-size: auto; display: block; }
      details:not([open]) > :not(summary) { display: block; }
      a { color: inherit; text-decoration: none; }
      .outcome, .alert, .deviation, .pin, .reasons li::before, mark, pre, .key, .unmet > .step, .fault > .step {
        print-color-adjust: exact; -webkit-print-color-adjust: exact;
      }
    }

    """
}
