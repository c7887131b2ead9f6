package io.sidecaroperator.cli.page;

/** The style of the page: for wide and narrow screens, light and dark, and for paper. */
final class Stylesheet {
    /** The hatching of added parts, for all drawings. */
    static final String PATTERN = "<svg class=\"defs\" width=\"0\" height=\"0\" aria-hidden=\"true\"><defs>"
            + "<pattern id=\"hatch\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\""
            + " patternTransform=\"rotate(45)\"><rect class=\"stripe\" width=\"3\" height=\"6\"/></pattern></defs></svg>";

    static final String TEXT = """

            :root {
              color-scheme: light dark;
              --ground: #f6f5f1; --paper: #fffefb; --sunk: #f0eee8;
              --ink: #1c2126; --dim: #565f68; --rule: #d8d4ca; --wire: #7c858d;
              --new: #0a665a; --new-ground: #e9f4f0; --on-new: #ffffff;
              --refuse: #9c1f1f; --refuse-ground: #fbe9e7;
              --hold: #714b00; --hold-ground: #fcf1d6;
              --skip: #4a545d; --skip-ground: #eceae4;
              --link: #0b57a4;
              --mono: ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", "DejaVu Sans Mono", monospace;
            }
            @media (prefers-color-scheme: dark) {
              :root {
                --ground: #14171a; --paper: #1b1f23; --sunk: #23282d;
                --ink: #e8eaec; --dim: #a7b0b8; --rule: #363d44; --wire: #848f99;
                --new: #74d8c4; --new-ground: #16302c; --on-new: #0c1f1c;
                --refuse: #ff9f95; --refuse-ground: #3b1d1b;
                --hold: #f1c670; --hold-ground: #362a12;
                --skip: #b9c2ca; --skip-ground: #2a3036;
                --link: #8ec1ff;
              }
            }
            * { box-sizing: border-box; }
            html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
            body {
              margin: 0; background: var(--ground); color: var(--ink);
              font: 1rem/1.6 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif;
              overflow-wrap: anywhere;
            }
            header, main, footer { max-width: 70rem; margin: 0 auto; padding: 0 1rem; }
            header { padding-top: 3rem; padding-bottom: 0.5rem; }
            footer { padding-top: 1.5rem; padding-bottom: 3rem; color: var(--dim); font-size: 0.875rem; }
            p, ul, ol, dl { margin: 0 0 0.75rem; max-width: 46rem; }
            h1, h2, h3, h4 { line-height: 1.25; margin: 0 0 0.75rem; font-weight: 650; text-wrap: balance; }
            h1 { font-size: 2rem; letter-spacing: -0.015em; margin-bottom: 0.75rem; }
            h2 { font-size: 1.375rem; letter-spacing: -0.01em; }
            h3 { font-size: 1.0625rem; }
            h4 { font-size: 1rem; }
            code, .id { font-family: var(--mono); font-size: 0.9em; }
            h1 .id, h2 .id { font-family: inherit; font-size: inherit; }
            a { color: var(--link); text-underline-offset: 0.2em; }
            :focus-visible { outline: 3px solid var(--link); outline-offset: 3px; border-radius: 4px; }
            .eyebrow { color: var(--dim); font-size: 0.875rem; letter-spacing: 0.04em; margin-bottom: 0.5rem; }
            .answer { font-size: 1.25rem; line-height: 1.45; margin-bottom: 0.25rem; }
            .lead { color: var(--dim); }
            .dim, .meta { color: var(--dim); }
            .meta { font-size: 0.875rem; margin-bottom: 0.5rem; }
            .facts { display: flex; flex-wrap: wrap; gap: 0.5rem 2rem; margin: 1.25rem 0 0; max-width: none; font-size: 0.875rem; }
            .facts dt { color: var(--dim); }
            .facts dd { margin: 0; }
            main > section, details.chapter {
              background: var(--paper); border: 1px solid var(--rule); border-radius: 12px;
              padding: 1.5rem; margin: 1.25rem 0;
            }
            details.chapter { margin: 0.75rem 0; padding: 0.75rem 1.5rem; }
            details.chapter[open] { padding-bottom: 1.5rem; }
            details.chapter > section { border-top: 1px solid var(--rule); padding-top: 1.5rem; margin-top: 1.5rem; }
            details.chapter > summary { padding: 0; }
            details.chapter > summary h2 { display: inline; font-size: 1.0625rem; }
            details.chapter[open] > summary { margin-bottom: 0.75rem; }
            summary { cursor: pointer; padding: 0.25rem 0; color: var(--link); }
            summary h2 { color: var(--ink); }
            .defs { position: absolute; }
            .pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 25rem), 1fr)); gap: 1.5rem 2.5rem; }
            figure { margin: 0; min-width: 0; }
            figcaption { margin-bottom: 0.5rem; color: var(--dim); }
            figcaption b { color: var(--ink); }
            .scroll { overflow-x: auto; }
            svg.pod { display: block; max-width: 100%; min-width: 18rem; height: auto; }
            svg.wide { min-width: 24rem; }
            .shell { fill: var(--sunk); stroke: var(--rule); }
            .frame { fill: var(--paper); stroke: var(--wire); }
            .rim { fill: none; stroke: var(--wire); }
            .new .frame { fill: var(--new-ground); stroke: var(--new); stroke-width: 2; }
            .new .rim { stroke: var(--new); stroke-width: 2; }
            .hatch { fill: url(#hatch); }
            .stripe { fill: var(--new); }
            svg text { font: 13px/1 var(--mono); fill: var(--ink); white-space: pre; }
            svg text.name { font-weight: 700; }
            svg text.role, svg text.label { font-size: 12px; fill: var(--dim); }
            svg text.added, svg text.plus { font-weight: 700; fill: var(--new); }
            .badge { border-radius: 4px; }
            svg .badge { fill: var(--new); }
            svg text.number { font-weight: 700; fill: var(--on-new); }
            .wire, .halo { fill: none; stroke: var(--wire); stroke-width: 1.5; }
            .halo { stroke: var(--sunk); stroke-width: 6; }
            .wire.added { stroke: var(--new); stroke-width: 2.5; }
            .dot { fill: var(--wire); }
            .dot.added { fill: var(--new); }
            .legend { margin: 1rem 0 0.5rem; font-size: 0.875rem; color: var(--dim); }
            .group { margin-bottom: 0.25rem; font-weight: 650; font-size: 0.9375rem; }
            ul, ol { padding-left: 1.4rem; }
            li { margin-bottom: 0.2rem; }
            .words ul, .words ol { font-size: 0.9375rem; }
            .policy, .rollout { border-top: 1px solid var(--rule); padding-top: 1.25rem; margin-top: 1.25rem; }
            .policy > :last-child, .rollout > :last-child, section > :last-child { margin-bottom: 0; }
            h3 .badge, h4 .badge {
              display: inline-block; min-width: 1.5em; padding: 0 0.35em; text-align: center;
              background: var(--new); color: var(--on-new); font: 700 0.875em/1.5 var(--mono);
            }
            .tag {
              display: inline-block; padding: 0 0.55em; border-radius: 1em; border: 1px solid currentColor;
              font: 600 0.8125rem/1.6 system-ui, sans-serif; white-space: normal;
            }
            .tag.inject { color: var(--new); background: var(--new-ground); }
            .tag.refuse { color: var(--refuse); background: var(--refuse-ground); border-style: double; border-width: 3px; }
            .tag.hold { color: var(--hold); background: var(--hold-ground); border-style: dashed; }
            .tag.skip { color: var(--skip); background: var(--skip-ground); border-style: dotted; }
            .why { border-left: 4px solid var(--hold); padding-left: 0.75rem; }
            .edits { list-style: "+ "; }
            .edits li::marker { color: var(--new); font-weight: 700; }
            .checks { font-size: 0.9375rem; }
            .checks .not_asked { color: var(--dim); }
            .checks .decided { font-weight: 600; }
            table { border-collapse: collapse; width: 100%; font-size: 0.9375rem; }
            th, td { text-align: left; vertical-align: top; padding: 0.5rem 0.75rem 0.5rem 0; border-bottom: 1px solid var(--rule); }
            th { font-weight: 600; }
            thead th { color: var(--dim); }
            .number { text-align: right; padding-right: 0; }
            .tags { list-style: none; padding: 0; margin: 0; }
            .waves { list-style: none; padding: 0; max-width: none; display: flex; flex-wrap: wrap; gap: 0.75rem; }
            .wave { flex: 0 1 9.5rem; border: 1px solid var(--rule); border-radius: 8px; background: var(--sunk); padding: 0.75rem; margin: 0; }
            .wave.deferred { border-style: dashed; flex-basis: 16rem; }
            .wave p { margin: 0; font-size: 0.875rem; }
            .wave .when { color: var(--dim); }
            .wave b { font-size: 1.25rem; }
            .wave .id { font-size: 0.8125rem; }
            .wave .dots { color: var(--new); letter-spacing: 0.15em; line-height: 1.3; }
            .wave .dots.small { font-size: 0.5rem; }
            @media (max-width: 40rem) {
              header { padding-top: 1.5rem; }
              h1 { font-size: 1.5rem; }
              .answer { font-size: 1.125rem; }
              main > section, details.chapter { padding: 1rem; border-radius: 8px; }
              .scroll { margin: 0 -1rem; }
              .shell { rx: 0; }
              header, main, footer { padding-left: 0.75rem; padding-right: 0.75rem; }
              .wave { flex: 1 1 7rem; }
            }
            @media print {
              :root { --ground: #ffffff; --paper: #ffffff; --sunk: #ffffff; }
              body { font-size: 10pt; }
              main > section, details.chapter { border: 0; padding: 0; }
              details::details-content { content-visibility: visible; block-size: auto; }
              figure, .policy, .wave { break-inside: avoid; }
              svg.pod { max-height: 24cm; }
            }
            """;

    private Stylesheet() {}
}
