import { escapeHtml } from '../../../page/escape-html.js';
import type { FunnelPlot } from '../../plot.js';
import type { ReportResult } from '../../report-result.js';
import { formatValue } from '../format-value.js';
import { wordsOf } from '../words.js';
import { at, plotColumn, type Canvas, type Drawing } from './plot-source.js';
import { fitText, textWidth } from './text-width.js';

const MOST = 40;
const BAR = 18;

/** A step a line: its name and number, and below them a bar on the track of the first. */
export function drawFunnel(plot: FunnelPlot, result: ReportResult, canvas: Canvas): Drawing {
  const { width, language, fontSize } = canvas;
  const words = wordsOf(language);
  const step = plotColumn(result, plot.step, language);
  const value = plotColumn(result, plot.value, language);
  const rows = result.rows.slice(0, MOST);
  const numbers = rows.map((row) => value.number(row));
  const first = numbers[0] ?? 0;
  const most = Math.max(0, ...numbers.map((number) => number ?? 0));
  const rowHeight = fontSize * 1.5 + BAR + 12;
  const marks = rows.map((row, index) => {
    const number = numbers[index] ?? null;
    const before = index === 0 ? null : (numbers[index - 1] ?? null);
    const ofFirst = share(number, first, language);
    const ofPrevious = index < 2 ? '' : share(number, before, language);
    const shares = [
      ...(index === 0 || ofFirst === '' ? [] : [words.ofFirst(ofFirst)]),
      ...(ofPrevious === '' ? [] : [words.ofPrevious(ofPrevious)]),
    ];
    const told = value.tell(row);
    // On a phone there is room for one share; the pointer, and the table, tell the others.
    const beside = (width < 500 ? (index === 0 ? [] : [ofFirst]) : shares).filter((part) => part !== '');
    const top = rowHeight * index;
    const room = width - textWidth([told, ...beside].join(' · '), fontSize) - 16;
    const bar = `y="${at(top + fontSize * 1.5)}" height="${BAR}" rx="3"`;
    const title = [step.tell(row), `${value.label}: ${told}`, ...shares].join('\n');
    return (
      `<text class="name" x="0" y="${at(top + fontSize)}">${escapeHtml(fitText(step.tell(row), room, fontSize))}</text>` +
      `<text class="value" x="${at(width)}" y="${at(top + fontSize)}" text-anchor="end">${beside.length === 0 ? '' : `<tspan class="share">${escapeHtml(beside.join(' · '))} · </tspan>`}<tspan>${escapeHtml(told)}</tspan></text>` +
      `<rect class="track" x="0" ${bar} width="${at(width)}"/>` +
      `<g class="bars s0"><rect x="0" ${bar} width="${at(most === 0 || number === null ? 0 : (width * Math.max(0, number)) / most)}"><title>${escapeHtml(title)}</title></rect></g>`
    );
  });
  return {
    width,
    height: Math.ceil(rowHeight * rows.length),
    marks: marks.join(''),
    ...(result.rows.length > MOST
      ? { note: words.firstOf(String(MOST), formatValue('count', result.rows.length, language)) }
      : {}),
  };
}

function share(number: number | null, whole: number | null, language: Canvas['language']): string {
  return number === null || whole === null || whole === 0
    ? ''
    : formatValue('ratio', number / whole, language);
}
