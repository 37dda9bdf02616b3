import pg from 'pg';

/** Milliseconds for the connection that cancels. */
const CANCEL_TIMEOUT_MS = 5_000;

/**
 * Asks the server, over a connection of its own, to cancel what the backend `pid` runs.
 *
 * @returns whether the server was asked; false when it could not be reached in time
 */
export async function cancelBackend(config: pg.ClientConfig, pid: number): Promise<boolean> {
  // The password is not enumerable, and a spread would lose it.
  const canceller = new pg.Client(
    Object.create(config, {
      application_name: { value: 'studymate-db cancel' },
      connectionTimeoutMillis: { value: CANCEL_TIMEOUT_MS },
    }) as pg.ClientConfig,
  );
  canceller.on('error', () => undefined);
  try {
    await canceller.connect();
    await canceller.query('select pg_cancel_backend($1)', [pid]);
    return true;
  } catch {
    // Its caller then gives up the connection itself.
    return false;
  } finally {
    await canceller.end().catch(() => undefined);
  }
}
