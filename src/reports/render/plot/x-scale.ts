import type { ReportResult } from '../../report-result.js';
import { drawAxis, type AxisLabel, type Frame } from './frame.js';
import type { Canvas, PlotColumn } from './plot-source.js';
import { textWidth } from './text-width.js';
import { formatTick, niceTicks } from './ticks.js';
import { timeTicks } from './time-ticks.js';

type Rows = ReportResult['rows'];

/** Where rows are from left to right: days and instants by time, numbers by size, texts in their order. */
export interface XScale {
  /** Of the row of this index. */
  readonly x: (index: number) => number;
  readonly axis: string;
}

export function xScale(column: PlotColumn, rows: Rows, frame: Frame, canvas: Canvas): XScale {
  const positions = rows.map((row) => column.number(row));
  const numbers = positions.filter((position) => position !== null);
  if (numbers.length < rows.length) return ordinalScale(column, rows, frame, canvas);
  const from = numbers.reduce((least, number) => Math.min(least, number), Infinity);
  const to = numbers.reduce((most, number) => Math.max(most, number), -Infinity);
  const { left, right } = frame;
  // Room for the mark of a single row, and for those at the ends.
  const inset = Math.min(12, (right - left) / 2 / Math.max(1, rows.length));
  const place = (number: number) =>
    from === to
      ? (left + right) / 2
      : left + inset + ((number - from) / (to - from)) * (right - left - 2 * inset);
  const labels = labelsOf(column, { from, to }, (right - left) / (canvas.fontSize * 5.4), canvas);
  return {
    x: (index) => place(positions[index] ?? from),
    axis: drawAxis(
      labels.map(({ at, ...label }) => ({ ...label, x: place(at) })),
      frame,
      canvas,
    ),
  };
}

function labelsOf(
  { kind }: PlotColumn,
  { from, to }: { readonly from: number; readonly to: number },
  most: number,
  { language }: Canvas,
): readonly (Omit<AxisLabel, 'x'> & { readonly at: number })[] {
  if (kind === 'day' || kind === 'instant')
    return timeTicks(from, to, most, { language, days: kind === 'day' });
  return niceTicks(kind, [from, to], Math.min(most, 10))
    .filter((tick) => tick >= from && tick <= to)
    .map((tick) => ({ at: tick, label: formatTick(kind, tick, language) }));
}

function ordinalScale(column: PlotColumn, rows: Rows, frame: Frame, canvas: Canvas): XScale {
  const { left, right } = frame;
  const band = (right - left) / Math.max(1, rows.length);
  const x = (index: number) => left + band * (index + 0.5);
  const labels = rows.map((row) => column.tell(row));
  const widest = Math.max(0, ...labels.map((label) => textWidth(label, canvas.fontSize))) + 8;
  const every = Math.max(1, Math.ceil(Math.min(widest, 120) / band));
  return {
    x,
    axis: drawAxis(
      labels.flatMap((label, index) => (index % every === 0 ? [{ x: x(index), label }] : [])),
      frame,
      canvas,
    ),
  };
}
