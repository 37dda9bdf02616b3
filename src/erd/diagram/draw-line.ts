import type { Line, Point } from './layout.js';

const cornerRadius = 6;

/** The line with its ends: a crow's foot for many, bars for one, a ring where there may be none. */
export function drawLine({ reference, points }: Line): string {
  const [start, second] = points as [Point, Point];
  const end = points.at(-1) ?? start;
  const beforeEnd = points.at(-2) ?? second;
  const kind = reference.optional ? 'line optional' : 'line';
  const away = second[0] < start[0] ? -1 : 1;
  const ends = [
    reference.single ? bar(start, away * 8) : crowsFoot(start, away),
    ring(start, away * 17),
    bar(end, Math.sign(beforeEnd[0] - end[0]) * 7),
    reference.optional ? ring(end, 15) : bar(end, 11),
  ];
  return `<g class="${kind}"><path d="${rounded(points)}"/>${ends.join('')}</g>`;
}

function crowsFoot([x, y]: Point, away: number): string {
  const tip = x + away * 12;
  return `<path d="M${n(x)},${n(y - 6)}L${n(tip)},${n(y)}L${n(x)},${n(y + 6)}"/>`;
}

function bar([x, y]: Point, offset: number): string {
  return `<path d="M${n(x + offset)},${n(y - 5)}V${n(y + 5)}"/>`;
}

function ring([x, y]: Point, offset: number): string {
  return `<circle cx="${n(x + offset)}" cy="${n(y)}" r="4"/>`;
}

/** Straight pieces, with the corners between them rounded as far as the pieces are long. */
function rounded(points: readonly Point[]): string {
  return points
    .map((point, index) => {
      const before = points[index - 1];
      const after = points[index + 1];
      if (before === undefined) return `M${n(point[0])},${n(point[1])}`;
      if (after === undefined) return `L${n(point[0])},${n(point[1])}`;
      const [x1, y1] = towards(point, before);
      const [x2, y2] = towards(point, after);
      return `L${n(x1)},${n(y1)}Q${n(point[0])},${n(point[1])} ${n(x2)},${n(y2)}`;
    })
    .join('');
}

function towards([x, y]: Point, [toX, toY]: Point): Point {
  const length = Math.hypot(toX - x, toY - y);
  if (length === 0) return [x, y];
  const step = Math.min(cornerRadius, length / 2) / length;
  return [x + (toX - x) * step, y + (toY - y) * step];
}

function n(value: number): string {
  return String(Math.round(value * 10) / 10);
}
