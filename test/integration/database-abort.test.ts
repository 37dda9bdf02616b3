import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { executeAbortable } from '../../src/database/execute-abortable.js';
import { useDatabase } from '../support/database.js';
import { openDatabase } from '../support/open-database.js';
import { poll } from '../support/poll.js';

const test = useDatabase();

/** Statements of the other sessions of this database that hold `mark`, and run. */
async function running(mark: string): Promise<number> {
  const client = await test.connect();
  const { rowCount } = await client.query(
    `select from pg_stat_activity
     where datname = current_database() and pid <> pg_backend_pid() and state = 'active' and query like $1`,
    [`%${mark}%`],
  );
  await client.end();
  return rowCount ?? 0;
}

describe('executeAbortable', () => {
  it('gives the rows of a query that nobody aborts', async () => {
    const database = openDatabase(test.url);
    const query = database.read.selectNoFrom(sql<number>`41 + 1`.as('answer'));
    expect(await executeAbortable(database.read, query, new AbortController().signal)).toEqual([
      { answer: 42 },
    ]);
  });

  it.each(['primary', 'read'] as const)(
    'cancels the statement on the server, and leaves the connection of %s fit for the next',
    async (side) => {
      const database = openDatabase(test.url, { maximumPoolSize: 1 });
      const pid = async (): Promise<number | undefined> =>
        (await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(database[side])).rows[0]?.pid;
      const before = await pid();
      const controller = new AbortController();
      const reason = new Error('the client hung up');
      const query = database[side].selectNoFrom(sql`pg_sleep(60)`.as(`nap_of_${side}`));
      const aborted = executeAbortable(database[side], query, controller.signal).catch(
        (error: unknown) => error,
      );
      await poll(async () => (await running(`nap_of_${side}`)) === 1, 'the statement to run');
      controller.abort(reason);
      expect(await aborted).toBe(reason);
      expect(await running(`nap_of_${side}`)).toBe(0);
      expect(await pid()).toBe(before);
    },
  );

  it('does not send a statement whose signal has aborted already', async () => {
    const database = openDatabase(test.url);
    const query = database.primary.deleteFrom('users');
    await expect(executeAbortable(database.primary, query, AbortSignal.abort())).rejects.toMatchObject({
      name: 'AbortError',
    });
    expect(database.queries).toEqual([]);
  });

  it.each(['primary', 'read'] as const)(
    'stops waiting for a connection of %s at once, and leaves the one that comes to the next',
    async (side) => {
      const database = openDatabase(test.url, { maximumPoolSize: 1 });
      const query = database[side].selectNoFrom(sql<number>`1`.as('one'));
      const controller = new AbortController();
      const holding = executeAbortable(
        database[side],
        database[side].selectNoFrom(sql`pg_sleep(60)`.as('holding')),
        controller.signal,
      ).catch((error: unknown) => error);
      await poll(async () => (await running('holding')) === 1, 'the only connection to be held');
      const waiting = executeAbortable(database[side], query, AbortSignal.timeout(20));
      await expect(waiting).rejects.toMatchObject({ name: 'TimeoutError' });
      controller.abort();
      expect(await holding).toMatchObject({ name: 'AbortError' });
      expect(await query.execute()).toEqual([{ one: 1 }]);
      for (const pool of database.status().pools) expect(pool).toMatchObject({ inUse: 0, waiting: 0 });
      expect(database.queries.map(({ failure }) => failure)).toEqual(['57014', undefined]);
    },
  );

  it('throws the error of a statement that failed by itself', async () => {
    const database = openDatabase(test.url);
    const query = database.primary.selectNoFrom(sql`1 / 0`.as('n'));
    await expect(
      executeAbortable(database.primary, query, new AbortController().signal),
    ).rejects.toMatchObject({ code: '22012' });
  });

  it('leaves a transaction to be rolled back', async () => {
    const database = openDatabase(test.url);
    const aborted = database.withTransaction(async (transaction) => {
      const query = transaction.selectNoFrom(sql`pg_sleep(60)`.as('nap'));
      await executeAbortable(transaction, query, AbortSignal.timeout(50)).catch(() => undefined);
      await sql`select 1`.execute(transaction);
    });
    await expect(aborted).rejects.toMatchObject({ code: '25P02' });
  });
});

describe('the signal of withTransaction', () => {
  it('cancels the running statement and rolls back', async () => {
    const database = openDatabase(test.url, { maximumPoolSize: 1 });
    const controller = new AbortController();
    const aborted = database
      .withTransaction(
        async (transaction) => {
          await transaction
            .insertInto('system_metrics')
            .values({ metric_name: 'aborted', metric_value: 1 })
            .execute();
          await sql`select pg_sleep(60) as nap_in_transaction`.execute(transaction);
        },
        { signal: controller.signal },
      )
      .catch((error: unknown) => error);
    await poll(async () => (await running('nap_in_transaction')) === 1, 'the statement to run');
    controller.abort();
    expect(await aborted).toMatchObject({ name: 'AbortError' });
    expect(await running('nap_in_transaction')).toBe(0);
    expect(await database.primary.selectFrom('system_metrics').select('id').execute()).toEqual([]);
  });

  it('keeps what follows from being sent, COMMIT too', async () => {
    const database = openDatabase(test.url);
    const controller = new AbortController();
    const aborted = database.withTransaction(
      async (transaction) => {
        await sql`select 1`.execute(transaction);
        controller.abort();
      },
      { signal: controller.signal },
    );
    await expect(aborted).rejects.toMatchObject({ name: 'AbortError' });
    expect(database.queries.map(({ sql: text }) => text)).toEqual(['begin', 'select 1', 'rollback']);
  });

  it('ends the wait for a connection', async () => {
    const database = openDatabase(test.url, { maximumPoolSize: 1 });
    let ran = false;
    await database.primary.connection().execute(async () => {
      const waiting = database.withTransaction(
        () => {
          ran = true;
          return Promise.resolve();
        },
        { signal: AbortSignal.timeout(20) },
      );
      await expect(waiting).rejects.toMatchObject({ name: 'TimeoutError' });
    });
    await sql`select 1`.execute(database.primary);
    expect(ran).toBe(false);
  });

  it('does not begin at all when it has aborted', async () => {
    const database = openDatabase(test.url);
    const never = database.withTransaction(() => Promise.reject(new Error('it ran')), {
      signal: AbortSignal.abort(),
    });
    await expect(never).rejects.toMatchObject({ name: 'AbortError' });
    expect(database.queries).toEqual([]);
  });
});
