import { escapeHtml } from '../../../page/escape-html.js';
import type { BarPlot } from '../../plot.js';
import type { ReportResult } from '../../report-result.js';
import { formatValue, isNumeric } from '../format-value.js';
import { wordsOf } from '../words.js';
import { drawAxis, drawFrame, type AxisLabel, type Frame } from './frame.js';
import { at, plotColumn, type Canvas, type Drawing, type PlotColumn } from './plot-source.js';
import { hatchOf, seriesClass } from './series.js';
import { stack, type Span } from './stack.js';
import { timeTicks } from './time-ticks.js';

/** Below this a column is a hair: neighbours become one. */
const LEAST_BAND = 3.5;

/** Neighbouring rows that are drawn as one: their means. */
interface Group {
  readonly label: string;
  readonly position: number | null;
  readonly values: readonly (number | null)[];
}

export function drawColumns(plot: BarPlot, result: ReportResult, canvas: Canvas): Drawing {
  const { language, width } = canvas;
  const columns = plot.y.map((name) => plotColumn(result, name, language));
  const across = plotColumn(result, plot.x, language);
  const height = Math.round(width * (width < 500 ? 0.68 : 0.36));
  const size = Math.ceil(result.rows.length / ((width - 60) / LEAST_BAND));
  const groups = groupRows(result, { columns, across, size });
  const spans = groups.map(({ values }) => (plot.stacked === true ? stack(values) : besides(values)));
  const ends = spans.flat().flatMap((span) => (span === null ? [] : [span.from, span.to]));
  const frame = drawFrame(columns[0]?.kind ?? 'count', ends, canvas, height);
  const band = (frame.right - frame.left) / Math.max(1, groups.length);
  const thick = Math.min(band * (band < 6 ? 0.9 : 0.76), plot.stacked === true ? 56 : 40 * columns.length);
  const marks = columns.map((column, series) => {
    const hatch = hatchOf(series);
    const bars = groups.flatMap(({ label, values }, index) => {
      const span = spans[index]?.[series] ?? null;
      if (span === null) return [];
      const one = plot.stacked === true ? thick : thick / columns.length;
      const offset = plot.stacked === true ? 0 : one * series;
      const x = frame.left + band * (index + 0.5) - thick / 2 + offset;
      const [top, bottom] = [frame.y(Math.max(span.from, span.to)), frame.y(Math.min(span.from, span.to))];
      const place = `x="${at(x)}" y="${at(top)}" width="${at(Math.max(0.8, one - (one > 6 ? 1 : 0)))}" height="${at(Math.max(bottom - top, 0))}"`;
      const told = `${label}\n${column.label}: ${formatValue(column.kind, values[series], language)}`;
      return `<rect ${place}><title>${escapeHtml(told)}</title></rect>${hatch === '' || one < 5 ? '' : `<rect class="hatch" ${place} fill="url(#${hatch})"/>`}`;
    });
    return `<g class="bars ${seriesClass(series)}">${bars.join('')}</g>`;
  });
  const axis = drawAxis(labelsOf(groups, across, { frame, band }, canvas), frame, canvas);
  return {
    width,
    height,
    marks: [frame.marks, axis, ...marks].join(''),
    ...(size > 1 ? { note: wordsOf(language).meanOf(String(size)) } : {}),
  };
}

function besides(values: readonly (number | null)[]): readonly (Span | null)[] {
  return values.map((value) => (value === null ? null : { from: 0, to: value }));
}

function groupRows(
  { rows }: ReportResult,
  {
    columns,
    across,
    size,
  }: { readonly columns: readonly PlotColumn[]; readonly across: PlotColumn; readonly size: number },
): readonly Group[] {
  const groups: Group[] = [];
  for (let from = 0; from < rows.length; from += size) {
    const members = rows.slice(from, from + size);
    const [first, last] = [members[0], members.at(-1)];
    if (first === undefined || last === undefined) continue;
    groups.push({
      label: first === last ? across.tell(first) : `${across.tell(first)} – ${across.tell(last)}`,
      position: across.number(first),
      values: columns.map((column) => {
        const numbers = members.map((row) => column.number(row)).filter((value) => value !== null);
        return numbers.length === 0 ? null : numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
      }),
    });
  }
  return groups;
}

function labelsOf(
  groups: readonly Group[],
  { kind }: PlotColumn,
  { frame, band }: { readonly frame: Frame; readonly band: number },
  { language, fontSize }: Canvas,
): readonly AxisLabel[] {
  const centre = (index: number) => frame.left + band * (index + 0.5);
  const most = (frame.right - frame.left) / (fontSize * 5.4);
  const positions = groups.flatMap(({ position }) => position ?? []);
  const [from, to] = [positions[0], positions.at(-1)];
  const isAscending = positions.every(
    (position, index) => index === 0 || position > (positions[index - 1] ?? 0),
  );
  if (isNumeric(kind) || !isAscending || from === undefined || to === undefined) {
    const every = Math.ceil(groups.length / most);
    return groups.flatMap(({ label }, index) => (index % every === 0 ? [{ x: centre(index), label }] : []));
  }
  return timeTicks(from, to, most, { language, days: kind === 'day' }).flatMap(({ at: time, ...label }) => {
    const index = positions.findIndex((position) => position >= time);
    return index < 0 ? [] : [{ ...label, x: centre(index) }];
  });
}
