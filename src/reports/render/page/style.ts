/**
 * Dark and light follow the system. What is wider than the screen scrolls within itself, never the page. Series are
 * told apart by people who see no colours by dashes, hatching and lightness.
 */
export const style = `
:root { color-scheme: light dark; --paper: #fff; --ground: #f5f6f8; --ink: #1b2027; --muted: #59636f; --edge: #dee3e9; --rule: #e9ecf0; --link: #1d57a8; --hover: #f0f4fa; --note: #fdf6e3; --note-edge: #d9a520; --heat: #0f4c96; --off: #000; --on: #fff; --track: #edf0f4; --s0: #2f6fbd; --s1: #cc7426; --s2: #13806a; --s3: #a3549f; --s4: #94801d; --s5: #66717e; }
@media screen and (prefers-color-scheme: dark) { :root { --paper: #161b22; --ground: #0e1217; --ink: #e4e8ed; --muted: #98a3b0; --edge: #2d353f; --rule: #252d36; --link: #84b8f8; --hover: #1d2530; --note: #2a2410; --note-edge: #b98d1a; --heat: #6c96c8; --off: #fff; --on: #000; --track: #232b35; --s0: #6aa5ea; --s1: #f0a868; --s2: #58c4a6; --s3: #d49bd6; --s4: #d2bd5c; --s5: #a5b0bc; } }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.55 system-ui, "Pretendard", "Apple SD Gothic Neo", "Noto Sans KR", "Noto Sans CJK KR", "Malgun Gothic", sans-serif; overflow-wrap: anywhere; }
:lang(ko) { word-break: keep-all; }
main, header, footer { max-width: 60rem; margin: 0 auto; padding: 0 1.5rem; }
header { padding-top: 2.5rem; }
.kicker { margin: 0 0 0.5rem; color: var(--muted); font-size: 0.875rem; }
h1 { margin: 0; font-size: clamp(1.5rem, 1.2rem + 1.5vw, 2rem); line-height: 1.25; letter-spacing: -0.015em; font-weight: 650; text-wrap: balance; }
.question { margin: 0.5rem 0 0; font-size: 1.0625rem; color: var(--muted); max-width: 44rem; text-wrap: pretty; }
.meta { display: flex; flex-wrap: wrap; gap: 0 1.25rem; margin: 1rem 0 0; padding: 0; list-style: none; font-size: 0.875rem; color: var(--muted); font-variant-numeric: tabular-nums; }
h2 { margin: 2.5rem 0 0.75rem; font-size: 1.125rem; line-height: 1.3; font-weight: 650; }
a { color: var(--link); text-underline-offset: 0.15em; text-decoration-thickness: 0.06em; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; border-radius: 2px; }
.warnings { margin: 1.5rem 0 0; padding: 0.75rem 1rem; background: var(--note); border: 1px solid var(--edge); border-left: 3px solid var(--note-edge); border-radius: 6px; font-size: 0.9375rem; }
.warnings p { margin: 0; }
.warnings p + p { margin-top: 0.375rem; }
.warnings strong { font-weight: 600; }
figure, .sheet { margin: 1.5rem 0 0; padding: 1.25rem; background: var(--paper); border: 1px solid var(--edge); border-radius: 10px; }
figcaption { margin: 0 0 0.75rem; font-weight: 600; font-size: 1rem; line-height: 1.35; }
.legend { display: flex; flex-wrap: wrap; gap: 0.125rem 1.25rem; margin: -0.25rem 0 0.75rem; padding: 0; list-style: none; font-size: 0.875rem; color: var(--muted); }
.legend li { display: flex; align-items: center; gap: 0.375rem; }
.sample { flex: none; }
.note, .nothing { margin: 0.75rem 0 0; font-size: 0.8125rem; color: var(--muted); }
.nothing { margin: 0; padding: 1.25rem 0; text-align: center; font-size: 0.9375rem; }
.narrow { display: none; }
.scroll { position: relative; overflow: auto; }
.plot { display: block; }
.fit .plot { width: 100%; height: auto; }
.hatches { position: absolute; }
svg text { fill: var(--ink); font-size: 12px; font-variant-numeric: tabular-nums; }
svg .tick, svg .axis, svg .share { fill: var(--muted); }
svg .rule, svg .zero { stroke: var(--rule); stroke-width: 1; }
svg .zero { stroke: var(--muted); stroke-opacity: 0.55; }
svg .value { font-weight: 600; }
svg .share { font-weight: 400; }
.s0 { --c: var(--s0); } .s1 { --c: var(--s1); } .s2 { --c: var(--s2); } .s3 { --c: var(--s3); } .s4 { --c: var(--s4); } .s5 { --c: var(--s5); }
.series path { fill: none; stroke: var(--c); stroke-width: 2; stroke-linejoin: round; stroke-linecap: butt; }
.dense path { stroke-width: 1.25; }
.series circle { fill: var(--paper); stroke: var(--c); stroke-width: 1.75; }
.bars rect:not(.hatch) { fill: var(--c); }
.hatch { pointer-events: none; }
pattern path { fill: none; stroke: var(--paper); stroke-width: 1.5; stroke-opacity: 0.55; }
pattern circle { fill: var(--paper); fill-opacity: 0.65; }
#hatch-open path { stroke-width: 1.25; stroke-opacity: 0.4; }
.hit { fill: var(--ink); fill-opacity: 0; }
.hit:hover { fill-opacity: 0.07; }
.bars rect:hover { fill-opacity: 0.8; }
.track { fill: var(--track); }
.cell { fill: var(--heat); }
.absent { fill: none; stroke: var(--rule); }
.open { pointer-events: none; stroke: var(--muted); stroke-dasharray: 3 3; stroke-opacity: 0.9; }
svg .off, svg .on { pointer-events: none; }
svg .off { fill: var(--off); } svg .on { fill: var(--on); }
.sheet { padding: 0; overflow: hidden; }
.sheet .scroll { max-height: min(80vh, 44rem); }
.sheet > .note { margin: 0; padding: 0.625rem 1.25rem; border-top: 1px solid var(--edge); }
.sheet > .nothing { padding: 1.5rem; }
table { width: 100%; border-collapse: separate; border-spacing: 0; font-size: 0.9375rem; line-height: 1.4; font-variant-numeric: tabular-nums; }
th, td { padding: 0.4375rem 0.75rem; text-align: left; vertical-align: top; border-bottom: 1px solid var(--rule); background: var(--paper); }
th:first-child, td:first-child { padding-left: 1.25rem; }
th:last-child, td:last-child { padding-right: 1.25rem; }
tbody tr:last-child > * { border-bottom: 0; }
tbody tr:hover > * { background: var(--hover); }
thead { position: sticky; top: 0; z-index: 2; }
thead th { vertical-align: bottom; border-bottom: 1px solid var(--edge); color: var(--muted); font-weight: 500; font-size: 0.8125rem; line-height: 1.3; white-space: nowrap; }
thead .over { border-bottom: 0; padding-bottom: 0; text-align: left; }
tbody th { position: sticky; left: 0; z-index: 1; font-weight: 500; }
.right { text-align: right; white-space: nowrap; }
.left { min-width: 16rem; max-width: 32rem; }
.short, .name { white-space: nowrap; }
.mark { position: absolute; }
.definition { margin: 0; padding-left: 1.125rem; max-width: 46rem; font-size: 0.9375rem; }
.definition code { font: 0.875em ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
.definition li + li { margin-top: 0.25rem; }
dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 0.125rem 1.5rem; margin: 0; font-size: 0.9375rem; font-variant-numeric: tabular-nums; }
dt { color: var(--muted); } dd { margin: 0; }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr)); gap: 0 3rem; }
footer { padding-bottom: 3rem; }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 17rem), 1fr)); gap: 1rem; margin: 0; padding: 0; list-style: none; }
.card { position: relative; display: flex; flex-direction: column; min-width: 0; padding: 1rem 1.125rem 1.125rem; background: var(--paper); border: 1px solid var(--edge); border-radius: 10px; }
.card:hover { border-color: var(--link); }
.card h3 { margin: 0; font-size: 1rem; line-height: 1.35; font-weight: 600; }
.card h3 a { color: inherit; text-decoration: none; }
.card h3 a::after { content: ""; position: absolute; inset: 0; border-radius: 10px; }
.card p { margin: 0.25rem 0 0; font-size: 0.875rem; line-height: 1.5; color: var(--muted); }
.card .picture { margin-top: auto; padding-top: 1rem; }
.card .picture svg { display: block; width: 100%; height: 4.5rem; }
.picture path { vector-effect: non-scaling-stroke; stroke-linecap: round; }
.card .number { color: var(--ink); font-size: 1.625rem; line-height: 1.2; font-weight: 600; letter-spacing: -0.01em; font-variant-numeric: tabular-nums; }
.card .number small { display: block; font-size: 0.8125rem; font-weight: 400; letter-spacing: 0; color: var(--muted); }
.card.unavailable { background: none; border-style: dashed; }
.card .reason { margin-top: 0.75rem; }
@media (max-width: 46rem) { main, header, footer { padding-left: 1rem; padding-right: 1rem; } header { padding-top: 1.5rem; } .wide { display: none; } .narrow { display: block; } .narrow .fit { max-width: 26rem; margin: 0 auto; } figure { padding: 1rem 0.875rem; } tbody th { max-width: 45vw; } tbody th.name { min-width: 6.5rem; white-space: normal; } .left { min-width: 12rem; } dl { grid-template-columns: minmax(6rem, max-content) minmax(0, 1fr); gap: 0.125rem 1rem; } }
@media print { :root { --ground: #fff; } body { font-size: 10.5pt; print-color-adjust: exact; -webkit-print-color-adjust: exact; } main, header, footer { max-width: none; padding: 0; } .wide { display: block; } .narrow, .kicker a { display: none; } figure, .warnings, tr { break-inside: avoid; } h2 { break-after: avoid; } .sheet .scroll { max-height: none; overflow: visible; } thead { position: static; } .sheet { overflow: visible; } }
`;
