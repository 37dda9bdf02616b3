import { countBefore, createRunSorter, hourCells, type Span } from './order-by-time.js';

/** Many things of several kinds in the order of time. */
export interface Events<Kind extends string> {
  readonly count: number;
  kind(event: number): Kind;
  /** Which one of its kind. */
  subject(event: number): number;
  at(event: number): number;
  /** How many come before each of the instants, which ascend. */
  countsBefore(instants: ArrayLike<number>): Int32Array;
}

export interface EventSource<Kind extends string> {
  readonly kind: Kind;
  readonly count: number;
  /** NEVER for what does not happen. */
  at(subject: number): number;
}

/** Events in order that are kept at once; more only where an hour has more. */
const WINDOW = 262_144;

/**
 * Joins the events of all sources; of those in one second, the earlier source's come first. They are as many as rows
 * of the largest tables, so that only a window of them is put in order at a time: it is the quickest to ask for one
 * after the other.
 */
export function mergeEvents<Kind extends string>(
  span: Span,
  sources: readonly EventSource<Kind>[],
): Events<Kind> {
  const starts = [0];
  for (const { count } of sources) starts.push((starts.at(-1) as number) + count);
  const sourceOf = (index: number): number => {
    let source = 0;
    while (index >= (starts[source + 1] as number)) source++;
    return source;
  };
  const instantOf = (index: number): number => {
    const source = sourceOf(index);
    return (sources[source] as EventSource<Kind>).at(index - (starts[source] as number));
  };
  const forEach = (visit: (index: number, instant: number) => void): void => {
    for (const [number, source] of sources.entries()) {
      const start = starts[number] as number;
      for (let subject = 0; subject < source.count; subject++) {
        const instant = source.at(subject);
        if (instant < span.to) visit(start + subject, instant);
      }
    }
  };
  const { count: cells, cellOf } = hourCells(span);
  const before = new Int32Array(cells + 1);
  forEach((_, instant) => {
    const next = cellOf(instant) + 1;
    before[next] = (before[next] as number) + 1;
  });
  for (let cell = 0; cell < cells; cell++)
    before[cell + 1] = (before[cell + 1] as number) + (before[cell] as number);
  const count = before[cells] as number;
  const sort = createRunSorter(instantOf);
  let from = 0;
  let to = 0;
  let order = new Int32Array(0);
  const open = (event: number): void => {
    // Windows begin at fixed places: what is in one does not depend on what was asked for before.
    const wanted = Math.floor(event / WINDOW) * WINDOW;
    const firstCell = countBefore(before, wanted, true) - 1;
    const lastCell = countBefore(before, Math.min(count, wanted + WINDOW)) - 1;
    from = before[firstCell] as number;
    to = before[lastCell + 1] as number;
    if (order.length < to - from) order = new Int32Array(to - from);
    const next = before.slice(firstCell, lastCell + 1);
    forEach((index, instant) => {
      const cell = cellOf(instant);
      if (cell < firstCell || cell > lastCell) return;
      const place = next[cell - firstCell] as number;
      order[place - from] = index;
      next[cell - firstCell] = place + 1;
    });
    for (let cell = firstCell; cell <= lastCell; cell++)
      sort(order, (before[cell] as number) - from, (before[cell + 1] as number) - from);
  };
  const indexOf = (event: number): number => {
    if (event < from || event >= to) open(event);
    return order[event - from] as number;
  };
  return {
    count,
    kind: (event) => (sources[sourceOf(indexOf(event))] as EventSource<Kind>).kind,
    subject: (event) => {
      const index = indexOf(event);
      return index - (starts[sourceOf(index)] as number);
    },
    at: (event) => instantOf(indexOf(event)),
    countsBefore: (instants) => {
      const counts = new Int32Array(instants.length + 1);
      forEach((_, instant) => {
        const after = countBefore(instants, instant, true);
        counts[after] = (counts[after] as number) + 1;
      });
      for (let nth = 0; nth < instants.length; nth++)
        counts[nth + 1] = (counts[nth + 1] as number) + (counts[nth] as number);
      return counts.subarray(0, instants.length);
    },
  };
}
