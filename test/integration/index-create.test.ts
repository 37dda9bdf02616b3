import type pg from 'pg';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { IndexEvent } from '../../src/indexes/concurrent-events.js';
import { createIndex } from '../../src/indexes/create.js';
import { planCreateIndex } from '../../src/indexes/create-plan.js';
import type { CreateIndexOptions } from '../../src/indexes/create-wanted.js';
import { healIndexes } from '../../src/indexes/heal.js';
import { rolloverPartitions } from '../../src/partitions/rollover.js';
import { spawnCli } from '../support/cli.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { blockBuild, indexStates } from '../support/index-trouble.js';
import { isLong } from '../support/long.js';
import { poll } from '../support/poll.js';

async function databaseForTest(): Promise<{ database: TestDatabase; client: pg.Client }> {
  const database = await createDatabase();
  onTestFinished(() => database.drop());
  return { database, client: await database.connect() };
}

const months = `
  create schema shop;
  create table shop.log (at timestamptz not null, kind int, note text) partition by range (at);
  create table shop.log_1 partition of shop.log for values from ('2026-01-01Z') to ('2026-02-01Z');
  create table shop.log_2 partition of shop.log for values from ('2026-02-01Z') to ('2026-03-01Z');
  create table shop."Log 3" partition of shop.log for values from ('2026-03-01Z') to ('2026-04-01Z');
  insert into shop.log select '2026-01-01Z'::timestamptz + i * interval '6 hours', i from generate_series(0, 350) i`;

const kind: CreateIndexOptions = {
  schema: 'shop',
  table: 'log',
  name: 'log_kind',
  columns: [{ name: 'kind' }],
};

async function parentState(client: pg.Client, name = 'shop.log_kind'): Promise<unknown> {
  const { rows } = await client.query(
    `select i.indisvalid as valid, (select count(*)::int from pg_inherits where inhparent = i.indexrelid) as leaves
       from pg_index i where i.indexrelid = $1::regclass`,
    [name],
  );
  return rows[0];
}

describe('createIndex on a partitioned table', () => {
  test('makes the parent, builds every leaf concurrently, attaches them, and does nothing the second time', async () => {
    const { database, client } = await databaseForTest();
    await client.query(months);
    const options: CreateIndexOptions & { connection: string } = {
      ...kind,
      connection: database.url,
      columns: [{ name: 'kind', descending: true, nulls: 'last' }],
      include: ['note'],
      where: `note <> ');--'`,
    };
    const plan = await planCreateIndex(options);
    expect(plan.statements).toHaveLength(7);
    expect(plan.statements[0]).toMatch(/^create index "log_kind" on only "shop"."log" USING btree/);
    const created = await createIndex(options);
    expect(created).toMatchObject({ state: 'created', leaves: 3 });
    expect(await parentState(client)).toEqual({ valid: true, leaves: 3 });
    expect(await indexStates(client, 'shop."Log 3"')).toEqual({ 'Log 3_log_kind': 'vrl' });
    const { rows } = await client.query<{ definition: string }>(
      `select pg_get_indexdef('shop.log_1_log_kind'::regclass) as definition`,
    );
    expect(rows[0]?.definition).toBe(
      `CREATE INDEX log_1_log_kind ON shop.log_1 USING btree (kind DESC NULLS LAST) INCLUDE (note) WHERE (note <> ');--'::text)`,
    );
    expect(await createIndex(options)).toMatchObject({ state: 'exists', steps: [] });
    expect(await planCreateIndex(options)).toEqual({ state: 'exists', statements: [] });
  });

  test('keeps no writer waiting while a leaf is built', async () => {
    const { database, client } = await databaseForTest();
    await client.query(months);
    const snapshot = await database.connect();
    await snapshot.query('begin isolation level repeatable read; select 1');
    const events: IndexEvent[] = [];
    const creating = createIndex({
      ...kind,
      connection: database.url,
      onEvent: (event) => events.push(event),
    });
    await poll(
      () =>
        Promise.resolve(
          events.some((event) => event.type === 'progress' && event.phase === 'waiting for old snapshots'),
        ),
      'the wait',
    );
    await client.query(`set lock_timeout = '1s'; insert into shop.log values ('2026-01-05Z', 1)`);
    const progress = events.find((event) => event.type === 'progress' && event.blockers.length > 0);
    expect(progress).toBeDefined();
    await snapshot.query('commit');
    await creating;
    expect(await parentState(client)).toEqual({ valid: true, leaves: 3 });
  });

  test.each(isLong ? [1, 2, 3, 4, 5, 6, 7] : [1, 2, 3, 7])(
    'killed at step %i goes on where it was',
    async (killedAt) => {
      const { database, client } = await databaseForTest();
      await client.query(months);
      // The step is stopped by a lock on the session's own table, which the ledger is written to after each.
      const victim = await stopAtStep(database, client, killedAt);
      victim.process.kill('SIGKILL');
      await victim.result;
      await victim.release();
      await poll(async () => {
        const { rows } = await client.query(
          `select 1 from pg_stat_activity where application_name like 'studymate-db index create%' and datname = current_database()`,
        );
        return rows.length === 0;
      }, 'the end of the killed session');
      const steps = killedAt > 1 ? 'exists' : 'is missing';
      expect(steps).toBe((await parentExists(client)) ? 'exists' : 'is missing');
      const created = await createIndex({ ...kind, connection: database.url });
      expect(created.leaves).toBe(3);
      expect(await parentState(client)).toEqual({ valid: true, leaves: 3 });
      for (const table of ['shop.log_1', 'shop.log_2', 'shop."Log 3"'])
        expect(Object.values(await indexStates(client, table))).toEqual(['vrl']);
    },
  );

  async function parentExists(client: pg.Client): Promise<boolean> {
    const { rows } = await client.query(`select to_regclass('shop.log_kind') as found`);
    return (rows[0] as { found: string | null }).found !== null;
  }

  /** Holds the ledger so that the command stops while it writes its nth step. */
  async function stopAtStep(
    database: TestDatabase,
    client: pg.Client,
    step: number,
  ): Promise<ReturnType<typeof spawnCli> & { release: () => Promise<void> }> {
    const holder = await database.connect();
    await holder.query('select pg_advisory_lock(99)');
    await client.query(`
      create function shop.stop() returns trigger language plpgsql as $$
      begin
        if (select count(*) from studymate.run_steps) = ${step} then
          set local lock_timeout = 0;
          perform pg_advisory_lock_shared(99);
        end if;
        return null;
      end $$;
      create trigger stop after insert on studymate.run_steps execute function shop.stop()`);
    const victim = spawnCli(
      ['index', 'create', '--schema', 'shop', '--table', 'log', '--name', 'log_kind', '--columns', 'kind'],
      { DATABASE_URL: database.url },
    );
    await poll(async () => {
      const { rows } = await client.query(
        `select 1 from pg_locks where locktype = 'advisory' and not granted`,
      );
      return rows.length > 0 && victim.process.exitCode === null;
    }, `step ${step}`);
    return {
      ...victim,
      release: async () => {
        // Gone first, so that what was killed does not get its lock after all.
        await poll(async () => {
          const { rows } = await client.query(
            `select 1 from pg_locks where locktype = 'advisory' and not granted`,
          );
          return rows.length === 0;
        }, 'the server notices');
        await holder.query('select pg_advisory_unlock(99)');
        await client.query('drop trigger stop on studymate.run_steps');
      },
    };
  }

  test('killed in the middle of a build finds the invalid leaf and rebuilds it', async () => {
    const { database, client } = await databaseForTest();
    await client.query(months);
    const snapshot = await database.connect();
    await snapshot.query('begin isolation level repeatable read; select 1');
    const victim = spawnCli(
      ['index', 'create', '--schema', 'shop', '--table', 'log', '--name', 'log_kind', '--columns', 'kind'],
      { DATABASE_URL: database.url },
    );
    await victim.stderrShows('waiting for old snapshots');
    victim.process.kill('SIGKILL');
    await victim.result;
    const invalid = async (): Promise<unknown[]> =>
      (
        await client.query<{ one: number }>(
          `select 1 from pg_index i where not indisvalid and exists (select from pg_class t where t.oid = i.indrelid and t.relkind = 'r')`,
        )
      ).rows;
    expect(await invalid()).toHaveLength(1);
    await poll(async () => {
      const { rows } = await client.query(`select 1 from pg_stat_progress_create_index`);
      return rows.length === 0;
    }, 'the end of the killed build');
    await snapshot.query('rollback');
    const created = await createIndex({ ...kind, connection: database.url });
    expect(created.steps.map(({ action }) => action)).toContain('rebuild');
    expect(await parentState(client)).toEqual({ valid: true, leaves: 3 });
    expect(await invalid()).toEqual([]);
  });

  test('interrupted by SIGTERM cancels on the server, drops what it half built, and exits 143', async () => {
    const { database, client } = await databaseForTest();
    await client.query(months);
    const snapshot = await database.connect();
    await snapshot.query('begin isolation level repeatable read; select 1');
    const victim = spawnCli(
      ['index', 'create', '--schema', 'shop', '--table', 'log', '--name', 'log_kind', '--columns', 'kind'],
      { DATABASE_URL: database.url },
    );
    await victim.stderrShows('waiting for old snapshots');
    victim.process.kill('SIGTERM');
    expect((await victim.result).code).toBe(143);
    for (const table of ['shop.log_1', 'shop.log_2', 'shop."Log 3"'])
      expect(Object.values(await indexStates(client, table))).not.toContain('-rl');
    await snapshot.query('rollback');
  });

  test('gives the months that came meanwhile theirs', async () => {
    const { database, client } = await databaseForTest();
    await client.query(months);
    const events: string[] = [];
    const created = await createIndex({
      ...kind,
      connection: database.url,
      onEvent: (event) => {
        if (event.type !== 'step-ended' || events.length > 0) return;
        events.push(event.action);
        void client.query(`
          create table shop.log_4 (like shop.log);
          alter table shop.log attach partition shop.log_4 for values from ('2026-04-01Z') to ('2026-05-01Z');
          create table shop.log_5 partition of shop.log for values from ('2026-05-01Z') to ('2026-06-01Z')`);
      },
    });
    expect(created.leaves).toBe(5);
    expect(await parentState(client)).toEqual({ valid: true, leaves: 5 });
  });

  test('a rollover in between makes its months, and both end well', async () => {
    const { database, client } = await databaseForTest();
    const connection = database.url;
    const now = new Date();
    await client.query('create index idx_made_by_halves on only public.chat_messages (is_edited)');
    await rolloverPartitions({ connection, now });
    await createIndex({
      connection,
      table: 'chat_messages',
      name: 'idx_made_by_halves',
      columns: [{ name: 'is_edited' }],
    });
    await rolloverPartitions({ connection, now, premakeMonths: 5 });
    const { rows } = await client.query(
      `select count(*) filter (where i.indisvalid)::int as valid, count(*)::int as leaves
         from pg_partition_tree('idx_made_by_halves'::regclass) p join pg_index i on i.indexrelid = p.relid`,
    );
    const [{ valid, leaves }] = rows as [{ valid: number; leaves: number }];
    expect(valid).toBe(leaves);
    expect((await healIndexes({ connection })).steps).toEqual([]);
  });

  test('says that somebody builds the leaf right now, and does not build another', async () => {
    const { database, client } = await databaseForTest();
    await client.query(`${months}; create index log_kind on only shop.log (kind)`);
    await client.query(`create index a on shop.log_1 (kind); create index b on shop.log_2 (kind)`);
    const build = await blockBuild(
      database,
      'shop."Log 3"',
      'old snapshots',
      'create index concurrently by_hand on shop."Log 3" (kind)',
    );
    await expect(createIndex({ ...kind, connection: database.url })).rejects.toMatchObject({
      code: 'BUSY_INDEX_BUILD',
      detail: expect.stringMatching(/held by pid \d+/) as string,
    });
    await build.release();
    await build.done;
    expect(await createIndex({ ...kind, connection: database.url })).toMatchObject({ leaves: 3 });
  });

  test('that is unique tells of duplicates, leaves no half of it on the partition, and works without them', async () => {
    const { database, client } = await databaseForTest();
    await client.query(`${months}; insert into shop.log values ('2026-03-02Z', 1), ('2026-03-02Z', 1)`);
    const options = {
      ...kind,
      connection: database.url,
      unique: true,
      columns: [{ name: 'at' }, { name: 'kind' }],
    };
    await expect(createIndex(options)).rejects.toMatchObject({ code: 'INDEX_DUPLICATES' });
    expect(await indexStates(client, 'shop."Log 3"')).toEqual({});
    await client.query(`delete from shop.log where at = '2026-03-02Z' and kind = 1`);
    expect(await createIndex(options)).toMatchObject({ state: 'created', leaves: 3 });
  });
});

describe('createIndex on a plain table', () => {
  const plain: CreateIndexOptions = { schema: 'shop', table: 't', name: 'i', columns: [{ name: 'a' }] };
  test('builds concurrently; what a killed attempt left is rebuilt, not taken for the index', async () => {
    const { database, client } = await databaseForTest();
    await client.query(
      'create schema shop; create table shop.t as select i as a from generate_series(1, 100) i',
    );
    const build = await blockBuild(
      database,
      'shop.t',
      'writers before build',
      'create index concurrently i on shop.t (a)',
    );
    await expect(createIndex({ ...plain, connection: database.url })).rejects.toMatchObject({
      code: 'BUSY_INDEX_BUILD',
    });
    await build.kill();
    expect(await planCreateIndex({ ...plain, connection: database.url })).toMatchObject({
      state: 'unfinished',
    });
    expect(await createIndex({ ...plain, connection: database.url })).toMatchObject({
      state: 'created',
      leaves: 1,
      steps: [{ action: 'rebuild' }],
    });
    expect(await indexStates(client, 'shop.t')).toEqual({ i: 'vrl' });
  });

  test('takes any definition that the server takes', async () => {
    const { database, client } = await databaseForTest();
    await client.query('create schema shop; create table shop.t (a text)');
    const options = { ...plain, columns: undefined, connection: database.url };
    const definition = `using gin (to_tsvector('simple', a)) with (fastupdate = off)`;
    await createIndex({ ...options, definition });
    expect(await createIndex({ ...options, definition })).toMatchObject({ state: 'exists' });
    await expect(createIndex({ ...options, definition: '(lower(a))' })).rejects.toMatchObject({
      code: 'INDEX_NAME_TAKEN',
    });
  });

  test.each([
    ['an unknown column', { columns: [{ name: 'nope' }] }],
    ['two statements', { columns: undefined, definition: '(a); drop table shop.t' }],
    ['a condition that is none', { where: '1; drop table shop.t; --' }],
    ['a syntax error', { columns: undefined, definition: '(a' }],
    ['nothing to index', { columns: [] }],
    ['columns beside a definition', { definition: '(a)' }],
    ['a method that is not known', { method: 'magic' }],
    ['a name that is too long', { name: 'x'.repeat(64) }],
  ] satisfies [string, Partial<CreateIndexOptions>][])(
    'refuses %s before anything is made',
    async (_, bad) => {
      const { database, client } = await databaseForTest();
      await client.query('create schema shop; create table shop.t (a int)');
      await expect(createIndex({ ...plain, ...bad, connection: database.url })).rejects.toMatchObject({
        code: 'USAGE_INVALID_OPTION',
      });
      const { rows } = await client.query(
        `select c.relname from pg_class c where c.relnamespace = 'shop'::regnamespace
       union all select command from studymate.runs`,
      );
      expect(rows).toEqual([{ relname: 't' }]);
    },
  );
});
