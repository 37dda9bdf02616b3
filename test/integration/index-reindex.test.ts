import pg from 'pg';
import { describe, expect, inject, onTestFinished, test } from 'vitest';
import type { IndexEvent } from '../../src/indexes/concurrent-events.js';
import { healIndexes } from '../../src/indexes/heal.js';
import { parseMaintenanceWindows } from '../../src/indexes/maintenance-window.js';
import { planReindex, reindexIndexes } from '../../src/indexes/reindex.js';
import type { ReindexOptions } from '../../src/indexes/reindex-options.js';
import { migrateUp } from '../../src/migrate/migrate.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { indexStates } from '../support/index-trouble.js';
import { poll } from '../support/poll.js';
import { startReplica } from '../support/replica.js';
import { withServer } from '../support/server.js';

interface Shop {
  readonly database: TestDatabase;
  readonly client: pg.Client;
  readonly options: ReindexOptions & { readonly connection: string };
}

/** A table whose index is nine tenths air: 20,000 rows were there, every tenth is left. */
async function wornShop(analyzed = true): Promise<Shop> {
  const database = await createDatabase();
  onTestFinished(() => database.drop());
  const client = await database.connect();
  await client.query(`
    create schema shop;
    create table shop.t (a int, b int);
    insert into shop.t select i, i from generate_series(1, 20000) i;
    create index t_a on shop.t (a);
    analyze shop.t`);
  await client.query('delete from shop.t where a % 10 <> 0');
  // What was deleted is counted before it is analyzed, and not a second later.
  await client.query('select pg_stat_force_next_flush()');
  await client.query(`vacuum ${analyzed ? '(analyze)' : ''} shop.t`);
  return {
    database,
    client,
    options: { connection: database.url, schema: 'shop', minimumBytes: 100_000 },
  };
}

async function sizeOf(client: pg.Client, index: string): Promise<number> {
  const { rows } = await client.query<{ size: number }>(
    'select pg_relation_size($1::regclass)::float8 as size',
    [index],
  );
  return rows[0]?.size ?? 0;
}

async function ledger(client: pg.Client): Promise<unknown[]> {
  const { rows } = await client.query<Record<string, unknown>>(
    `select r.result as run, s.action, s.object, s.result, s.detail, s.error_code
       from studymate.runs r left join studymate.run_steps s on s.run_id = r.id order by s.id`,
  );
  return rows;
}

describe('reindexIndexes by rule', () => {
  test('rebuilds what is bloated, keeps sizes in the ledger, and leaves the rest', async () => {
    const { client, options } = await wornShop();
    await client.query('create index t_b on shop.t (b)');
    const before = await sizeOf(client, 'shop.t_a');
    const plan = await planReindex(options);
    expect(plan.candidates).toMatchObject([{ name: 't_a', reason: 'bloated', sizeBytes: before }]);
    expect(plan.freeBytes).toBeUndefined();
    const result = await reindexIndexes(options);
    const [step] = result.steps;
    const after = await sizeOf(client, 'shop.t_a');
    expect(result).toMatchObject({ failed: 0, left: 0, stopped: undefined, leftovers: [] });
    expect(after).toBeLessThan(before / 5);
    expect(step).toMatchObject({ result: 'done', sizeAfterBytes: after });
    expect(Math.abs((step?.candidate.predictedBytes ?? 0) - after)).toBeLessThanOrEqual(2 * 8192);
    expect(await ledger(client)).toMatchObject([
      {
        run: 'done',
        action: 'reindex',
        object: 'shop.t_a',
        result: 'done',
        detail: { reason: 'bloated', sizeBytes: before, sizeAfterBytes: after },
      },
    ]);
    expect(await indexStates(client, 'shop.t')).toEqual({ t_a: 'vrl', t_b: 'vrl' });
  });

  test('leaves one that was rebuilt lately, unless it is named', async () => {
    const { client, options } = await wornShop();
    await reindexIndexes(options);
    await client.query('insert into shop.t select i, i from generate_series(1, 20000) i');
    await client.query('delete from shop.t where a % 10 <> 0');
    await client.query('select pg_stat_force_next_flush()');
    await client.query('vacuum (analyze) shop.t');
    expect(await planReindex(options)).toMatchObject({
      candidates: [],
      skipped: [{ object: 'shop.t_a', reason: 'rebuilt in the last 10 days' }],
    });
    expect((await planReindex({ ...options, cooldownDays: 0 })).candidates).toHaveLength(1);
    expect((await planReindex({ ...options, indexes: ['t_a'] })).candidates).toHaveLength(1);
  });

  test('analyzes first where the statistics are stale; a plan only says so', async () => {
    const { client, options } = await wornShop(false);
    const analyzedAt = async (): Promise<unknown> =>
      (await client.query(`select reltuples from pg_class where oid = 'shop.t_a'::regclass`)).rows;
    const before = await analyzedAt();
    expect(await planReindex(options)).toMatchObject({ candidates: [], unsure: [{ name: 't' }] });
    expect(await analyzedAt()).toEqual(before);
    const result = await reindexIndexes(options);
    expect(result.steps).toMatchObject([{ result: 'done', candidate: { name: 't_a' } }]);
    expect(await ledger(client)).toMatchObject([
      { action: 'analyze', object: 'shop.t', result: 'done' },
      { action: 'reindex' },
    ]);
  });

  test('stops when the window closes, saying how many are left, and does not begin outside', async () => {
    const { client, options } = await wornShop();
    await client.query('create index t_b on shop.t (b) with (fillfactor = 10)');
    await client.query('analyze shop.t');
    const windows = parseMaintenanceWindows('Sat 01:00-05:00 Asia/Seoul');
    let minute = 58;
    const clock = (): Date => new Date(Date.UTC(2026, 0, 2, 19, minute));
    const ending = { ...options, windows, clock, table: 't' };
    const result = await reindexIndexes({
      ...ending,
      onEvent: ({ type }) => {
        if (type === 'step-ended') minute = 60;
      },
    });
    expect(result).toMatchObject({
      steps: [{ result: 'done' }],
      left: 1,
      stopped: { reason: 'window closed', detail: expect.stringContaining('2026-01-09T16:00') as string },
    });
    await expect(reindexIndexes(ending)).rejects.toMatchObject({ code: 'BUSY_WINDOW_CLOSED' });
    expect(await ledger(client)).toHaveLength(1);
  });

  test('stops after so many, and after so long; leaves out what is too large or does not fit', async () => {
    const { client, options } = await wornShop();
    const named = { ...options, table: 't' };
    await client.query('create index t_b on shop.t (b)');
    expect(await reindexIndexes({ ...named, minimumBytes: 0, maxIndexes: 1 })).toMatchObject({
      steps: [{ result: 'done' }],
      left: 1,
      stopped: { reason: 'index count' },
    });
    expect(await reindexIndexes({ ...named, minimumBytes: 0, maxDurationMs: 0 })).toMatchObject({
      steps: [],
      left: 2,
      stopped: { reason: 'time budget' },
    });
    const all = { ...named, minimumBytes: 0 };
    for (const limit of [{ maxBytes: 1000 }, { freeBytes: 10_000 }])
      expect(await planReindex({ ...all, ...limit })).toMatchObject({ candidates: [], skipped: [{}, {}] });
  });

  test('does not begin while a transaction is old', async () => {
    const { database, options } = await wornShop();
    const old = await database.connect();
    await old.query('begin; select 1');
    const result = await reindexIndexes({ ...options, maxTransactionAgeMs: 1, maxWaitMs: 0 });
    expect(result).toMatchObject({ steps: [], left: 1, stopped: { reason: 'long transaction' } });
  });

  test('does not begin while a replica is behind, and goes on when it has caught up', async () => {
    await withServer(17, async (primary) => {
      const replica = await startReplica(primary);
      const client = new pg.Client({ connectionString: primary.connectionString });
      try {
        await client.connect();
        await migrateUp({ connection: primary.connectionString });
        await client.query('create table worn (a int)');
        await client.query('insert into worn select i from generate_series(1, 20000) i');
        await client.query('create index worn_a on worn (a)');
        await replica.pauseReplay();
        await client.query('insert into worn select i from generate_series(1, 20000) i');
        const named = {
          connection: primary.connectionString,
          indexes: ['worn_a'],
          maxReplicationLagBytes: 1000,
        };
        expect(await reindexIndexes({ ...named, maxWaitMs: 0 })).toMatchObject({
          steps: [],
          left: 1,
          stopped: { reason: 'replication lag' },
        });
        await replica.query('select pg_wal_replay_resume()');
        expect(await reindexIndexes({ ...named, maxWaitMs: 30_000 })).toMatchObject({
          steps: [{ result: 'done' }],
          left: 0,
          stopped: undefined,
        });
      } finally {
        await client.end();
        await replica.dispose();
      }
    });
  });

  test('fails where the role may not analyze: the server only warns', async () => {
    onTestFinished(dropClerk);
    const { database, client, options } = await wornShop(false);
    await client.query(`
      create role clerk login password 'clerk';
      grant usage on schema shop, studymate to clerk; grant select on shop.t to clerk;
      grant all on all tables in schema studymate to clerk`);
    const url = new URL(database.url);
    url.username = url.password = 'clerk';
    const result = await reindexIndexes({ ...options, connection: url.href });
    expect(result).toMatchObject({
      failed: 1,
      steps: [],
      notAnalyzed: [{ table: 'shop.t', error: { code: 'INDEX_ANALYZE_REFUSED' } }],
    });
    expect(await ledger(client)).toMatchObject([{ run: 'failed', action: 'analyze', result: 'failed' }]);
  });
});

async function dropClerk(): Promise<void> {
  const admin = new pg.Client({ connectionString: inject('adminUrl') });
  await admin.connect();
  await admin.query('drop role if exists clerk');
  await admin.end();
}

describe('reindexIndexes by name', () => {
  test('takes any method, constraints too, but an exclusion constraint', async () => {
    const { client, options } = await wornShop();
    await client.query(`
      create table shop.n (id int constraint n_pkey primary key, words text[], during int4range,
        constraint n_free exclude using gist (during with &&));
      create index n_words on shop.n using gin (words)`);
    const result = await reindexIndexes({ ...options, table: 'n', minimumBytes: undefined });
    expect(result.steps.map(({ candidate, result: outcome }) => [candidate.name, outcome])).toEqual([
      ['n_pkey', 'done'],
      ['n_words', 'done'],
    ]);
    expect(result.skipped).toMatchObject([
      { object: 'shop.n_free', reason: 'an exclusion constraint cannot be rebuilt concurrently' },
    ]);
  });

  test('takes a partitioned index leaf by leaf, which stays valid, and a leaf alone', async () => {
    const { client, options } = await wornShop();
    const named = { connection: options.connection, indexes: ['idx_chat_messages_room_time'] };
    const { steps } = await reindexIndexes(named);
    const { rows } = await client.query<{ name: string; valid: boolean; leaf: boolean }>(
      `select c.relname as name, i.indisvalid as valid, p.isleaf as leaf
         from pg_partition_tree('idx_chat_messages_room_time'::regclass) p
         join pg_index i on i.indexrelid = p.relid join pg_class c on c.oid = p.relid`,
    );
    expect(steps).toHaveLength(rows.filter(({ leaf }) => leaf).length);
    expect(rows.every(({ valid }) => valid)).toBe(true);
    const leaf = rows.find((row) => row.leaf)?.name ?? '';
    expect((await reindexIndexes({ ...named, indexes: [leaf] })).steps).toMatchObject([
      { candidate: { name: leaf, reason: 'named' }, result: 'done' },
    ]);
  });

  test('refuses what is not there, and a name that is there twice', async () => {
    const { client, options } = await wornShop();
    await client.query('create index t_a on public.users (birth_date)');
    const { connection } = options;
    await expect(planReindex({ connection, indexes: ['nope'] })).rejects.toMatchObject({
      code: 'INDEX_MISSING',
    });
    await expect(planReindex({ connection, indexes: ['t_a'] })).rejects.toMatchObject({
      message: 'there are 2 indexes called t_a',
    });
    expect((await planReindex({ connection, indexes: ['public.t_a'] })).candidates).toMatchObject([
      { schema: 'public' },
    ]);
    expect((await planReindex({ connection, indexes: ['t_a'], schema: 'shop' })).candidates).toHaveLength(1);
  });
});

describe('closed months', () => {
  async function withMonths(): Promise<Shop> {
    const shop = await wornShop();
    await shop.client.query(`
      create table shop.log (at timestamptz not null, n int) partition by range (at);
      create table shop.log_old partition of shop.log for values from ('2025-11-01Z') to ('2025-12-01Z');
      create table shop.log_now partition of shop.log for values from ('2025-12-01Z') to ('2026-01-01Z');
      create index log_at on shop.log (at, n);
      insert into shop.log select '2025-11-01Z'::timestamptz + i * interval '5 minutes', i from generate_series(0, 17000) i;
      analyze shop.log_old; analyze shop.log_now`);
    return shop;
  }
  const clock = (): Date => new Date('2025-12-10T00:00:00Z');

  test('are packed once, with fillfactor 100; the open one is not', async () => {
    const { client, options } = await withMonths();
    const closed = { ...options, table: 'log', closedMonths: true, clock };
    const before = await sizeOf(client, 'shop.log_old_at_n_idx');
    const result = await reindexIndexes(closed);
    expect(result.steps).toMatchObject([
      { candidate: { name: 'log_old_at_n_idx', reason: 'closed month', fillfactor: 100 }, result: 'done' },
    ]);
    const after = await sizeOf(client, 'shop.log_old_at_n_idx');
    expect(after).toBeLessThan(before * 0.95);
    expect(Math.abs((result.steps[0]?.candidate.predictedBytes ?? 0) - after)).toBeLessThan(after * 0.05);
    expect((await reindexIndexes(closed)).steps).toEqual([]);
    const { rows } = await client.query(
      `select reloptions from pg_class where oid = 'shop.log_old_at_n_idx'::regclass`,
    );
    expect(rows).toEqual([{ reloptions: ['fillfactor=100'] }]);
  });

  test('are packed again when a run was killed between setting and rebuilding', async () => {
    const { client, options } = await withMonths();
    await client.query('alter index shop.log_old_at_n_idx set (fillfactor = 100)');
    expect(
      (await planReindex({ ...options, table: 'log', closedMonths: true, clock })).candidates,
    ).toMatchObject([{ name: 'log_old_at_n_idx', reason: 'closed month' }]);
  });

  test('are closed a day after they are over', async () => {
    const { options } = await withMonths();
    const at = async (now: string): Promise<number> =>
      (await planReindex({ ...options, table: 'log', closedMonths: true, clock: () => new Date(now) }))
        .candidates.length;
    expect(await at('2025-12-01T23:59:59Z')).toBe(0);
    expect(await at('2025-12-02T00:00:00Z')).toBe(1);
  });
});

describe('a rebuild that does not get through', () => {
  test('for a snapshot that does not end fails, names who holds it, and drops its copy at once', async () => {
    const { database, client, options } = await wornShop();
    const holder = await database.connect();
    await holder.query(
      `set application_name = 'the report'; begin isolation level repeatable read; select 1`,
    );
    const result = await reindexIndexes({ ...options, lockTimeoutMs: 1500 });
    expect(result).toMatchObject({ failed: 1, leftovers: [] });
    expect(result.steps[0]?.error).toMatchObject({
      code: 'INDEX_LOCK_TIMEOUT',
      detail: expect.stringContaining('the report') as string,
    });
    expect(await indexStates(client, 'shop.t')).toEqual({ t_a: 'vrl' });
    await holder.query('rollback');
    expect(await reindexIndexes(options)).toMatchObject({ failed: 0, steps: [{ result: 'done' }] });
  });

  test('does not touch what another session begins to build on the table the moment ours gave up', async () => {
    const { database, client, options } = await wornShop();
    const holder = await database.connect();
    await holder.query('begin isolation level repeatable read; select 1');
    const running = reindexIndexes({ ...options, lockTimeoutMs: 1500 });
    const isBuilding = (index: string): Promise<unknown> =>
      poll(async () => {
        const { rows } = await client.query(
          `select 1 from pg_stat_progress_create_index p join pg_class c on c.oid = p.index_relid
            where c.relname = $1 and p.phase = 'waiting for old snapshots'`,
          [index],
        );
        return rows.length > 0;
      }, `the build of ${index}`);
    await isBuilding('t_a_ccnew');
    const other = await database.connect();
    const built = other.query('create index concurrently theirs on shop.t (b)');
    await isBuilding('theirs');
    await holder.query('rollback');
    await built;
    expect(await running).toMatchObject({ failed: 1, leftovers: [] });
    expect(await indexStates(client, 'shop.t')).toEqual({ t_a: 'vrl', theirs: 'vrl' });
  });

  test('for a writer that does not end says what it left, and heal drops that later', async () => {
    const { database, client, options } = await wornShop();
    const holder = await database.connect();
    await holder.query('begin; lock table shop.t in row exclusive mode');
    const result = await reindexIndexes({ ...options, lockTimeoutMs: 200 });
    expect(result).toMatchObject({ failed: 1, leftovers: ['shop.t_a_ccnew'] });
    await holder.query('rollback');
    await healIndexes({ connection: database.url, schema: 'shop' });
    expect(await indexStates(client, 'shop.t')).toEqual({ t_a: 'vrl' });
  });

  test('for a writer that ends meanwhile leaves nothing: the copy is dropped at the end of the run', async () => {
    const { database, client, options } = await wornShop();
    const holder = await database.connect();
    await holder.query('begin; lock table shop.t in row exclusive mode');
    const result = await reindexIndexes({
      ...options,
      lockTimeoutMs: 500,
      onEvent: (event) => {
        if (event.type === 'step-ended' && event.action === 'reindex') void holder.query('rollback');
      },
    });
    expect(result).toMatchObject({ failed: 1, leftovers: [] });
    expect(await indexStates(client, 'shop.t')).toEqual({ t_a: 'vrl' });
  });

  test('aborted from outside cancels on the server, cleans up, and tells what was done', async () => {
    const { database, client, options } = await wornShop();
    const holder = await database.connect();
    await holder.query('begin isolation level repeatable read; select 1');
    const controller = new AbortController();
    const events: IndexEvent[] = [];
    const result = await reindexIndexes({
      ...options,
      signal: controller.signal,
      onEvent: (event) => {
        events.push(event);
        if (event.type === 'progress' && event.phase === 'waiting for old snapshots') controller.abort();
      },
    });
    expect(result).toMatchObject({
      steps: [{ result: 'interrupted', error: undefined }],
      stopped: { reason: 'interrupted' },
      leftovers: [],
    });
    expect(events.some((event) => event.type === 'progress' && event.blockers.length === 1)).toBe(true);
    expect(await indexStates(client, 'shop.t')).toEqual({ t_a: 'vrl' });
    expect((await client.query('select 1 from pg_stat_progress_create_index')).rows).toEqual([]);
    expect(await ledger(client)).toMatchObject([{ action: 'reindex', result: 'failed' }]);
  });
});
