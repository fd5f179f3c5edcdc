/// Tables, queries, the timeline and other pieces of text.
enum StyleParts {
  static let all: Markup = tables + queries + timeline + statements

  private static let tables: Markup = """
    .scroll {
      overflow-x: auto; margin: 0 0 1.2rem; background-repeat: no-repeat;
      background-image:
        linear-gradient(90deg, var(--paper) 40%, transparent), linear-gradient(270deg, var(--paper) 40%, transparent),
        linear-gradient(90deg, var(--line), transparent), linear-gradient(270deg, var(--line), transparent);
      background-size: 2rem 100%, 2rem 100%, .8rem 100%, .8rem 100%; background-position: 0 0, 100% 0, 0 0, 100% 0;
      background-attachment: local, local, scroll, scroll;
    }
    table { border-collapse: collapse; width: 100%; font-size: .88rem; line-height: 1.4; }
    th, td { text-align: left; vertical-align: top; padding: .45rem .9rem .45rem 0; border-bottom: 1px solid var(--line); }
    th:last-child, td:last-child { padding-right: 0; }
    thead th { color: var(--soft); font-weight: 500; font-size: .82rem; vertical-align: bottom; border-bottom-color: var(--soft); }
    tbody th { font-weight: 600; }
    tbody th .soft { font-weight: 400; }
    th.number, td.number { text-align: right; }
    thead th.number { white-space: normal; }
    td code { overflow-wrap: normal; white-space: nowrap; } td code.hash { white-space: normal; overflow-wrap: anywhere; display: block; min-width: 14rem; }
    .column code { white-space: normal; }
    table.result { width: auto; min-width: min(100%, 26rem); }
    table.result td, table.result th { white-space: nowrap; max-width: 24rem; overflow: hidden; text-overflow: ellipsis; }
    .column { display: inline-block; }
    .null { color: var(--soft); font-style: italic; font-size: .92em; }
    .facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 15rem), 1fr)); gap: .9rem 2rem; }
    .facts .whole { grid-column: 1 / -1; }
    .facts dt { color: var(--soft); font-size: .82rem; }
    .facts dd { margin: 0; overflow-wrap: anywhere; }

    """

  private static let queries: Markup = """
    .query { margin-top: 3.2rem; }
    .query:first-of-type { margin-top: 0; }
    .query h3 { margin-top: 0; font-size: 1.45rem; }
    .query h3 .ordinal { display: block; font: 600 .82rem/1.6 var(--sans); }
    .tag {
      display: inline-block; font-size: .8rem; font-weight: 650; line-height: 1.35; padding: .08rem .5rem; border: 1px solid;
      border-radius: 3px; margin-right: .2rem; overflow-wrap: anywhere;
    }
    .tag.good { color: var(--good); } .tag.bad { color: var(--bad); } .tag.plain { color: var(--soft); }
    .tag.fault { color: var(--value); }
    pre {
      margin: 0 0 1rem; padding: .9rem 1.1rem; background: var(--tint); border-radius: 4px; white-space: pre-wrap;
      overflow-wrap: anywhere; line-height: 1.6; tab-size: 4;
    }
    .sql .keyword { color: var(--accent); font-weight: 650; }
    .sql .function { color: var(--accent); }
    .sql .string, .sql .number { color: var(--value); text-align: inherit; white-space: inherit; }
    .sql .parameter { color: var(--good); }
    .sql .comment { color: var(--soft); font-style: italic; }
    .marked { white-space: nowrap; }
    mark { background: var(--mark); color: inherit; border-bottom: 2px solid var(--bad); }
    .pin {
      user-select: none; -webkit-user-select: none;
      display: inline-block; min-width: 1.35em; margin: 0 .25em 0 .2em; padding: 0 .3em; border-radius: 1em; background: var(--bad);
      color: var(--paper); font: 700 .78em/1.45 var(--sans); text-align: center; text-decoration: none; vertical-align: .15em;
    }
    .reasons { padding-left: 0; list-style: none; counter-reset: reason; }
    .reasons li { counter-increment: reason; position: relative; padding-left: 2.1rem; margin-bottom: .6rem; }
    .reasons li::before {
      content: counter(reason); position: absolute; left: 0; top: .15rem; min-width: 1.4rem; text-align: center; border-radius: 1rem;
      background: var(--bad); color: var(--paper); font: 700 .78rem/1.4rem var(--sans);
    }
    .reasons .place { color: var(--soft); margin-right: .3em; }
    .verdict .id { display: block; font-size: .88rem; }
    details { margin: 0 0 1.2rem; }
    summary { cursor: pointer; color: var(--accent); padding: .45rem 0; font-size: .95rem; }

    """

  private static let timeline: Markup = """
    .timeline, .timeline ol { list-style: none; padding: 0; margin: 0; }
    .timeline li { max-width: none; }
    .timeline p { margin: 0; }
    .step {
      display: grid; grid-template-columns: 2.4rem minmax(0, 1fr) 9.5rem; gap: .1rem 1rem; padding: .75rem 0;
      border-bottom: 1px solid var(--line);
    }
    .timeline > li:first-child > .step { padding-top: 0; }
    .step .ordinal { font-weight: 600; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
    .step .title { font-weight: 600; overflow-wrap: anywhere; }
    .who, .answer { font-size: .88rem; color: var(--soft); overflow-wrap: anywhere; }
    .to-query { white-space: nowrap; }
    .how { font-size: .85rem; text-align: right; }
    .how .duration { display: block; margin: .25rem 0; }
    .time { display: block; color: var(--soft); font-variant-numeric: tabular-nums; }
    .outcome-mark { white-space: nowrap; }
    .sign { vertical-align: -.18em; }
    .sign path { fill: none; stroke: currentColor; stroke-width: 2.2; stroke-linecap: round; stroke-linejoin: round; }
    .sign.good { color: var(--good); } .sign.bad { color: var(--bad); }
    .not-run { color: var(--soft); }
    .fault > .step { background: linear-gradient(90deg, var(--value) 3px, transparent 3px) no-repeat -1px 0; }
    .fault > .step .ordinal { padding-left: .6rem; }
    .unmet > .step { background: var(--bad-tint); box-shadow: -.6rem 0 var(--bad-tint), .6rem 0 var(--bad-tint); }
    .parallel { border-bottom: 1px solid var(--line); padding: .75rem 0; }
    .parallel > .group { font-size: .85rem; color: var(--soft); margin-bottom: .5rem; }
    .parallel > ol { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 17rem), 1fr)); gap: .9rem 1.5rem; }
    .parallel .step {
      grid-template-columns: 2.4rem minmax(0, 1fr); border: 0; border-left: 2px solid var(--line); padding: 0 0 0 .8rem; height: 100%;
    }
    .parallel .how { grid-column: 2; text-align: left; }
    .parallel .time { display: inline-block; margin-left: .8rem; }
    .parallel .how .duration { display: none; }
    @media (max-width: 38rem) {
      .step { grid-template-columns: 2rem minmax(0, 1fr); }
      .how { grid-column: 2; text-align: left; display: flex; gap: .3rem 1rem; align-items: center; flex-wrap: wrap; }
      .how .duration { display: none; }
    }

    """

  private static let statements: Markup = """
    .statement { font: 1.18rem/1.5 var(--serif); border-left: 4px solid var(--good); padding-left: 1.1rem; }
    .alert { background: var(--bad-tint); border-left: 4px solid var(--bad); padding: .7rem 1rem; }
    .deviation { margin: .7rem 0; padding: .7rem 1rem; background: var(--bad-tint); border-left: 4px solid var(--bad); }
    .step .deviation { background: none; padding: 0 0 0 .8rem; border-width: 2px; font-size: .9rem; }
    .deviation div { display: grid; grid-template-columns: 5.5rem minmax(0, 1fr); gap: .5rem; }
    .deviation dt { color: var(--bad); font-weight: 600; }
    .deviation dd { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; }
    .run-in { list-style: none; padding: 0; }
    .run-in li { display: inline; }
    .run-in li:not(:last-child)::after { content: ", "; }

    """
}
