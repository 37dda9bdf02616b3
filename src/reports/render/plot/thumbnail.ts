import type { HeatmapPlot, Plot } from '../../plot.js';
import type { ReportResult } from '../../report-result.js';
import { at, plotColumn, type PlotColumn } from './plot-source.js';
import { seriesClass } from './series.js';
import { stack, type Span } from './stack.js';
import { thin } from './thin.js';

const WIDTH = 240;
const HEIGHT = 72;
const MOST_BARS = 40;

/** The shape of a plot, without words, for a list of reports: decoration, as the page behind it tells all. */
export function drawThumbnail(plot: Plot, result: ReportResult): string {
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" aria-hidden="true" focusable="false">${marksOf(plot, result)}</svg>`;
}

function marksOf(plot: Plot, result: ReportResult): string {
  const columns = (names: readonly string[]) => names.map((name) => plotColumn(result, name, 'en'));
  switch (plot.type) {
    case 'line':
      return lines(columns(plot.y), result);
    case 'bar':
      return bars(columns(plot.y), result, plot.stacked === true);
    case 'funnel':
      return steps(columns([plot.value]), result);
    case 'heatmap':
      return cells(plot, result);
  }
}

function lines(columns: readonly PlotColumn[], { rows }: ReportResult): string {
  const series = columns.map((column) => rows.map((row) => column.number(row)));
  const y = scaleOf(series.flatMap((values) => [...extremes(values)]));
  return series
    .map((values, index) => {
      let pen = 'M';
      const path = thin(values, WIDTH / 2).map((position) => {
        const value = values[position] ?? null;
        if (value === null) {
          pen = 'M';
          return '';
        }
        const x = values.length === 1 ? 0 : (position / (values.length - 1)) * WIDTH;
        // Of one value alone, a line as long as the picture; a line of no length is a dot.
        const point = `${pen}${at(x)},${at(y(value))}${values.length === 1 ? `H${WIDTH}` : pen === 'M' ? 'h0' : ''}`;
        pen = 'L';
        return point;
      });
      return `<g class="series ${seriesClass(index)}"><path d="${path.join('')}"/></g>`;
    })
    .join('');
}

function bars(columns: readonly PlotColumn[], { rows }: ReportResult, stacked: boolean): string {
  const shown = rows.slice(-MOST_BARS).map((row) => columns.map((column) => column.number(row)));
  const spans = shown.map((values) =>
    stacked
      ? stack(values)
      : values.map((value): Span | null => (value === null ? null : { from: 0, to: value })),
  );
  const y = scaleOf(spans.flat().flatMap((span) => (span === null ? [] : [span.from, span.to])));
  const band = WIDTH / Math.max(1, shown.length);
  const thick = (band * 0.76) / (stacked ? 1 : columns.length);
  return spans
    .flatMap((line, index) =>
      line.map((span, series) => {
        if (span === null) return '';
        const x = band * (index + 0.12) + (stacked ? 0 : thick * series);
        const [top, bottom] = [y(Math.max(span.from, span.to)), y(Math.min(span.from, span.to))];
        return `<g class="bars ${seriesClass(series)}"><rect x="${at(x)}" y="${at(top)}" width="${at(thick)}" height="${at(bottom - top)}"/></g>`;
      }),
    )
    .join('');
}

function steps([column]: readonly PlotColumn[], { rows }: ReportResult): string {
  const numbers = rows.slice(0, MOST_BARS).map((row) => column?.number(row) ?? 0);
  const most = Math.max(1e-9, ...numbers);
  const band = HEIGHT / Math.max(1, numbers.length);
  return numbers
    .map(
      (number, index) =>
        `<g class="bars s0"><rect x="0" y="${at(band * (index + 0.1))}" width="${at((Math.max(0, number) / most) * WIDTH)}" height="${at(band * 0.8)}"/></g>`,
    )
    .join('');
}

function cells(plot: HeatmapPlot, result: ReportResult): string {
  const [across, down, value] = [plot.x, plot.y, plot.value].map((name) => plotColumn(result, name, 'en'));
  const heads = (column: PlotColumn | undefined) => [
    ...new Set(result.rows.map((row) => column?.tell(row) ?? '')),
  ];
  const columns = heads(across);
  const lines = heads(down).slice(0, 30);
  const [width, height] = [WIDTH / columns.length, HEIGHT / lines.length];
  return result.rows
    .map((row) => {
      const [x, y] = [columns.indexOf(across?.tell(row) ?? ''), lines.indexOf(down?.tell(row) ?? '')];
      const number = value?.number(row) ?? null;
      if (number === null || y < 0) return '';
      const opacity = 0.05 + 0.95 * Math.min(1, Math.max(0, number));
      return `<rect class="cell" x="${at(x * width)}" y="${at(y * height)}" width="${at(width * 0.95)}" height="${at(height * 0.9)}" fill-opacity="${opacity.toFixed(2)}"/>`;
    })
    .join('');
}

function extremes(values: readonly (number | null)[]): readonly number[] {
  let [least, greatest] = [0, 0];
  for (const value of values) {
    least = Math.min(least, value ?? 0);
    greatest = Math.max(greatest, value ?? 0);
  }
  return [least, greatest];
}

function scaleOf(values: readonly number[]): (value: number) => number {
  const low = Math.min(0, ...values);
  const high = Math.max(0, ...values);
  const span = high - low || 1;
  return (value) => HEIGHT - 1.5 - ((value - low) / span) * (HEIGHT - 3);
}
