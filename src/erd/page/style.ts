/** Dark and light follow the system. What is wider than the screen scrolls within itself, never the page. */
export const style = `
:root { color-scheme: light dark; --paper: #fff; --ground: #f5f6f8; --ink: #1b1f24; --muted: #59636e; --edge: #d1d7de; --link: #0757b5; --head: #e3ecf8; --line: #6b7785; --hit: #fff3bf; }
@media (prefers-color-scheme: dark) { :root { --paper: #161b22; --ground: #0d1117; --ink: #e6e9ed; --muted: #9aa4b0; --edge: #343c46; --link: #79b5ff; --head: #1f3148; --line: #8a95a3; --hit: #4a3f10; } }
* { box-sizing: border-box; }
html { scroll-padding-top: 7rem; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, "Noto Sans KR", "Noto Sans CJK KR", "Apple SD Gothic Neo", "Malgun Gothic", sans-serif; }
code, .code { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
code { font-size: 0.875em; overflow-wrap: anywhere; }
a { color: var(--link); text-underline-offset: 0.15em; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
[hidden] { display: none !important; }
header { position: sticky; top: 0; z-index: 1; display: flex; flex-wrap: wrap; align-items: center; gap: 0.25rem 1rem; padding: 0.5rem 1rem; background: var(--paper); border-bottom: 1px solid var(--edge); }
h1 { margin: 0; font-size: 1.25rem; }
form { display: flex; flex: 1 1 16rem; min-width: 0; align-items: center; gap: 0.5rem; }
input { flex: 1; min-width: 0; max-width: 36rem; padding: 0.375rem 0.625rem; font: inherit; color: inherit; background: var(--ground); border: 1px solid var(--line); border-radius: 6px; }
#count { margin: 0; color: var(--muted); font-variant-numeric: tabular-nums; }
nav, main { max-width: 80rem; margin: 0 auto; padding: 0 1rem; }
nav ul { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; margin: 1rem 0 0; padding: 0; list-style: none; }
h2 { margin: 2.5rem 0 0.75rem; font-size: 1.375rem; }
h3 { margin: 0; font-size: 1.0625rem; overflow-wrap: anywhere; }
h2 span, h3 > span, nav span { color: var(--muted); font-weight: 400; }
h3 a { color: inherit; text-decoration: none; }
h3 a:hover { text-decoration: underline; }
.scroll { overflow-x: auto; }
figure { margin: 0 0 1rem; background: var(--paper); border: 1px solid var(--edge); border-radius: 8px; }
svg { display: block; margin: 0 auto; }
article { margin: 0 0 1rem; padding: 1rem; background: var(--paper); border: 1px solid var(--edge); border-radius: 8px; }
article:target { border-color: var(--link); }
article p { margin: 0.25rem 0 0.75rem; color: var(--muted); max-width: 48rem; overflow-wrap: anywhere; }
table { width: 100%; border-collapse: collapse; font-size: 0.9375rem; }
th, td { padding: 0.25rem 0.75rem 0.25rem 0; text-align: left; vertical-align: top; border-top: 1px solid var(--edge); }
thead th { border: 0; color: var(--muted); font-weight: 400; font-size: 0.8125rem; }
tbody th { font-weight: 600; }
td:nth-child(3) { white-space: nowrap; }
th code, td code { overflow-wrap: normal; white-space: nowrap; }
.comment { width: 100%; min-width: 16rem; overflow-wrap: anywhere; }
.target { white-space: nowrap; }
tr.hit > * { background: var(--hit); }
dl { display: grid; grid-template-columns: 8rem minmax(0, 1fr); gap: 0.125rem 0.75rem; margin: 0.75rem 0 0; font-size: 0.9375rem; }
dt { grid-column: 1; color: var(--muted); }
dd { grid-column: 2; margin: 0; overflow-wrap: anywhere; }
dd ul.inline { display: flex; flex-wrap: wrap; gap: 0 1.25rem; margin: 0; padding: 0; list-style: none; }
.rule { color: var(--muted); font-size: 0.8125rem; }
details ul { margin: 0.25rem 0; padding-left: 1.25rem; }
summary { cursor: pointer; color: var(--link); }
@media (max-width: 40rem) { dl { grid-template-columns: minmax(0, 1fr); } dt, dd { grid-column: 1; } dt { margin-top: 0.5rem; }
  thead { display: none; } tbody tr { display: flex; flex-wrap: wrap; gap: 0 0.75rem; padding: 0.375rem 0; border-top: 1px solid var(--edge); } th, td { padding: 0; border: 0; } td:empty { display: none; } th code, td code { white-space: normal; overflow-wrap: anywhere; } .comment { min-width: 0; color: var(--muted); } .nullable-no { display: none; } .nullable-yes::before { content: "null: "; color: var(--muted); } .default::before { content: "default: "; color: var(--muted); } }
.frame { fill: var(--paper); stroke: var(--line); }
.stub .frame { fill: var(--ground); stroke-dasharray: 4 3; }
.head { fill: var(--head); stroke: none; }
.box { text-decoration: none; }
.box:hover .frame, .box:focus-visible .frame { stroke: var(--link); stroke-width: 2; }
.box.dim { opacity: 0.3; }
svg text { fill: var(--ink); font-size: 12px; }
svg .name { font-size: 13px; font-weight: 600; }
svg .korean, svg .more, svg .muted, svg .mark { fill: var(--muted); }
svg .mark { font-size: 10px; text-anchor: end; }
.line path, .line circle { fill: none; stroke: var(--line); stroke-width: 1.25; }
.line circle { fill: var(--paper); }
.optional > path:first-child { stroke-dasharray: 5 4; }
@media print { header { position: static; } form { display: none; } figure, article { break-inside: avoid; } }
`;
