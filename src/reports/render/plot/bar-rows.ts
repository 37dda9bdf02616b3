import { escapeHtml } from '../../../page/escape-html.js';
import type { BarPlot } from '../../plot.js';
import type { ReportResult } from '../../report-result.js';
import { formatValue } from '../format-value.js';
import { wordsOf } from '../words.js';
import { at, plotColumn, type Canvas, type Drawing, type PlotColumn } from './plot-source.js';
import { hatchOf, seriesClass } from './series.js';
import { stack, type Span } from './stack.js';
import { fitText, textWidth } from './text-width.js';

const MOST = 40;

/** A row as it is drawn. */
interface Line {
  readonly name: string;
  readonly values: readonly (number | null)[];
  readonly spans: readonly (Span | null)[];
}

interface Layout {
  readonly columns: readonly PlotColumn[];
  readonly stacked: boolean;
  readonly canvas: Canvas;
  /** Where bars begin; 0 when names are above them. */
  readonly left: number;
  readonly rowHeight: number;
  readonly thick: number;
  /** Of the first bar, from the top of its row. */
  readonly offset: number;
  readonly x: (value: number) => number;
}

/** A name a line, beside its bars, or above them where there is little room; each bar with its value at its end. */
export function drawRows(plot: BarPlot, result: ReportResult, canvas: Canvas): Drawing {
  const { language, width } = canvas;
  const columns = plot.y.map((name) => plotColumn(result, name, language));
  const names = plotColumn(result, plot.x, language);
  const stacked = plot.stacked === true;
  const lines = result.rows.slice(0, MOST).map((row): Line => {
    const values = columns.map((column) => column.number(row));
    const spans = stacked
      ? stack(values)
      : values.map((value) => (value === null ? null : { from: 0, to: value }));
    return { name: names.tell(row), values, spans };
  });
  const layout = layOut(lines, { columns, stacked, canvas });
  const all = result.rows.length;
  return {
    width,
    height: Math.ceil(layout.rowHeight * lines.length + 2),
    marks: lines.map((line, index) => drawLine(line, layout.rowHeight * index + 2, layout)).join(''),
    ...(all > MOST
      ? { note: wordsOf(language).firstOf(String(MOST), formatValue('count', all, language)) }
      : {}),
  };
}

function drawLine(line: Line, top: number, layout: Layout): string {
  const { columns, stacked, left, rowHeight, thick, offset, x, canvas } = layout;
  const { fontSize, language, width } = canvas;
  const name =
    left === 0
      ? `<text class="name" x="0" y="${at(top + fontSize)}">${escapeHtml(fitText(line.name, width, fontSize))}</text>`
      : `<text class="name" x="${at(left - 10)}" y="${at(top + rowHeight / 2 - 4)}" dy=".35em" text-anchor="end">${escapeHtml(fitText(line.name, left - 12, fontSize))}</text>`;
  const bars = columns.map((column, series) => {
    const span = line.spans[series] ?? null;
    const y = top + offset + (stacked ? 0 : thick * series);
    const told = formatValue(column.kind, line.values[series], language);
    const title = `${line.name}\n${column.label}: ${told}`;
    const value =
      stacked || span === null
        ? ''
        : drawValue(told, { x: x(Math.max(0, span.to)) + 6, y: y + thick / 2, kind: 'value' });
    return span === null ? '' : drawBar(span, { x, y, thick, series, title }) + value;
  });
  return [name, ...bars, drawTotal(line, top + offset + thick / 2, layout)].join('');
}

/** Beside a stack what its parts are together, and beside nothing that there is nothing. */
function drawTotal({ values, spans }: Line, y: number, { columns, stacked, x, canvas }: Layout): string {
  const [first] = columns;
  const numbers = values.filter((value) => value !== null);
  if (numbers.length === 0)
    return drawValue(wordsOf(canvas.language).noValue, { x: x(0) + 6, y, kind: 'tick' });
  if (!stacked || first === undefined) return '';
  const sum = numbers.reduce((all, value) => all + value, 0);
  const end = Math.max(0, ...spans.map((span) => span?.to ?? 0));
  return drawValue(formatValue(first.kind, sum, canvas.language), { x: x(end) + 6, y, kind: 'value' });
}

interface BarPlace {
  readonly x: (value: number) => number;
  readonly y: number;
  readonly thick: number;
  readonly series: number;
  readonly title: string;
}

function drawBar({ from, to }: Span, { x, y, thick, series, title }: BarPlace): string {
  const [left, right] = [x(Math.min(from, to)), x(Math.max(from, to))];
  const place = `x="${at(left)}" y="${at(y)}" width="${at(Math.max(right - left, 0.8))}" height="${at(thick - 1)}"`;
  const hatch = hatchOf(series);
  const over = hatch === '' ? '' : `<rect class="hatch" ${place} fill="url(#${hatch})"/>`;
  return `<g class="bars ${seriesClass(series)}"><rect ${place}><title>${escapeHtml(title)}</title></rect>${over}</g>`;
}

function drawValue(
  text: string,
  { x, y, kind }: { readonly x: number; readonly y: number; readonly kind: 'value' | 'tick' },
): string {
  return `<text class="${kind}" x="${at(x)}" y="${at(y)}" dy=".35em">${escapeHtml(text)}</text>`;
}

function layOut(
  lines: readonly Line[],
  { columns, stacked, canvas }: Pick<Layout, 'columns' | 'stacked' | 'canvas'>,
): Layout {
  const { width, fontSize, language } = canvas;
  const isNarrow = width < 500;
  const widest = Math.max(0, ...lines.map(({ name }) => textWidth(name, fontSize)));
  const left = isNarrow ? 0 : Math.min(width * 0.4, Math.ceil(widest) + 12);
  const thick = stacked || columns.length === 1 ? 16 : 12;
  const offset = isNarrow ? fontSize + 6 : 0;
  const ends = lines.flatMap(({ spans }) => spans.flatMap((span) => (span === null ? [] : [span.to])));
  const [low, high] = [Math.min(0, ...ends), Math.max(0, ...ends)];
  const kind = columns[0]?.kind ?? 'count';
  // In bold, at the ends of the bars.
  const told = ends.map((end) => textWidth(formatValue(kind, end, language), fontSize * 1.1));
  const room = width - left - Math.max(0, ...told) - 10;
  return {
    columns,
    stacked,
    canvas,
    left,
    thick,
    offset,
    rowHeight: thick * (stacked ? 1 : columns.length) + offset + (isNarrow ? 10 : 8),
    x: (value) => left + (high === low ? 0 : ((value - low) / (high - low)) * room),
  };
}
