import type { SeedListener } from './events.js';

/** Often enough for a bar to move, seldom enough for a log. */
const EVERY_MS = 500;

/** Counts the rows of a table and tells about them now and then, and once at the end. */
export function rowProgress(
  table: string,
  totalRows: number,
  emit: SeedListener,
): { add(rows: number): void; end(): void } {
  const startedAt = performance.now();
  let toldAt = startedAt;
  let rows = 0;
  const tell = (now: number): void => {
    toldAt = now;
    const rowsPerSecond = rows / Math.max(0.001, (now - startedAt) / 1000);
    emit({
      type: 'rows',
      table,
      rows,
      totalRows,
      rowsPerSecond: Math.round(rowsPerSecond),
      remainingMs: Math.round(((totalRows - rows) / Math.max(1, rowsPerSecond)) * 1000),
    });
  };
  return {
    add(more) {
      rows += more;
      const now = performance.now();
      if (now - toldAt >= EVERY_MS) tell(now);
    },
    end: () => tell(performance.now()),
  };
}
