"""How the page looks: text beside its contents, light or dark as the reader has it, on paper and on a phone.

Lines of text hold 65 to 75 characters; only equations may be broader than a phone, and scroll by themselves.
"""

from qllg_sym.report.palette import DARK, LIGHT, PRINT, variables

CSS = f"""
:root {{ color-scheme: light dark; {variables(LIGHT)} }}
@media (prefers-color-scheme: dark) {{ :root {{ {variables(DARK)} }} }}
""" + """
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; -webkit-text-size-adjust: 100%; }
body { margin: 0 auto; max-width: 72rem; padding: 1.2rem 1.2rem 4rem; background: var(--ground); color: var(--ink);
  font: 1rem/1.6 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; overflow-wrap: break-word; }
h1 { font-size: 2rem; line-height: 1.2; letter-spacing: -.015em; margin: 1rem 0 .6rem; text-wrap: balance; }
h2 { font-size: 1.45rem; line-height: 1.3; margin: 3.2rem 0 .8rem; padding-top: .8rem;
  border-top: 1px solid var(--line); }
h3 { font-size: 1.1rem; line-height: 1.35; margin: 2.2rem 0 .5rem; max-width: 40rem; text-wrap: balance; }
p, li, dd, .note { max-width: 40rem; } p { margin: .6rem 0; }
.lead { font-size: 1.12rem; } .soft, .note, figcaption, .source { color: var(--soft); }
a { color: var(--link); text-decoration-thickness: .06em; text-underline-offset: .15em; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; border-radius: 2px; }
.skip { position: absolute; left: -99rem; } .skip:focus { left: 1rem; top: .5rem; background: var(--ground);
  padding: .3rem .6rem; }
sub, sup { font-size: .72em; line-height: 0; } var { font-style: italic; }
code, pre { font: .875em/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; overflow-wrap: anywhere; }
pre { background: var(--card); border: 1px solid var(--line); border-radius: 6px; padding: .7rem;
  white-space: pre-wrap; }
nav ol { list-style: none; margin: 0; padding: 0; } nav a { color: var(--soft); text-decoration: none; }
nav a:hover { color: var(--link); text-decoration: underline; } nav ol ol { padding-left: .9rem; font-size: .92em; }
nav li { margin: .22rem 0; line-height: 1.35; }
.math { overflow-x: auto; overflow-y: hidden; margin: .8rem 0; padding: .25rem 0; } math { font-size: 1.08em; }
.math > math { width: max-content; margin: 0 0 0 1.5rem; }
.math.pieces { overflow: visible; margin-left: 1.1rem; max-width: 46rem; }
.pieces > span { display: inline-block; max-width: 100%; overflow-x: auto; overflow-y: hidden; vertical-align: middle;
  padding: .2rem .4rem; }
.matrix { border-left: 1px solid; border-right: 1px solid; border-radius: .7em; padding: 0 .35em; }
table { border-collapse: collapse; width: 100%; font-size: .94rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; color: var(--soft); padding: .3rem 0; }
th, td { text-align: left; vertical-align: top; padding: .42rem .9rem .42rem 0; border-bottom: 1px solid var(--line); }
th { font-weight: 600; color: var(--soft); } .number { text-align: right; }
figure { margin: 1.2rem 0; } figcaption { font-size: .94rem; max-width: 40rem; margin-top: .5rem; }
.panels { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(21rem, 100%), 1fr)); gap: .6rem 1.2rem; }
.panels.single { max-width: 30rem; grid-template-columns: 1fr; } .heading { margin: .4rem 0 0; font-weight: 600;
  font-size: .94rem; }
.chart { display: block; width: 100%; height: auto; color: var(--ink); }
.chart text { fill: var(--soft); font-size: 12px; } .chart .axis { fill: var(--ink); font-size: 12.5px; }
.chart path { fill: none; } .chart .frame { fill: none; stroke: var(--line); }
.chart .grid { stroke: var(--line); stroke-width: .5; opacity: .55; } .chart .zero { stroke: var(--soft);
  stroke-width: .6; }
.chart .curve { stroke: var(--c); stroke-width: 1.7; stroke-linejoin: round; } .chart .mark { stroke: var(--c);
  stroke-width: 1.2; }
.chart .full { fill: var(--c); } .chart .hollow { fill: var(--ground); }
""" + " ".join(f".c{k} {{ --c: var(--curve-{k}); }}" for k in range(7)) + """
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: .2rem 1.1rem; padding: 0; margin: .4rem 0; }
.legend li { display: flex; align-items: center; gap: .4rem; } .legend .chart { width: 2.1rem; flex: none; }
details { border: 1px solid var(--line); border-radius: 6px; padding: .35rem .8rem; margin: .6rem 0; }
summary { cursor: pointer; color: var(--soft); } details[open] > summary { margin-bottom: .5rem; }
dl.words { display: grid; grid-template-columns: max-content 1fr; gap: .3rem 1rem; margin: .8rem 0; }
dl.words dt { font-weight: 600; } dl dd { margin: 0; } dl.proof dt { font-weight: 600; margin-top: .5rem; }
.tiles { list-style: none; display: grid; grid-template-columns: repeat(auto-fit, minmax(min(10.5rem, 100%), 1fr));
  gap: .8rem; padding: 0; margin: 1.2rem 0; }
.tiles li { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: .7rem .9rem;
  font-size: .92rem; line-height: 1.4; }
.tiles strong { display: block; font-size: 1.5rem; line-height: 1.3; font-variant-numeric: tabular-nums; }
ol.findings { padding-left: 1.4rem; } ol.findings > li { margin: 1.3rem 0; max-width: none; }
ol.findings > li::marker { font-weight: 600; color: var(--soft); }
ol.findings h4 { display: inline; font-size: 1rem; margin: 0 .5rem 0 0; }
ul.statements { list-style: none; padding: 0; margin: .9rem 0; border-top: 1px solid var(--line); }
ul.statements li { display: grid; grid-template-columns: 12.5rem 1fr; gap: .2rem 1rem; padding: .7rem 0;
  border-bottom: 1px solid var(--line); max-width: none; }
ul.statements .detail, ul.statements .source { font-size: .93rem; color: var(--soft); }
ul.statements p { margin: 0 0 .2rem; }
.verdict { display: inline-block; padding: .02rem .6rem; border-radius: 999px; font-size: .84rem; font-weight: 600;
  white-space: nowrap; align-self: start; justify-self: start; }
.holds { color: var(--good); background: var(--good-ground); }
.near { color: var(--near); background: var(--near-ground); }
.fails { color: var(--bad); background: var(--bad-ground); }
ol.index { columns: 20rem; column-gap: 2rem; padding: 0; list-style: none; font-size: .94rem; }
ol.index li { break-inside: avoid; margin: .25rem 0; padding-left: 1.6rem; text-indent: -1.6rem; line-height: 1.4; }
article { content-visibility: auto; contain-intrinsic-size: auto 14rem; }
.theorem { margin: .8rem 0; } .theorem > p { margin: .3rem 0; }
@media (min-width: 64rem) {
  body { display: grid; grid-template-columns: 13.5rem minmax(0, 1fr); column-gap: 3rem; }
  header, main, footer { grid-column: 2; }
  nav { grid-column: 1; grid-row: 1 / span 3; position: sticky; top: 1.2rem; align-self: start; font-size: .93rem;
    max-height: calc(100vh - 2.4rem); overflow-y: auto; padding: 1rem 0; } }
@media (max-width: 63.99rem) {
  nav { margin: 1rem 0; font-size: .95rem; } nav > ol { display: flex; flex-wrap: wrap; gap: .1rem 1rem; }
  nav ol ol { display: none; } nav a { text-decoration: underline; } }
@media (max-width: 40rem) {
  body { padding: .8rem 1rem 3rem; } h1 { font-size: 1.55rem; } h2 { font-size: 1.3rem; margin-top: 2.4rem; }
  ul.statements li, dl.words { grid-template-columns: 1fr; } dl.words dd { margin-bottom: .4rem; }
  th, td { padding-right: .5rem; } .math > math, .math.pieces { margin-left: 0; }
  table.stack, .stack tbody, .stack tr, .stack td, .stack caption { display: block; } .stack thead { display: none; }
  .stack tr { padding: .5rem 0; border-bottom: 1px solid var(--line); } .stack td { border: 0; padding: .1rem 0; }
  .stack td::before { content: attr(data-label) ": "; color: var(--soft); } .stack td[data-label=""]::before,
  .stack td:first-child::before { content: none; } .stack td:first-child { font-weight: 600; }
  .stack .number { text-align: left; } }
@media print {
  :root { color-scheme: light; """ + variables(PRINT) + """ }
  body { display: block; max-width: none; font-size: 10pt; padding: 0; } nav, .skip { display: none; }
  .verdict { border: 1px solid; } figure, ul.statements li, tr, .tiles li { break-inside: avoid; }
  h2, h3 { break-after: avoid; } .math, .pieces > span { overflow: visible; } article { content-visibility: visible; }
  main a[href^="https"]::after { content: " (" attr(href) ")"; font-size: .85em; } }
"""
