"""How the page looks: one column, light or dark as the reader has it, on paper and on a phone."""

CSS = """
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #59636e; --line: #d1d9e0; --ground: #fff; --card: #f6f8fa;
  --good: #116329; --good-ground: #dafbe1; --near: #7d4e00; --near-ground: #fff1c7; --bad: #a40e26;
  --bad-ground: #ffe5e2; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --soft: #9198a1; --line: #3d444d; --ground: #0d1117;
  --card: #161b22; --good: #7ee787; --good-ground: #12361f; --near: #f2cc60; --near-ground: #3b2e0a; --bad: #ffa198;
  --bad-ground: #4a1517; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 62rem; padding: 1rem 1.2rem 4rem; background: var(--ground); color: var(--ink);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; overflow-wrap: break-word; }
h1 { font-size: 1.75rem; line-height: 1.25; margin: 1rem 0 .4rem; }
h2 { font-size: 1.3rem; margin: 2.6rem 0 .6rem; padding-top: .6rem; border-top: 1px solid var(--line); }
h3 { font-size: 1.05rem; margin: 1.8rem 0 .5rem; }
p { margin: .5rem 0; max-width: 48rem; }
nav { margin: 1rem 0; } nav a { margin-right: 1rem; white-space: nowrap; }
a { color: inherit; }
code, pre { font: .875em/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
pre { background: var(--card); border: 1px solid var(--line); border-radius: 6px; padding: .7rem; overflow-x: auto; }
.lead, .note, figcaption { color: var(--soft); }
.wide, .math { overflow-x: auto; margin: .7rem 0; }
.math { padding: .5rem 0; } math { font-size: 1.08em; } .math math { min-width: max-content; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; }
caption { text-align: left; color: var(--soft); padding: .2rem 0; }
th, td { text-align: left; vertical-align: top; padding: .4rem .8rem .4rem 0; border-bottom: 1px solid var(--line); }
th { font-weight: 600; color: var(--soft); }
figure { margin: 1rem 0; } figcaption { font-size: .92rem; max-width: 48rem; }
img { display: block; width: 100%; height: auto; background: #fff; border: 1px solid var(--line); border-radius: 6px;
  padding: .6rem; }
.broad img { min-width: 34rem; }
details { border: 1px solid var(--line); border-radius: 6px; padding: .4rem .8rem; margin: .6rem 0; }
summary { cursor: pointer; }
ul.statements { list-style: none; padding: 0; margin: .8rem 0; border-top: 1px solid var(--line); }
ul.statements li { display: grid; grid-template-columns: 12.5rem 1fr; gap: .2rem 1rem; padding: .7rem 0;
  border-bottom: 1px solid var(--line); }
ul.statements .detail, ul.statements .source { font-size: .92rem; color: var(--soft); }
ul.statements p { margin: 0 0 .2rem; }
.verdict { display: inline-block; padding: .05rem .55rem; border-radius: 999px; font-size: .85rem; font-weight: 600;
  white-space: nowrap; align-self: start; justify-self: start; }
.holds { color: var(--good); background: var(--good-ground); }
.near { color: var(--near); background: var(--near-ground); }
.fails { color: var(--bad); background: var(--bad-ground); }
@media (max-width: 40rem) { ul.statements li { grid-template-columns: 1fr; } h1 { font-size: 1.45rem; }
  figure img { padding: .2rem; } }
@media print { :root { --ink: #000; --soft: #333; --ground: #fff; --card: #fff; --line: #999; --good: #0a4a1c;
  --good-ground: #fff; --near: #5c3a00; --near-ground: #fff; --bad: #7d0a1c; --bad-ground: #fff; color-scheme: light; }
  body { max-width: none; font-size: 10pt; padding: 0; } nav { display: none; } .verdict { border: 1px solid; }
  figure, ul.statements li, tr { break-inside: avoid; } h2, h3 { break-after: avoid; }
  .broad img { min-width: 0; } .wide, .math { overflow: visible; } }
"""
