/// The page's style: system fonts only, one accent, and ochre for whatever travels in clear.
enum Style {
  static let all: Markup = palette + base + head + StyleParts.all + StylePictures.all + StylePrint.all

  private static let palette: Markup = """
    :root {
      color-scheme: light dark;
      --paper: #fdfcfa; --ink: #1d2125; --soft: #59616a; --line: #d8d4cb; --tint: #f4f1eb;
      --accent: #1f5066; --value: #8a5109; --good: #256144; --bad: #a02c20;
      --block: #1f5066; --on-block: #ffffff; --good-tint: #eaf2ec; --bad-tint: #f9ebe8; --mark: #f7dcd6;
      --series-0: #1f5066; --series-1: #c08a3e; --series-2: #6d8f7b; --series-3: #8a5a7a; --series-4: #8b8f95;
      --serif: "Iowan Old Style", "Palatino Linotype", Palatino, "Book Antiqua", Georgia, "Liberation Serif", serif;
      --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, "Liberation Sans", sans-serif;
      --mono: ui-monospace, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace;
    }
    @media screen and (prefers-color-scheme: dark) {
      :root {
        --paper: #14171a; --ink: #e6e3dc; --soft: #a3abb3; --line: #373d43; --tint: #1c2125;
        --accent: #86bdd3; --value: #dfa356; --good: #83c79f; --bad: #f0907f;
        --block: #235064; --on-block: #f2f7f9; --good-tint: #1b2a22; --bad-tint: #33201d; --mark: #55291f;
        --series-0: #86bdd3; --series-1: #dfa356; --series-2: #8fb89e; --series-3: #c493b3; --series-4: #9ba1a8;
      }
    }

    """

  private static let base: Markup = """
    * { box-sizing: border-box; }
    html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; scroll-behavior: smooth; }
    @media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
    body {
      margin: 0 auto; padding: 0 clamp(1rem, 4vw, 2.5rem) 4rem; max-width: 58rem; background: var(--paper);
      color: var(--ink); font: 1rem/1.55 var(--sans); overflow-wrap: break-word; font-variant-numeric: lining-nums;
    }
    h1, h2, h3 { font-family: var(--serif); font-weight: 600; line-height: 1.15; text-wrap: balance; margin: 0; }
    h2 { font-size: clamp(1.55rem, 1.2rem + 1.6vw, 2.1rem); margin: 0 0 1.2rem; letter-spacing: -.01em; }
    h3 { font-size: 1.3rem; margin: 2.2rem 0 .7rem; }
    h4 { font-size: .95rem; font-weight: 650; margin: 1.9rem 0 .5rem; }
    h5 { font-size: .9rem; font-weight: 600; margin: 1.2rem 0 .4rem; }
    p, ul, ol, dl { margin: 0 0 .9rem; }
    main p, main li { max-width: 44rem; }
    a { color: var(--accent); text-decoration-thickness: 1px; text-underline-offset: .18em; }
    a:focus-visible, summary:focus-visible, .scroll:focus-visible {
      outline: 2px solid var(--accent); outline-offset: 2px;
    }
    code, pre { font-family: var(--mono); font-size: .86em; }
    code { overflow-wrap: anywhere; }
    pre { font-size: .84rem; } pre code { font-size: inherit; }
    main > section { border-top: 1px solid var(--line); padding-top: 2rem; margin-top: 3.5rem; }
    .soft, .note, figcaption { color: var(--soft); }
    .note { font-size: .9rem; }
    .ordinal { color: var(--accent); font-variant-numeric: tabular-nums lining-nums; margin-right: .35em; }
    .number { text-align: right; font-variant-numeric: tabular-nums lining-nums; white-space: nowrap; }
    .hash { overflow-wrap: anywhere; }
    .skip { position: absolute; left: -100vw; }
    .skip:focus { left: 1rem; top: .5rem; background: var(--paper); padding: .3rem .6rem; }
    footer { margin-top: 4rem; padding-top: 1rem; border-top: 1px solid var(--line); color: var(--soft); font-size: .85rem; }

    """

  private static let head: Markup = """
    .head { padding-top: clamp(1.5rem, 5vw, 4rem); }
    .eyebrow {
      display: flex; justify-content: space-between; gap: 1rem; margin: 0 0 clamp(2rem, 7vw, 4.5rem); padding-top: .7rem;
      border-top: 3px solid var(--accent); font-size: .8rem; font-weight: 600; letter-spacing: .02em;
    }
    .eyebrow span { color: var(--soft); font-weight: 400; }
    h1 { font-size: clamp(2.1rem, 1.3rem + 4vw, 3.6rem); letter-spacing: -.02em; margin-bottom: 1.3rem; overflow-wrap: anywhere; }
    .lede { font: 1.18rem/1.55 var(--serif); max-width: 40rem; }
    .outcome {
      display: flex; gap: .8rem; align-items: flex-start; margin: 2.2rem 0 0; padding: 1rem 1.2rem; max-width: none;
      font: 600 1.12rem/1.4 var(--serif); border-left: 4px solid;
    }
    .outcome span { text-wrap: pretty; }
    .outcome .sign { flex: none; width: 1.3rem; height: 1.3rem; margin-top: .1rem; }
    .outcome.good { background: var(--good-tint); border-color: var(--good); }
    .outcome.bad { background: var(--bad-tint); border-color: var(--bad); }
    .figures {
      display: grid; grid-template-columns: repeat(auto-fit, minmax(7rem, 1fr)); gap: 1.4rem 1rem; margin: 2.2rem 0 1.6rem;
    }
    .figures div { display: flex; flex-direction: column-reverse; justify-content: flex-end; }
    .figures dd { margin: 0; font: 400 2rem/1.15 var(--serif); font-variant-numeric: lining-nums; white-space: nowrap; }
    .figures dt { color: var(--soft); font-size: .85rem; line-height: 1.3; }
    .when { color: var(--soft); font-size: .9rem; }
    .contents { margin-top: 2rem; border-top: 1px solid var(--line); padding-top: 1rem; }
    .contents ol { columns: 2 16rem; column-gap: 2.5rem; padding-left: 1.3rem; margin: 0; }
    .contents li { padding: .12rem 0; font-size: .95rem; }
    .contents li::marker { color: var(--accent); font-variant-numeric: tabular-nums; }
    .contents a { color: inherit; text-decoration-color: var(--line); }

    """
}
