import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';

/** A statement of another session that has been sent and not awaited. Its failure is looked at when it is awaited. */
export function start<T>(statement: Promise<T>): Promise<T> {
  statement.catch(() => undefined);
  return statement;
}

export async function backendPid(client: pg.ClientBase): Promise<number> {
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  if (rows[0] === undefined) throw new Error('the server did not tell its process id');
  return rows[0].pid;
}

/** Returns once the session waits for a lock, or sleeps because it did not get one. Fails after ten seconds. */
export async function untilWaiting(observer: pg.ClientBase, pid: number): Promise<void> {
  const deadline = Date.now() + 10_000;
  for (;;) {
    const { rows } = await observer.query(
      `select from pg_stat_activity
       where pid = $1 and state = 'active' and (wait_event_type = 'Lock' or wait_event = 'PgSleep')`,
      [pid],
    );
    if (rows.length > 0) return;
    if (Date.now() > deadline) throw new Error(`process ${pid} did not come to wait for a lock`);
    await delay(5);
  }
}
