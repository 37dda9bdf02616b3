import { escapeHtml } from '../../../page/escape-html.js';
import type { Kind } from '../../columns.js';
import { at, type Canvas } from './plot-source.js';
import { textWidth } from './text-width.js';
import { formatTick, niceTicks } from './ticks.js';

/** The field that marks are drawn in, with lines behind them for round values. */
export interface Frame {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  /** Where a value is. */
  readonly y: (value: number) => number;
  readonly marks: string;
}

/** A label below the field; of two that would touch, the later is left out. */
export interface AxisLabel {
  readonly x: number;
  readonly label: string;
  readonly below?: string;
}

export function drawFrame(
  kind: Kind,
  values: readonly number[],
  { width, fontSize, language }: Canvas,
  height: number,
): Frame {
  const ticks = niceTicks(kind, values, 4);
  const labels = ticks.map((tick) => formatTick(kind, tick, language));
  const left = Math.ceil(Math.max(...labels.map((label) => textWidth(label, fontSize)))) + 10;
  const [top, right, bottom] = [fontSize * 0.75, width - 6, height - fontSize * 2.9];
  const low = ticks[0] ?? 0;
  const high = ticks.at(-1) ?? 1;
  const y = (value: number) => bottom - ((value - low) / (high - low)) * (bottom - top);
  const marks = ticks.map((tick, index) => {
    const height = at(y(tick));
    return (
      `<line class="${tick === 0 ? 'zero' : 'rule'}" x1="${at(left)}" x2="${at(right)}" y1="${height}" y2="${height}"/>` +
      `<text class="tick" x="${at(left - 8)}" y="${height}" dy=".35em" text-anchor="end">${escapeHtml(labels[index] ?? '')}</text>`
    );
  });
  return { left, right, top, bottom, y, marks: marks.join('') };
}

export function drawAxis(labels: readonly AxisLabel[], frame: Frame, { fontSize, width }: Canvas): string {
  let edge = -Infinity;
  return labels
    .map(({ x, label, below = '' }) => {
      const half = Math.max(textWidth(label, fontSize), textWidth(below, fontSize)) / 2;
      // Within the picture, also at its ends.
      const centre = Math.min(Math.max(x, half + 1), width - half - 1);
      if (centre - half < edge) return '';
      edge = centre + half + 6;
      const line = (text: string, row: number) =>
        text === ''
          ? ''
          : `<text class="tick" x="${at(centre)}" y="${at(frame.bottom + fontSize * row)}" text-anchor="middle">${escapeHtml(text)}</text>`;
      return `<line class="rule" x1="${at(x)}" x2="${at(x)}" y1="${at(frame.bottom)}" y2="${at(frame.bottom + 4)}"/>${line(label, 1.45)}${line(below, 2.6)}`;
    })
    .join('');
}
