import type pg from 'pg';
import { hasSqlState, SQLSTATE } from './sqlstate.js';

/**
 * Tells whether this connection goes through a pooler that gives each transaction another server session
 * (PgBouncer's transaction mode). Session locks and SETs mean nothing there: two runs would both get the lock.
 *
 * A pooler announces a process id of its own making, so a direct connection is recognised at once and costs one
 * query. Behind a pooler, a second connection takes the server session that the first one would have kept in
 * session mode.
 */
export async function isTransactionPooled(
  client: pg.ClientBase,
  announcedPid: number | undefined,
  openSecond: () => pg.Client,
): Promise<boolean> {
  const pid = await serverPid(client);
  if (pid === announcedPid) return false;
  for (let attempt = 0; attempt < 5; attempt++) {
    const second = openSecond();
    second.on('error', () => undefined);
    try {
      await second.connect();
      await second.query('begin');
      if ((await serverPid(second)) === pid) return true;
      // A pool of one server session makes the first connection wait for the second one's transaction.
      const again = await Promise.race([serverPid(client), expired(1_000)]);
      if (again !== pid) return true;
    } catch (error) {
      // Statement mode refuses BEGIN.
      if (hasSqlState(error, SQLSTATE.protocolViolation)) return true;
      throw error;
    } finally {
      await second.end().catch(() => undefined);
    }
  }
  return false;
}

async function serverPid(client: pg.ClientBase): Promise<number | undefined> {
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  return rows[0]?.pid;
}

function expired(milliseconds: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds, undefined).unref());
}
