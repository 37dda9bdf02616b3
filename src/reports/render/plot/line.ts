import { escapeHtml } from '../../../page/escape-html.js';
import type { LinePlot } from '../../plot.js';
import type { ReportResult } from '../../report-result.js';
import { drawFrame } from './frame.js';
import { at, plotColumn, type Canvas, type Drawing, type PlotColumn } from './plot-source.js';
import { dashOf, seriesClass } from './series.js';
import { thin } from './thin.js';
import { xScale } from './x-scale.js';

type Rows = ReportResult['rows'];

/** Most columns that a pointer finds: of more it could not tell them apart. */
const HITS = 180;

export function drawLines(plot: LinePlot, result: ReportResult, canvas: Canvas): Drawing {
  const { rows } = result;
  const columns = plot.y.map((name) => plotColumn(result, name, canvas.language));
  const days = plotColumn(result, plot.x, canvas.language);
  const height = Math.round(canvas.width * (canvas.width < 500 ? 0.68 : 0.36));
  const values = columns.flatMap((column) => thinnedNumbers(column, rows));
  const frame = drawFrame(columns[0]?.kind ?? 'count', values, canvas, height);
  const scale = xScale(days, rows, frame, canvas);
  const lines = columns.map((column, series) =>
    drawSeries(column, rows, {
      x: scale.x,
      y: frame.y,
      series,
      buckets: Math.ceil((frame.right - frame.left) / 2),
    }),
  );
  return {
    width: canvas.width,
    height,
    marks: [frame.marks, scale.axis, ...lines, drawHits(days, columns, rows, { ...frame, x: scale.x })].join(
      '',
    ),
  };
}

// Of a long series the spread of arguments would not fit on the stack.
function thinnedNumbers(column: PlotColumn, rows: Rows): readonly number[] {
  const values = rows.map((row) => column.number(row));
  return thin(values, 500).flatMap((index) => values[index] ?? []);
}

interface SeriesPlace {
  readonly x: (index: number) => number;
  readonly y: (value: number) => number;
  readonly series: number;
  readonly buckets: number;
}

/** A line with a gap where there is no value; a point that has no neighbour is a dot, as it would not be seen. */
function drawSeries(column: PlotColumn, rows: Rows, { x, y, series, buckets }: SeriesPlace): string {
  const values = rows.map((row) => column.number(row));
  const runs: { x: number; y: number }[][] = [[]];
  for (const index of thin(values, buckets)) {
    const value = values[index] ?? null;
    if (value === null) runs.push([]);
    else runs.at(-1)?.push({ x: x(index), y: y(value) });
  }
  const path = runs
    .filter((run) => run.length > 1)
    .map((run) => `M${run.map((point) => `${at(point.x)},${at(point.y)}`).join('L')}`)
    .join('');
  const dots = runs
    .filter((run) => run.length === 1 || rows.length <= 31)
    .flat()
    .map((point) => `<circle cx="${at(point.x)}" cy="${at(point.y)}" r="3"/>`)
    .join('');
  const dash = dashOf(series);
  return `<g class="series ${seriesClass(series)}${rows.length > 200 ? ' dense' : ''}">${path === '' ? '' : `<path d="${path}"${dash === '' ? '' : ` stroke-dasharray="${dash}"`}/>`}${dots}</g>`;
}

interface HitPlace {
  readonly x: (index: number) => number;
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

/** Columns that are not seen until a pointer is over them; then they tell the values of their row. */
function drawHits(days: PlotColumn, columns: readonly PlotColumn[], rows: Rows, place: HitPlace): string {
  const every = Math.max(1, Math.ceil(rows.length / HITS));
  const half = Math.min(24, ((place.right - place.left) / Math.max(1, rows.length / every)) * 0.5);
  return rows
    .flatMap((row, index) => {
      if (index % every !== 0) return [];
      const told = [days.tell(row), ...columns.map((column) => `${column.label}: ${column.tell(row)}`)];
      const left = Math.max(place.left, place.x(index) - half);
      const width = Math.min(place.right, place.x(index) + half) - left;
      return `<rect class="hit" x="${at(left)}" y="${at(place.top)}" width="${at(Math.max(0, width))}" height="${at(place.bottom - place.top)}"><title>${escapeHtml(told.join('\n'))}</title></rect>`;
    })
    .join('');
}
