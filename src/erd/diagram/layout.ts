import type { Reference } from '../schema-description.js';
import { rowHeight, type Box } from './box.js';

export interface PlacedBox extends Box {
  readonly column: number;
  readonly x: number;
  readonly y: number;
}

/** A line between two boxes, as the points of its corners, from the one that points to the one pointed at. */
export interface Line {
  readonly reference: Reference;
  readonly points: readonly Point[];
}

export type Point = readonly [x: number, y: number];

export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly PlacedBox[];
  readonly lines: readonly Line[];
}

const margin = 16;
const boxGap = 24;
/** Room beside a box for the ends of its lines. */
const endRoom = 26;
const trackGap = 10;

/**
 * Places boxes in columns, each right of what it points at, and leads the lines through the gaps between them: all
 * that point at the same table share a track. A line over several columns goes above the boxes, never through one.
 */
export function layOut(boxes: readonly Box[], references: readonly Reference[]): Layout {
  const columns = columnsOf(boxes, references);
  const routes = references.flatMap((reference) => routeOf(reference, columns));
  const count = Math.max(0, ...columns.values()) + 1;
  const tracks = Array.from({ length: count }, (_, gap) =>
    unique(routes.filter(({ from, to }) => from === gap || to === gap).map(({ bus }) => bus)),
  );
  const lanes = unique(routes.filter(({ from, to }) => from !== to).map(({ bus }) => bus));
  const top = margin + lanes.length * trackGap + (lanes.length > 0 ? 10 : 0);

  const placed: PlacedBox[] = [];
  const gapStarts: number[] = [];
  let x = margin;
  for (let column = 0; column < count; column += 1) {
    const own = boxes.filter(({ anchor }) => columns.get(anchor) === column);
    const width = Math.max(0, ...own.map((box) => box.width));
    let y = top;
    for (const box of own) {
      placed.push({ ...box, width, column, x, y });
      y += box.height + boxGap;
    }
    x += width;
    gapStarts.push(x);
    const trackCount = tracks[column]?.length ?? 0;
    if (trackCount > 0) x += 2 * endRoom + (trackCount - 1) * trackGap;
  }
  const trackX = (gap: number, bus: string): number =>
    (gapStarts[gap] ?? 0) + endRoom + (tracks[gap]?.indexOf(bus) ?? 0) * trackGap;
  const lines = routes.map(({ reference, from, to, bus }) => {
    const [child, parent] = [reference.from, reference.to].map(({ anchor }) =>
      placed.find((box) => box.anchor === anchor),
    ) as [PlacedBox, PlacedBox];
    const start: Point = [
      from < child.column ? child.x : child.x + child.width,
      portY(child, reference.from.columns[0]),
    ];
    // Lines of two kinds end beside each other.
    const end: Point = [
      parent.x + parent.width,
      portY(parent, reference.to.columns[0]) + (parent.stub ? (reference.optional ? 7 : -7) : 0),
    ];
    const laneY = margin + lanes.indexOf(bus) * trackGap;
    const corners: readonly Point[] =
      from === to
        ? [
            [trackX(from, bus), start[1]],
            [trackX(from, bus), end[1]],
          ]
        : [
            [trackX(from, bus), start[1]],
            [trackX(from, bus), laneY],
            [trackX(to, bus), laneY],
            [trackX(to, bus), end[1]],
          ];
    return { reference, points: [start, ...corners, end] };
  });
  const bottom = Math.max(top, ...placed.map((box) => box.y + box.height));
  return { width: x + margin, height: bottom + margin, boxes: placed, lines };
}

/** How many steps a table is away from one that points at nothing here. Of a circle, the last step is left out. */
function columnsOf(boxes: readonly Box[], references: readonly Reference[]): ReadonlyMap<string, number> {
  const columns = new Map<string, number>();
  const hasStubs = boxes.some(({ stub }) => stub);
  const place = (box: Box, path: readonly string[]): number => {
    const known = columns.get(box.anchor);
    if (known !== undefined) return known;
    const steps = references
      .filter(({ from, to }) => from.anchor === box.anchor && to.anchor !== box.anchor)
      .flatMap(({ to }) => boxes.filter((other) => other.anchor === to.anchor && !path.includes(to.anchor)))
      .map((target) => place(target, [...path, box.anchor]) + 1);
    const column = Math.max(!box.stub && hasStubs ? 1 : 0, ...steps);
    columns.set(box.anchor, column);
    return column;
  };
  for (const box of boxes) place(box, [box.anchor]);
  return columns;
}

interface Route {
  readonly reference: Reference;
  /** The gaps right of a column: the one the line goes into, and the one it reaches its target from. */
  readonly from: number;
  readonly to: number;
  readonly bus: string;
}

function routeOf(reference: Reference, columns: ReadonlyMap<string, number>): readonly Route[] {
  const child = columns.get(reference.from.anchor);
  const parent = columns.get(reference.to.anchor);
  if (child === undefined || parent === undefined) return [];
  const bus = `${reference.to.anchor} ${reference.to.columns[0] ?? ''} ${String(reference.optional)}`;
  return [{ reference, from: parent < child ? child - 1 : child, to: parent, bus }];
}

function portY(box: PlacedBox, column: string | undefined): number {
  const row = box.rows.findIndex((shown) => shown.column === column);
  if (row === -1) return box.y + box.headHeight / 2;
  return box.y + box.headHeight + 4 + (row + 0.5) * rowHeight;
}

function unique(values: readonly string[]): readonly string[] {
  return [...new Set(values)];
}
