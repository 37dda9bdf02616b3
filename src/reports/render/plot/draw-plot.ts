import { escapeHtml } from '../../../page/escape-html.js';
import type { Plot } from '../../plot.js';
import type { ReportResult } from '../../report-result.js';
import type { Language } from '../../text.js';
import { resultColumn } from '../result-column.js';
import { wordsOf } from '../words.js';
import { drawBars } from './bar.js';
import { drawFunnel } from './funnel.js';
import { drawHeatmap } from './heatmap.js';
import { drawLines } from './line.js';
import type { Canvas, Drawing } from './plot-source.js';
import { drawLegend } from './series.js';

/** Twice: text that is read on a desktop is too small when the picture shrinks to a phone. CSS shows one of them. */
const canvases = {
  wide: { width: 720, fontSize: 12 },
  narrow: { width: 300, fontSize: 12 },
} as const;

/**
 * A plot as a figure: SVG with colours from the custom properties of the page, told apart by dashes and hatching too.
 * The numbers are in the table beside it, so a screen reader hears what it shows, not each mark.
 */
export function drawPlot(plot: Plot, result: ReportResult, language: Language): string {
  const title = plot.title[language];
  const caption = `<figcaption>${escapeHtml(title)}</figcaption>`;
  if (isEmpty(plot, result))
    return `<figure>${caption}<p class="nothing">${escapeHtml(wordsOf(language).nothingToShow)}</p></figure>`;
  const pictures = Object.entries(canvases).map(([size, canvas]) => {
    const drawing = drawMarks(plot, result, { ...canvas, language });
    const note = drawing.note === undefined ? '' : `<p class="note">${escapeHtml(drawing.note)}</p>`;
    return `<div class="${size}">${frame(drawing, title, canvas.width)}${note}</div>`;
  });
  return `<figure class="${plot.type}">${caption}${legendOf(plot, result, language)}${pictures.join('')}</figure>`;
}

export function drawMarks(plot: Plot, result: ReportResult, canvas: Canvas): Drawing {
  switch (plot.type) {
    case 'line':
      return drawLines(plot, result, canvas);
    case 'bar':
      return drawBars(plot, result, canvas);
    case 'heatmap':
      return drawHeatmap(plot, result, canvas);
    case 'funnel':
      return drawFunnel(plot, result, canvas);
  }
}

/** Whether a plot would have no marks: there are no rows, or none has a value. */
export function isEmpty(plot: Plot, result: ReportResult): boolean {
  const values = ('value' in plot ? [plot.value] : plot.y).map((name) => resultColumn(result, name));
  return !result.rows.some((row) => values.some(({ name }) => typeof row[name] === 'number'));
}

function frame({ width, height, marks }: Drawing, title: string, canvasWidth: number): string {
  const size = `viewBox="0 0 ${width} ${height}" width="${width}" height="${height}"`;
  const picture = `<svg class="plot" role="img" aria-label="${escapeHtml(title)}" ${size}>${marks}</svg>`;
  return width > canvasWidth
    ? `<div class="scroll" tabindex="0" role="region" aria-label="${escapeHtml(title)}">${picture}</div>`
    : `<div class="fit">${picture}</div>`;
}

function legendOf(plot: Plot, result: ReportResult, language: Language): string {
  if (plot.type !== 'line' && plot.type !== 'bar') return '';
  const labels = plot.y.map((name) => resultColumn(result, name).label[language]);
  return drawLegend(labels, plot.type === 'line' ? 'line' : 'bar');
}
