import { escapeHtml } from '../../../page/escape-html.js';
import type { HeatmapPlot } from '../../plot.js';
import type { ReportResult } from '../../report-result.js';
import { formatValue } from '../format-value.js';
import { wordsOf } from '../words.js';
import { at, plotColumn, type Canvas, type Drawing, type PlotColumn } from './plot-source.js';
import { fitText, textWidth } from './text-width.js';
import { formatTick } from './ticks.js';

const MOST = 60;
const CELL_HEIGHT = 26;
/** From here on the text of a cell is that of dark ones: there black and white are as well to read. */
const DARK = 0.74;

type Rows = ReportResult['rows'];

/** Wider than the canvas when its cells would else be too small for their numbers. */
export function drawHeatmap(plot: HeatmapPlot, result: ReportResult, canvas: Canvas): Drawing {
  const { language, fontSize, width } = canvas;
  const [across, down, value] = [plot.x, plot.y, plot.value].map((name) =>
    plotColumn(result, name, language),
  );
  if (across === undefined || down === undefined || value === undefined) throw new TypeError('no columns');
  const columns = headsOf(across, result.rows);
  const allLines = headsOf(down, result.rows);
  const lines = allLines.slice(0, MOST);
  const widest = Math.max(textWidth(down.label, fontSize), ...lines.map((line) => textWidth(line, fontSize)));
  const left = Math.ceil(Math.min(width < 500 ? 96 : 180, widest)) + 10;
  const cell = Math.max(40, Math.min(84, Math.floor((width - left) / Math.max(1, columns.length))));
  const top = fontSize * 3;
  const place = { left, top, cell };
  const isOpen = result.rows.some((row) => plot.complete !== undefined && row[plot.complete] === false);
  const cells = result.rows.map((row) => {
    const x = columns.indexOf(across.tell(row));
    const y = lines.indexOf(down.tell(row));
    if (x < 0 || y < 0) return '';
    const open = plot.complete !== undefined && row[plot.complete] === false;
    const told = [`${down.label}: ${down.tell(row)}`, `${across.label}: ${across.tell(row)}`];
    const title = [
      ...told,
      `${value.label}: ${value.tell(row)}`,
      ...(open ? [wordsOf(language).incomplete] : []),
    ];
    return drawCell(
      { x, y, open, title: title.join('\n') },
      { column: value, number: value.number(row) },
      place,
      canvas,
    );
  });
  const notes = [
    ...(isOpen ? [`▨ ${wordsOf(language).incomplete}`] : []),
    ...(allLines.length > MOST
      ? [wordsOf(language).firstOf(String(MOST), formatValue('count', allLines.length, language))]
      : []),
  ];
  return {
    width: Math.max(width, left + cell * columns.length + 2),
    height: Math.ceil(top + CELL_HEIGHT * lines.length + 2),
    marks: drawHeads({ across, down, columns, lines }, place, canvas) + cells.join(''),
    ...(notes.length === 0 ? {} : { note: notes.join(' ') }),
  };
}

interface Place {
  readonly left: number;
  readonly top: number;
  readonly cell: number;
}

function drawCell(
  {
    x,
    y,
    open,
    title,
  }: { readonly x: number; readonly y: number; readonly open: boolean; readonly title: string },
  { column, number }: { readonly column: PlotColumn; readonly number: number | null },
  { left, top, cell }: Place,
  { language, fontSize }: Canvas,
): string {
  const [cellX, cellY] = [left + x * cell, top + y * CELL_HEIGHT];
  const box = `x="${at(cellX + 1)}" y="${at(cellY + 1)}" width="${at(cell - 2)}" height="${at(CELL_HEIGHT - 2)}" rx="3"`;
  if (number === null) return `<rect class="absent" ${box}><title>${escapeHtml(title)}</title></rect>`;
  const share = Math.min(1, Math.max(0, number));
  const text =
    column.kind === 'ratio' ? `${Math.round(number * 100)}%` : formatTick(column.kind, number, language);
  return (
    `<rect class="cell" ${box} fill-opacity="${(0.05 + 0.95 * share).toFixed(3)}"><title>${escapeHtml(title)}</title></rect>` +
    (open ? `<rect class="open" ${box} fill="url(#hatch-open)"/>` : '') +
    `<text class="${share >= DARK ? 'on' : 'off'}" x="${at(cellX + cell / 2)}" y="${at(cellY + CELL_HEIGHT / 2)}" dy=".35em" text-anchor="middle">${escapeHtml(fitText(text, cell - 4, fontSize))}</text>`
  );
}

function drawHeads(
  {
    across,
    down,
    columns,
    lines,
  }: {
    readonly across: PlotColumn;
    readonly down: PlotColumn;
    readonly columns: readonly string[];
    readonly lines: readonly string[];
  },
  { left, top, cell }: Place,
  { fontSize }: Canvas,
): string {
  const widest = Math.max(0, ...columns.map((column) => textWidth(column, fontSize)));
  const every = Math.min(widest > cell * 3 ? 1 : Math.ceil((widest + 4) / cell), columns.length) || 1;
  const above = columns.map((column, index) =>
    index % every === 0
      ? `<text class="tick" x="${at(left + (index + 0.5) * cell)}" y="${at(top - 6)}" text-anchor="middle">${escapeHtml(fitText(column, cell * every - 4, fontSize))}</text>`
      : '',
  );
  const beside = lines.map(
    (line, index) =>
      `<text class="tick" x="${at(left - 8)}" y="${at(top + (index + 0.5) * CELL_HEIGHT)}" dy=".35em" text-anchor="end">${escapeHtml(fitText(line, left - 10, fontSize))}</text>`,
  );
  return [
    `<text class="axis" x="${at(left - 8)}" y="${at(top - 6)}" text-anchor="end">${escapeHtml(fitText(down.label, left - 10, fontSize))}</text>`,
    `<text class="axis" x="${at(left + 2)}" y="${at(fontSize + 1)}">${escapeHtml(across.label)}</text>`,
    ...above,
    ...beside,
  ].join('');
}

/** In the order of numbers and days; texts as they come. */
function headsOf(column: PlotColumn, rows: Rows): readonly string[] {
  const heads = new Map(rows.map((row) => [column.tell(row), column.number(row)]));
  const entries = [...heads];
  if (entries.every(([, number]) => number !== null))
    entries.sort(([, one], [, other]) => (one ?? 0) - (other ?? 0));
  return entries.map(([head]) => head);
}
