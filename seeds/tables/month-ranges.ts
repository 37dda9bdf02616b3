import type { SeedTable } from '../seed-table.js';
import type { History } from '../world/history.js';

/** The months of a table whose rows are in the order of time. */
export function monthRanges(
  { monthStarts }: History,
  rowCount: number,
  /** How many rows come before each of the instants, which ascend. */
  countsBefore: (instants: readonly number[]) => ArrayLike<number>,
): NonNullable<SeedTable['months']> {
  const months = monthStarts.slice(0, -1);
  // Nothing comes before the first, which the history may begin within.
  const bounds = [0, ...Array.from(countsBefore(months.slice(1)))];
  return months.map((start, index) => ({
    month: new Date(start),
    fromRow: bounds[index] as number,
    toRow: bounds[index + 1] ?? rowCount,
  }));
}
