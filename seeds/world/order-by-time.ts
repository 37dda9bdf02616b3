import { HOUR, SECOND } from './time.js';

/** The time in which things lie. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Hours of the clock: instants are first dealt out to them, so that only few are sorted at a time. */
export interface Cells {
  readonly count: number;
  readonly cellOf: (instant: number) => number;
}

export function hourCells({ from, to }: Span): Cells {
  const base = Math.floor(from / HOUR);
  const count = Math.max(1, Math.ceil(to / HOUR) - base);
  return {
    count,
    cellOf: (instant) => Math.min(count - 1, Math.max(0, Math.floor(instant / HOUR) - base)),
  };
}

/**
 * The indexes from 0 to `count` - 1 in the order of their instants, cut to seconds; those of one second in their own
 * order. What has no instant before `span.to` is left out. Asks three times for each instant, rather than keep it.
 */
export function orderByTime(count: number, instantOf: (index: number) => number, span: Span): Int32Array {
  const { count: cells, cellOf } = hourCells(span);
  const ends = new Int32Array(cells + 1);
  for (let index = 0; index < count; index++) {
    const instant = instantOf(index);
    if (instant < span.to) add(ends, cellOf(instant) + 1, 1);
  }
  for (let cell = 0; cell < cells; cell++) add(ends, cell + 1, ends[cell] as number);
  // What begins as the start of each cell is its end when all are dealt out.
  const starts = ends.slice();
  const order = new Int32Array(ends[cells] as number);
  for (let index = 0; index < count; index++) {
    const instant = instantOf(index);
    if (instant >= span.to) continue;
    const cell = cellOf(instant);
    order[starts[cell] as number] = index;
    add(starts, cell, 1);
  }
  const sort = createRunSorter(instantOf);
  for (let cell = 0; cell < cells; cell++) sort(order, ends[cell] as number, ends[cell + 1] as number);
  return order;
}

function add(counts: Int32Array, at: number, amount: number): void {
  counts[at] = (counts[at] as number) + amount;
}

/** Sorts a run of ascending indexes by their instants, which lie within an hour. */
export function createRunSorter(
  instantOf: (index: number) => number,
): (order: Int32Array, from: number, to: number) => void {
  let keys = new Float64Array(1_024);
  let before = new Int32Array(1_024);
  return (order, from, to) => {
    const size = to - from;
    if (size < 2) return;
    if (size > keys.length) {
      keys = new Float64Array(2 * size);
      before = new Int32Array(2 * size);
    }
    // Instant and place in one number: typed arrays of numbers sort much faster than by a comparison of ours.
    let room = 1_024;
    while (room < size) room *= 2;
    for (let nth = 0; nth < size; nth++)
      keys[nth] = Math.floor(instantOf(order[from + nth] as number) / SECOND) * room + nth;
    keys.subarray(0, size).sort();
    before.set(order.subarray(from, to));
    for (let nth = 0; nth < size; nth++) {
      const key = keys[nth] as number;
      order[from + nth] = before[key - Math.floor(key / room) * room] as number;
    }
  };
}

/** Without the list of boxed numbers that `Float64Array.from` makes on its way. */
export function instantsOf(order: Int32Array, instantOf: (index: number) => number): Float64Array {
  const instants = new Float64Array(order.length);
  for (let place = 0; place < order.length; place++) instants[place] = instantOf(order[place] as number);
  return instants;
}

/** Those of the indexes from 0 to `count` - 1 that are wanted, ascending. */
export function indexesWhere(count: number, isWanted: (index: number) => boolean): Int32Array {
  let wanted = 0;
  for (let index = 0; index < count; index++) if (isWanted(index)) wanted++;
  const indexes = new Int32Array(wanted);
  let kept = 0;
  for (let index = 0; kept < wanted; index++) if (isWanted(index)) indexes[kept++] = index;
  return indexes;
}

/**
 * How many of the ascending values come before `limit`; equal ones count only if `inclusive`. Quicker where it is
 * known to be at least `least` and at most `most`.
 */
export function countBefore(
  values: ArrayLike<number>,
  limit: number,
  inclusive = false,
  least = 0,
  most = values.length,
): number {
  let low = least;
  let high = most;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const value = values[middle] as number;
    if (value < limit || (inclusive && value === limit)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** How many of so many indexes, which it holds for first, `isBefore` holds for. */
export function countOrdered(count: number, isBefore: (index: number) => boolean): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBefore(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}
