import { sql, type Kysely, type Transaction } from 'kysely';
import type { DB } from '../../generated/db.js';
import { describe, expect, it, onTestFinished } from 'vitest';
import { isDeadlock, isSerializationFailure } from '../../src/database/constraint-violation.js';
import { withTransaction } from '../../src/database/with-transaction.js';
import { useDatabase } from '../support/database.js';
import { openDatabase } from '../support/open-database.js';
import { poll } from '../support/poll.js';
import { startTcpProxy } from '../support/tcp-proxy.js';

const test = useDatabase();

async function insertMetric(database: Kysely<DB> | Transaction<DB>, name: string): Promise<void> {
  await database.insertInto('system_metrics').values({ metric_name: name, metric_value: 0 }).execute();
}

async function metric(name: string): Promise<string | undefined> {
  const client = await test.connect();
  const { rows } = await client.query<{ value: string }>(
    'select metric_value::text as value from system_metrics where metric_name = $1',
    [name],
  );
  return rows[0]?.value;
}

async function add(transaction: Transaction<DB>, name: string, amount: number): Promise<void> {
  await transaction
    .updateTable('system_metrics')
    .set({ metric_value: sql`metric_value + ${amount}` })
    .where('metric_name', '=', name)
    .execute();
}

/** Resolves in all of `count` callers once all have called. */
function meeting(count: number): () => Promise<void> {
  let missing = count;
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return () => {
    missing -= 1;
    if (missing === 0) open();
    return opened;
  };
}

describe('withTransaction', () => {
  it('commits what the work did, and gives back what it returned', async () => {
    const database = openDatabase(test.url);
    const result = await database.withTransaction(async (transaction) => {
      await insertMetric(transaction, 'committed');
      return 'done';
    });
    expect(result).toBe('done');
    expect(await metric('committed')).toBeDefined();
  });

  it('rolls everything back when the work fails, and throws its error as it is', async () => {
    const database = openDatabase(test.url);
    const reason = new Error('changed my mind');
    const failed = database.withTransaction(async (transaction) => {
      await insertMetric(transaction, 'rolled back');
      throw reason;
    });
    await expect(failed).rejects.toBe(reason);
    expect(await metric('rolled back')).toBeUndefined();
  });

  it('runs at the isolation level and in the access mode asked for', async () => {
    const database = openDatabase(test.url);
    const settings = await database.withTransaction(
      async (transaction) => {
        const { rows } = await sql`select current_setting('transaction_isolation') as isolation,
          current_setting('transaction_read_only') as read_only`.execute(transaction);
        return rows;
      },
      { isolationLevel: 'serializable', accessMode: 'read only' },
    );
    expect(settings).toEqual([{ isolation: 'serializable', read_only: 'on' }]);
  });

  it('does not pretend to have committed when the error of a statement was swallowed', async () => {
    const database = openDatabase(test.url);
    const swallowed = database.withTransaction(async (transaction) => {
      await insertMetric(transaction, 'lost');
      await sql`select 1 / 0`.execute(transaction).catch(() => undefined);
    });
    await expect(swallowed).rejects.toMatchObject({ code: 'TRANSACTION_ABORTED' });
    expect(await metric('lost')).toBeUndefined();
  });

  it('throws what a deferred constraint says at COMMIT, as a failure and not as doubt', async () => {
    const client = await test.connect();
    await client.query('create table public.deferred (id int primary key deferrable initially deferred)');
    const database = openDatabase(test.url);
    const failed = database.withTransaction(async (transaction) => {
      await sql`insert into deferred values (1), (1)`.execute(transaction);
    });
    await expect(failed).rejects.toMatchObject({ code: '23505', constraint: 'deferred_pkey' });
    expect((await database.primary.selectFrom('users').select('id').execute()).length).toBe(0);
  });
});

describe('a nested withTransaction', () => {
  it('undoes its own statements alone when it fails', async () => {
    const database = openDatabase(test.url);
    await database.withTransaction(async (outer) => {
      await insertMetric(outer, 'outer');
      await withTransaction(outer, async (inner) => {
        await insertMetric(inner, 'inner');
        await sql`select 1 / 0`.execute(inner);
      }).catch(() => undefined);
      await withTransaction(outer, (inner) => insertMetric(inner, 'second inner'));
    });
    expect([await metric('outer'), await metric('inner'), await metric('second inner')]).toEqual([
      '0.0000',
      undefined,
      '0.0000',
    ]);
  });

  it('nests as deep as one likes', async () => {
    const database = openDatabase(test.url);
    await database.withTransaction((one) =>
      withTransaction(one, async (two) => {
        await insertMetric(two, 'two');
        await withTransaction(two, async (three) => {
          await insertMetric(three, 'three');
          throw new Error('no');
        }).catch(() => undefined);
      }),
    );
    expect([await metric('two'), await metric('three')]).toEqual(['0.0000', undefined]);
  });

  it('refuses options that only whole transactions have', async () => {
    const database = openDatabase(test.url);
    const nested = database.withTransaction((outer) =>
      withTransaction(outer, () => Promise.resolve(), { isolationLevel: 'serializable' }),
    );
    await expect(nested).rejects.toMatchObject({ name: 'UsageError', code: 'USAGE_TRANSACTION' });
  });

  it('refuses to run beside another one, as one would undo the other', async () => {
    const database = openDatabase(test.url);
    const name = 'beside';
    const both = database.withTransaction(async (outer) => {
      const bothStarted = meeting(2);
      await Promise.all(
        [1, 2].map(() =>
          withTransaction(outer, async (inner) => {
            await bothStarted();
            await insertMetric(inner, name);
          }),
        ),
      );
    });
    await expect(both).rejects.toMatchObject({ code: 'USAGE_TRANSACTION' });
    expect(await metric(name)).toBeUndefined();
  });

  it('leaves the retry of a lost transaction to the outermost, which runs everything again', async () => {
    const database = openDatabase(test.url);
    let runs = 0;
    await database.withTransaction(async (outer) => {
      runs += 1;
      await insertMetric(outer, `run ${runs}`);
      await withTransaction(outer, async (inner) => {
        if (runs < 3)
          await sql`do $$ begin raise exception 'again' using errcode = '40001'; end $$`.execute(inner);
      });
    });
    expect([await metric('run 1'), await metric('run 2'), await metric('run 3')]).toEqual([
      undefined,
      undefined,
      '0.0000',
    ]);
  });
});

describe('the retry of withTransaction', () => {
  it('brings fifty serializable increments of one row to fifty', async () => {
    const database = openDatabase(test.url, { maximumPoolSize: 8 });
    await insertMetric(database.primary, 'counter');
    await Promise.all(
      Array.from({ length: 50 }, () =>
        database.withTransaction(
          async (transaction) => {
            const { metric_value } = await transaction
              .selectFrom('system_metrics')
              .select('metric_value')
              .where('metric_name', '=', 'counter')
              .executeTakeFirstOrThrow();
            await transaction
              .updateTable('system_metrics')
              .set({ metric_value: Number(metric_value) + 1 })
              .where('metric_name', '=', 'counter')
              .execute();
          },
          { isolationLevel: 'serializable', retries: 100 },
        ),
      ),
    );
    expect(await metric('counter')).toBe('50.0000');
    expect(database.queries.some(({ failure }) => failure === '40001')).toBe(true);
  });

  it('runs the loser of a deadlock again', async () => {
    const database = openDatabase(test.url);
    for (const name of ['left', 'right']) await insertMetric(database.primary, name);
    const bothHoldOne = meeting(2);
    let runs = 0;
    const cross = (first: string, second: string): Promise<void> =>
      database.withTransaction(async (transaction) => {
        runs += 1;
        const alone = runs > 2;
        await add(transaction, first, 1);
        if (!alone) await bothHoldOne();
        await add(transaction, second, 10);
      });
    await Promise.all([cross('left', 'right'), cross('right', 'left')]);
    expect(runs).toBe(3);
    expect([await metric('left'), await metric('right')]).toEqual(['11.0000', '11.0000']);
  });

  it('throws the error of the server when the retries are used up', async () => {
    const database = openDatabase(test.url);
    let runs = 0;
    const failed = await database
      .withTransaction(
        async (transaction) => {
          runs += 1;
          await sql`do $$ begin raise exception 'again' using errcode = '40P01'; end $$`.execute(transaction);
        },
        { retries: 2 },
      )
      .catch((error: unknown) => error);
    expect(runs).toBe(3);
    expect(isDeadlock(failed)).toBe(true);
    expect(isSerializationFailure(failed)).toBe(false);
  });

  it('does not touch any other error', async () => {
    const database = openDatabase(test.url);
    let runs = 0;
    const failed = database.withTransaction(async (transaction) => {
      runs += 1;
      await sql`select 1 / 0`.execute(transaction);
    });
    await expect(failed).rejects.toMatchObject({ code: '22012' });
    expect(runs).toBe(1);
  });
});

describe('a connection that breaks during COMMIT', () => {
  async function breakingDatabase(): Promise<{
    database: ReturnType<typeof openDatabase>;
    proxy: Awaited<ReturnType<typeof startTcpProxy>>;
  }> {
    const proxy = await startTcpProxy(test.url);
    onTestFinished(() => proxy.close());
    return { database: openDatabase(proxy.url), proxy };
  }

  it('puts the outcome in doubt, and the work is not done a second time: here it was committed', async () => {
    const { database, proxy } = await breakingDatabase();
    let runs = 0;
    proxy.cutAnswerTo('commit');
    const doubtful = database.withTransaction(async (transaction) => {
      runs += 1;
      await insertMetric(transaction, 'answer cut');
    });
    await expect(doubtful).rejects.toMatchObject({ name: 'OperationError', code: 'TRANSACTION_IN_DOUBT' });
    expect(runs).toBe(1);
    await poll(async () => (await metric('answer cut')) !== undefined, 'the commit');
  });

  it('puts the outcome in doubt: here it was rolled back', async () => {
    const { database, proxy } = await breakingDatabase();
    proxy.cutBefore('commit');
    const doubtful = database.withTransaction((transaction) => insertMetric(transaction, 'question cut'));
    await expect(doubtful).rejects.toMatchObject({ code: 'TRANSACTION_IN_DOUBT' });
    expect(await metric('question cut')).toBeUndefined();
  });

  it('is not in doubt before COMMIT: the connection was lost, and nothing happened', async () => {
    const { database, proxy } = await breakingDatabase();
    proxy.cutAnswerTo('insert into');
    const lost = database.withTransaction((transaction) => insertMetric(transaction, 'before commit'));
    await expect(lost).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
    await poll(async () => {
      const client = await test.connect();
      const { rowCount } = await client.query(
        `select from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'`,
      );
      return rowCount === 0;
    }, 'the end of the transaction');
    expect(await metric('before commit')).toBeUndefined();
  });

  it('is reported the same when kysely itself runs the transaction', async () => {
    const { database, proxy } = await breakingDatabase();
    proxy.cutAnswerTo('commit');
    const doubtful = database.primary
      .transaction()
      .execute((transaction) => insertMetric(transaction, 'through kysely'));
    await expect(doubtful).rejects.toMatchObject({ code: 'TRANSACTION_IN_DOUBT' });
  });

  it('is told by the backend being ended as well', async () => {
    const database = openDatabase(test.url);
    const client = await test.connect();
    await client.query(`create table public.slow_commit (pid int);
      create function public.wait_in_commit() returns trigger language plpgsql as $$ begin perform pg_sleep(60); return null; end $$;
      create constraint trigger wait_in_commit after insert on public.slow_commit deferrable initially deferred
        for each row execute function public.wait_in_commit()`);
    const doubtful = database
      .withTransaction((transaction) =>
        sql`insert into slow_commit values (pg_backend_pid())`.execute(transaction),
      )
      .catch((error: unknown) => error);
    const pid = await poll(async () => {
      const { rows } = await client.query<{ pid: number }>(
        `select pid from pg_stat_activity where datname = current_database() and query = 'commit' and wait_event = 'PgSleep'`,
      );
      return rows[0]?.pid;
    }, 'the commit to wait');
    await client.query('select pg_terminate_backend($1)', [pid]);
    expect(await doubtful).toMatchObject({
      code: 'TRANSACTION_IN_DOUBT',
      cause: { code: 'CONNECTION_LOST' },
    });
  });
});
