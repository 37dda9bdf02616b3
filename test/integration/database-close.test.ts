import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { useDatabase } from '../support/database.js';
import { openDatabase } from '../support/open-database.js';
import { poll } from '../support/poll.js';

const test = useDatabase();

async function sessions(applicationName: string): Promise<readonly { state: string; query: string }[]> {
  const client = await test.connect();
  const { rows } = await client.query<{ state: string; query: string }>(
    'select state, query from pg_stat_activity where datname = current_database() and application_name = $1',
    [applicationName],
  );
  await client.end();
  return rows;
}

describe('close', () => {
  it('lets running queries and those in the queue finish, and refuses new ones', async () => {
    const database = openDatabase(test.url, { maximumPoolSize: 1, applicationName: 'drains' });
    const running = sql<{ n: number }>`select 1 as n, pg_sleep(0.1)`.execute(database.primary);
    const queued = sql<{ n: number }>`select 2 as n`.execute(database.primary);
    await poll(() => Promise.resolve(database.status().pools[0]?.waiting === 1), 'the queue');
    const closing = database.close();
    for (const side of ['primary', 'read'] as const) {
      await expect(sql`select 3`.execute(database[side])).rejects.toMatchObject({
        name: 'OperationError',
        code: 'DATABASE_CLOSED',
      });
    }
    expect((await running).rows[0]?.n).toBe(1);
    expect((await queued).rows[0]?.n).toBe(2);
    await closing;
    expect(await sessions('drains')).toEqual([]);
  });

  it('lets a transaction that has begun run to its COMMIT', async () => {
    const database = openDatabase(test.url);
    let closing: Promise<void> | undefined;
    await database.withTransaction(async (transaction) => {
      closing = database.close();
      await transaction
        .insertInto('system_metrics')
        .values({ metric_name: 'closing', metric_value: 1 })
        .execute();
    });
    await closing;
    const client = await test.connect();
    const { rowCount } = await client.query(`select from system_metrics where metric_name = 'closing'`);
    expect(rowCount).toBe(1);
  });

  it('cancels on the server what still runs after its time, and takes connections that are held', async () => {
    const database = openDatabase(test.url, { applicationName: 'overdue', maximumPoolSize: 2 });
    const running = sql`select pg_sleep(60)`.execute(database.primary).catch((error: unknown) => error);
    let letGo = (): void => undefined;
    const held = database.primary
      .connection()
      .execute(() => new Promise<void>((resolve) => (letGo = resolve)));
    await poll(() => Promise.resolve(database.status().pools[0]?.inUse === 2), 'both to be in use');
    const queued = sql`select 1`.execute(database.primary).catch((error: unknown) => error);
    await poll(
      async () =>
        (await sessions('overdue')).some(
          ({ state, query }) => state === 'active' && query.includes('pg_sleep'),
        ),
      'the statement',
    );
    await database.close({ drainTimeoutMs: 50 });
    expect(await running).toMatchObject({ code: 'DATABASE_CLOSED' });
    expect(await queued).toMatchObject({ code: 'DATABASE_CLOSED' });
    // A connection that was still being made is closed as well; its server process may take a moment to end.
    await poll(async () => (await sessions('overdue')).length === 0, 'the end of every session');
    letGo();
    await held;
  });

  it('leaves no session behind, however far its connections have come', async () => {
    for (let turn = 0; turn < 20; turn++) {
      const database = openDatabase(test.url, { applicationName: 'early', maximumPoolSize: 3 });
      const calls = [1, 2, 3].map(() => sql`select 1`.execute(database.primary).catch(() => undefined));
      // Not a wait for anything: each turn closes at another moment of connecting.
      await new Promise((resolve) => setTimeout(resolve, turn));
      await database.close({ drainTimeoutMs: 0 });
      await Promise.all(calls);
    }
    await poll(async () => (await sessions('early')).length === 0, 'the end of every session');
  });

  it('can be called twice, and before anything was connected', async () => {
    const database = openDatabase(test.url);
    await Promise.all([database.close(), database.close()]);
    await database.close();
    expect(database.status().pools.map(({ inUse, idle }) => inUse + idle)).toEqual([0, 0]);
  });

  it('is what `await using` calls', async () => {
    const database = openDatabase(test.url);
    await database[Symbol.asyncDispose]();
    await expect(sql`select 1`.execute(database.primary)).rejects.toMatchObject({ code: 'DATABASE_CLOSED' });
  });
});
