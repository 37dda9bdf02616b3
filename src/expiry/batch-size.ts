/** How long a statement should take, in milliseconds: a locked row waits no longer, and little is lost by a cancel. */
export const TARGET_STATEMENT_MS = 300;

export const FIRST_BATCH_SIZE = 1_000;
export const SMALLEST_BATCH_SIZE = 100;
export const LARGEST_BATCH_SIZE = 50_000;

/** The size of the next batch, from how long one of `size` rows took. It changes by a factor of 4 at most. */
export function nextBatchSize(size: number, durationMs: number): number {
  const factor = Math.min(4, Math.max(0.25, TARGET_STATEMENT_MS / Math.max(durationMs, 1)));
  return Math.min(LARGEST_BATCH_SIZE, Math.max(SMALLEST_BATCH_SIZE, Math.round(size * factor)));
}
