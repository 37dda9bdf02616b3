import { escapeHtml } from '../../../page/escape-html.js';

/** Of lines: told apart by their dashes where colours are not. */
const dashes = ['', '7 4', '2 3', '10 4 2 4', '4 2', '12 3 2 3 2 3'] as const;
/** Of bars: the first is plain, the others have one of these over their colour. */
const HATCHES = 5;

export function seriesClass(series: number): string {
  return `s${series % dashes.length}`;
}

export function dashOf(series: number): string {
  return dashes[series % dashes.length] ?? '';
}

/** The id of the pattern over a bar; empty for none. */
export function hatchOf(series: number): string {
  const index = series % (HATCHES + 1);
  return index === 0 ? '' : `hatch-${index}`;
}

/** Once in a page that has bars: marks of the colour of the paper, so that they suit every colour below them. */
export const hatches = `<svg class="hatches" width="0" height="0" aria-hidden="true" focusable="false"><defs>${[
  '<path d="M-1,7L7,-1M2,10L10,2"/>',
  '<circle cx="2" cy="2" r="1.1"/><circle cx="6" cy="6" r="1.1"/>',
  '<path d="M-1,1L7,9M-2,-6L10,6"/>',
  '<path d="M0,4H8"/>',
  '<path d="M0,4H8M4,0V8"/>',
]
  .map(
    (marks, index) =>
      `<pattern id="hatch-${index + 1}" width="8" height="8" patternUnits="userSpaceOnUse">${marks}</pattern>`,
  )
  .join(
    '',
  )}<pattern id="hatch-open" width="9" height="9" patternUnits="userSpaceOnUse"><path d="M-2,2L2,-2M-1,10L10,-1M7,11L11,7"/></pattern></defs></svg>`;

/** What is which series, with the dash or the hatching that it has. */
export function drawLegend(labels: readonly string[], mark: 'line' | 'bar'): string {
  const items = labels.map((label, series) => {
    const dash = dashOf(series);
    const hatch = hatchOf(series);
    const sample =
      mark === 'line'
        ? `<path d="M1,6H27"${dash === '' ? '' : ` stroke-dasharray="${dash}"`}/>`
        : `<rect x="8" y="0" width="12" height="12" rx="2"/>${hatch === '' ? '' : `<rect class="hatch" x="8" y="0" width="12" height="12" fill="url(#${hatch})"/>`}`;
    return `<li><svg class="sample ${mark === 'line' ? 'series' : 'bars'} ${seriesClass(series)}" width="28" height="12" viewBox="0 0 28 12" aria-hidden="true" focusable="false">${sample}</svg>${escapeHtml(label)}</li>`;
  });
  return `<ul class="legend">${items.join('')}</ul>`;
}
