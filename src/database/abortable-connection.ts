import type { DatabaseConnection } from 'kysely';

/** A connection whose running statement can be cancelled on the server. */
export interface AbortableConnection extends DatabaseConnection {
  /**
   * Runs `work`; while it runs, an abort cancels the statement on the server, and no other is begun. The connection
   * can be used afterwards.
   *
   * @throws the reason of the signal
   */
  withSignal<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T>;
}

export function isAbortable(connection: DatabaseConnection): connection is AbortableConnection {
  return 'withSignal' in connection;
}

/**
 * Runs `run`, which waits for a connection and calls `begun` when it has one. Until then an abort ends the wait at once;
 * from then on the server is asked to cancel, and its answer is worth waiting for.
 *
 * @throws the reason of the signal
 */
export async function untilBegun<T>(signal: AbortSignal, run: (begun: () => void) => Promise<T>): Promise<T> {
  signal.throwIfAborted();
  let giveUp = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    giveUp = () => reject(signal.reason as Error);
  });
  signal.addEventListener('abort', giveUp, { once: true });
  const running = run(() => {
    signal.removeEventListener('abort', giveUp);
    // When the wait was given up, the connection still comes, and goes back unused.
    signal.throwIfAborted();
  });
  // Its failure is of no interest after that.
  running.catch(() => undefined);
  try {
    return await Promise.race([running, aborted]);
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}
