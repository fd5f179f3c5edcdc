/// Colours and letters of the inline pictures, and which layout is shown.
enum StylePictures {
  static let all: Markup = layout + marks + charts

  private static let layout: Markup = """
    figure { margin: 1.2rem 0 1.6rem; }
    figcaption { font-size: .85rem; margin-top: .8rem; max-width: 44rem; }
    figure > svg { display: block; width: 100%; height: auto; overflow: visible; }
    figure > svg.narrow { display: none; }
    @media screen and (max-width: 46rem) {
      figure > svg.wide { display: none; }
      figure > svg.narrow { display: block; max-width: 26rem; }
    }
    svg text { font-family: var(--sans); fill: var(--ink); }
    svg .strong { font-weight: 650; }
    svg .soft { fill: var(--soft); }
    svg .italic { font-style: italic; }
    svg .mono { font-family: var(--mono); }
    svg .end { text-anchor: end; }
    svg .center { text-anchor: middle; }
    svg .light { fill: var(--on-block); }

    """

  private static let marks: Markup = """
    .card { fill: var(--paper); stroke: var(--line); stroke-width: 1; }
    .coordinator { fill: var(--block); }
    .link { fill: none; stroke: var(--accent); stroke-width: 1.5; }
    .lock circle { fill: var(--paper); stroke: var(--accent); stroke-width: 1; }
    .lock path { fill: none; stroke: var(--accent); stroke-width: 1.3; }
    .lock rect { fill: var(--accent); }
    .hairline { fill: none; stroke: var(--line); stroke-width: 1; }
    .allowed { fill: var(--accent); }
    .stays { fill: none; stroke: var(--soft); stroke-width: 1; }
    svg .rule { fill: var(--soft); }
    .band { opacity: .5; }
    .band.token { fill: var(--accent); } .band.value { fill: var(--series-1); } .band.result { fill: var(--series-2); opacity: .75; }
    .shape.token { fill: var(--accent); } .shape.value { fill: var(--series-1); }
    .shape.presence { fill: none; stroke: var(--soft); stroke-width: 1.5; }
    svg .kind.token { fill: var(--accent); } svg .kind.value { fill: var(--value); } svg .kind.presence { fill: var(--soft); }
    svg .kind { font-weight: 650; }
    .key { display: inline-block; width: .65em; height: .65em; border-radius: 1px; }
    .key.allowed, .key.token { background: var(--accent); }
    .key.stays { border: 1px solid var(--soft); }
    .key.token { transform: rotate(45deg) scale(.85); }
    .key.value { background: var(--series-1); }
    .rail { fill: var(--line); opacity: .6; } .done { fill: var(--accent); }

    """

  private static let charts: Markup = """
    .bars ol { list-style: none; margin: 0; padding: 0; }
    .bars > ol > li { max-width: none; }
    .bars .group { font-weight: 600; font-size: .9rem; margin: .9rem 0 .15rem; }
    .bars ol ol li {
      display: grid; grid-template-columns: minmax(6rem, 26%) minmax(0, 1fr) max-content; gap: .1rem .9rem; align-items: center;
      padding: .16rem 0; max-width: none; font-size: .88rem; line-height: 1.3;
    }
    .bars .label { overflow-wrap: anywhere; }
    .bars .number { min-width: 4.5rem; }
    @media (max-width: 32rem) {
      .bars ol ol li { grid-template-columns: minmax(0, 1fr) max-content; }
      .bars .bar { grid-row: 2; grid-column: 1 / -1; }
    }
    .bar { display: block; }
    .axis { stroke: var(--soft); stroke-width: 1; }
    .series-0 { fill: var(--series-0); } .series-1 { fill: var(--series-1); } .series-2 { fill: var(--series-2); }
    .series-3 { fill: var(--series-3); } .series-4 { fill: var(--series-4); }
    .key.series-0 { background: var(--series-0); } .key.series-1 { background: var(--series-1); }
    .key.series-2 { background: var(--series-2); } .key.series-3 { background: var(--series-3); }
    .key.series-4 { background: var(--series-4); }
    .line { fill: none; stroke-width: 2; vector-effect: non-scaling-stroke; stroke-linejoin: round; }
    .line.series-0 { stroke: var(--series-0); } .line.series-1 { stroke: var(--series-1); }
    .line.series-2 { stroke: var(--series-2); stroke-dasharray: 7 3; } .line.series-3 { stroke: var(--series-3); stroke-dasharray: 2 3; }
    .line.series-4 { stroke: var(--series-4); stroke-dasharray: 9 3 2 3; }
    .legend { list-style: none; display: flex; flex-wrap: wrap; gap: .3rem 1.2rem; padding: 0; font-size: .88rem; }

    """
}
