import pg from 'pg';
import { describe, expect, inject, onTestFinished, test } from 'vitest';
import { healIndexes, planHeal } from '../../src/indexes/heal.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { blockBuild, indexStates, type BlockedPhase } from '../support/index-trouble.js';
import { poll } from '../support/poll.js';

async function withTable(rows = 200): Promise<{ database: TestDatabase; client: pg.Client }> {
  const database = await createDatabase();
  onTestFinished(() => database.drop());
  const client = await database.connect();
  await client.query(`
    create schema shop;
    create table shop."Order" (a int, b int);
    insert into shop."Order" select i, i from generate_series(1, ${rows}) i;
    create index "order a" on shop."Order" (a)`);
  return { database, client };
}

async function dropShopOwner(): Promise<void> {
  const admin = new pg.Client({ connectionString: inject('adminUrl') });
  await admin.connect();
  await admin.query('drop role if exists shop_owner');
  await admin.end();
}

const table = 'shop."Order"';
const reindex = 'reindex index concurrently shop."order a"';
const shop = (database: TestDatabase): { connection: string; schema: string } => ({
  connection: database.url,
  schema: 'shop',
});

describe('the copy that a killed REINDEX CONCURRENTLY leaves', () => {
  const phases: readonly (readonly [BlockedPhase, string, string])[] = [
    ['writers before build', 'order a_ccnew', '--l'],
    ['writers before validation', 'order a_ccnew', '-rl'],
    ['old snapshots', 'order a_ccnew', '-rl'],
    ['readers', 'order a_ccold', '-rl'],
  ];
  test.each(phases)('killed waiting for %s is dropped: %s', async (phase, leftover, state) => {
    const { database, client } = await withTable();
    const build = await blockBuild(database, table, phase, reindex);
    await build.kill();
    expect(await indexStates(client, table)).toEqual({ 'order a': 'vrl', [leftover]: state });

    const plan = await planHeal(shop(database));
    expect(plan.steps).toMatchObject([{ action: 'drop leftover', object: `shop.${leftover}` }]);
    expect(plan.steps[0]?.reason).toContain(state === '--l' ? 'its name only' : 'every write pays');
    expect(await indexStates(client, table)).toHaveProperty([leftover], state);

    const healed = await healIndexes(shop(database));
    expect(healed.steps).toMatchObject([{ action: 'drop leftover', result: 'done' }]);
    expect(await indexStates(client, table)).toEqual({ 'order a': 'vrl' });
    expect((await planHeal(shop(database))).steps).toEqual([]);
  });

  test('killed while it was building is dropped', async () => {
    const { database, client } = await withTable();
    // The expression is evaluated for each row, and waits for a lock of ours.
    const holder = await database.connect();
    await holder.query('select pg_advisory_lock(7)');
    await client.query(`
      create function shop.slow(int) returns int immutable language plpgsql as
        'begin if current_setting(''shop.slow'', true) = ''on'' then perform pg_advisory_lock_shared(7); end if; return $1; end';
      create index "order slow" on shop."Order" (shop.slow(b))`);
    const builder = await database.connect();
    await builder.query(`set shop.slow = 'on'`);
    const { rows } = await builder.query<{ pid: number }>('select pg_backend_pid() as pid');
    const failed = builder.query('reindex index concurrently shop."order slow"').catch(() => undefined);
    await poll(async () => {
      const found = await client.query(
        `select 1 from pg_stat_progress_create_index where phase like 'building index%'`,
      );
      return found.rows.length > 0;
    }, 'the build');
    expect((await planHeal(shop(database))).leftAlone).toMatchObject([
      { object: 'shop.order slow_ccnew', busy: true },
    ]);
    await client.query('select pg_terminate_backend($1)', [rows[0]?.pid]);
    await failed;
    await poll(async () => (await planHeal(shop(database))).leftAlone.length === 0, 'the end of the build');
    await healIndexes(shop(database));
    expect(await indexStates(client, table)).toEqual({ 'order a': 'vrl', 'order slow': 'vrl' });
  });

  test('of several kills and of a name that was cut to 63 bytes are dropped, look-alikes are not', async () => {
    const { database, client } = await withTable();
    const long = `${'가'.repeat(20)}abc`;
    await client.query(`
      create index "${long}" on shop."Order" (b);
      create index "order a_ccnew9" on shop."Order" (a);
      create index other_ccnew on shop."Order" (a, b)`);
    for (let kill = 0; kill < 2; kill++) {
      const build = await blockBuild(
        database,
        table,
        'writers before build',
        `reindex index concurrently shop."${long}"`,
      );
      await build.kill();
    }
    expect(Object.values(await indexStates(client, table)).filter((state) => state === '--l')).toHaveLength(
      2,
    );
    const { steps } = await healIndexes(shop(database));
    expect(steps.map(({ result }) => result)).toEqual(['done', 'done']);
    expect(await indexStates(client, table)).toEqual({
      'order a': 'vrl',
      'order a_ccnew9': 'vrl',
      other_ccnew: 'vrl',
      [long]: 'vrl',
    });
  });

  test('is no copy when it is defined otherwise: such a name is left alone', async () => {
    const { database, client } = await withTable();
    const build = await blockBuild(
      database,
      table,
      'writers before build',
      'create index concurrently "order a_ccnew" on shop."Order" (b)',
    );
    await build.kill();
    expect(await healIndexes(shop(database))).toMatchObject({
      steps: [],
      leftAlone: [{ object: 'shop.order a_ccnew', busy: false }],
    });
    expect(await indexStates(client, table)).toEqual({ 'order a': 'vrl', 'order a_ccnew': '--l' });
  });

  test('on a partition and on a TOAST table is dropped too', async () => {
    const { database, client } = await withTable();
    const [partition] = (
      await client.query<{ name: string }>(
        `select c.relname as name from pg_inherits join pg_class c on c.oid = inhrelid
         where inhparent = 'chat_messages'::regclass order by 1 limit 1`,
      )
    ).rows.map(({ name }) => name);
    const before = await indexStates(client, partition ?? '');
    const build = await blockBuild(
      database,
      partition ?? '',
      'old snapshots',
      `reindex table concurrently ${partition ?? ''}`,
    );
    await build.kill();
    const plan = await planHeal({ connection: database.url, table: 'chat_messages' });
    expect(plan.steps.length).toBeGreaterThan(2);
    expect(plan.steps.map(({ object }) => object)).toContainEqual(
      expect.stringMatching(/^pg_toast\..*_ccnew$/),
    );
    const { failed } = await healIndexes({ connection: database.url, table: 'chat_messages' });
    expect(failed).toBe(0);
    expect(await indexStates(client, partition ?? '')).toEqual(before);
    expect((await planHeal({ connection: database.url })).steps).toEqual([]);
  });
});

describe('what may be in use', () => {
  const phases: readonly BlockedPhase[] = ['writers before build', 'old snapshots', 'readers'];
  test.each(phases)('a REINDEX that runs, waiting for %s, is left alone and ends well', async (phase) => {
    const { database, client } = await withTable();
    const build = await blockBuild(database, table, phase, reindex);
    const healed = await healIndexes(shop(database));
    expect(healed).toMatchObject({ steps: [], leftAlone: [{ busy: true }] });
    await build.release();
    expect(await build.done).not.toBeInstanceOf(Error);
    expect(await indexStates(client, table)).toEqual({ 'order a': 'vrl' });
  });

  test('is told by locks alone, for a role that sees nobody’s progress', async () => {
    // Runs after the database is gone, with all that the role owns.
    onTestFinished(dropShopOwner);
    const { database, client } = await withTable();
    await client.query(`
      create role shop_owner login password 'shop';
      alter schema shop owner to shop_owner; alter table shop."Order" owner to shop_owner;
      grant usage on schema studymate to shop_owner;
      grant all on all tables in schema studymate to shop_owner`);
    const url = new URL(database.url);
    url.username = 'shop_owner';
    url.password = 'shop';
    const build = await blockBuild(database, table, 'old snapshots', reindex);
    const options = { connection: url.href, schema: 'shop' };
    const healed = await healIndexes(options);
    expect(healed).toMatchObject({ steps: [], leftAlone: [{ busy: true }] });
    expect(healed.notices.join()).toContain('not visible to role shop_owner: needs pg_read_all_stats');
    await build.kill();
    expect(await healIndexes(options)).toMatchObject({ steps: [{ result: 'done' }], failed: 0 });
    expect(await indexStates(client, table)).toEqual({ 'order a': 'vrl' });
  });

  test('a build of an index under its own name is not rebuilt beside itself', async () => {
    const { database, client } = await withTable();
    const build = await blockBuild(
      database,
      table,
      'old snapshots',
      'create index concurrently "order b" on shop."Order" (b)',
    );
    expect(await healIndexes(shop(database))).toMatchObject({
      steps: [],
      leftAlone: [{ object: 'shop.order b', busy: true }],
    });
    await build.release();
    await build.done;
    expect(await indexStates(client, table)).toEqual({ 'order a': 'vrl', 'order b': 'vrl' });
  });
});

describe('an invalid index of a plain table', () => {
  test('is rebuilt: somebody wanted it', async () => {
    const { database, client } = await withTable();
    const build = await blockBuild(
      database,
      table,
      'writers before build',
      'create index concurrently "order b" on shop."Order" (b)',
    );
    await build.kill();
    expect(await indexStates(client, table)).toMatchObject({ 'order b': '--l' });
    expect(await healIndexes(shop(database))).toMatchObject({
      steps: [{ action: 'rebuild', result: 'done' }],
    });
    expect(await indexStates(client, table)).toEqual({ 'order a': 'vrl', 'order b': 'vrl' });
  });

  test('that is unique and met duplicates is told with one of them, kept, and leaves no copy', async () => {
    const { database, client } = await withTable();
    await client.query(`insert into shop."Order" values (0, 7)`);
    await client
      .query('create unique index concurrently "order b key" on shop."Order" (b)')
      .catch(() => undefined);
    const healed = await healIndexes(shop(database));
    expect(healed.failed).toBe(1);
    expect(healed.steps[0]).toMatchObject({ action: 'rebuild', result: 'failed', leftovers: [] });
    expect(healed.steps[0]?.error).toMatchObject({
      code: 'INDEX_DUPLICATES',
      detail: expect.stringContaining('(b)=(7)') as string,
    });
    expect(await indexStates(client, table)).toEqual({ 'order a': 'vrl', 'order b key': '--l' });
    await client.query(`delete from shop."Order" where a = 0`);
    expect(await healIndexes(shop(database))).toMatchObject({ failed: 0 });
    expect(await indexStates(client, table)).toEqual({ 'order a': 'vrl', 'order b key': 'vrl' });
  });

  test('whose drop was interrupted is dropped, and one that has a valid twin is left with a hint', async () => {
    const { database, client } = await withTable();
    const reader = await database.connect();
    await reader.query(`begin; select count(*) from shop."Order"`);
    await client.query(`set lock_timeout = '100ms'`);
    await client.query('drop index concurrently shop."order a"').catch(() => undefined);
    await reader.query('rollback');
    expect(await indexStates(client, table)).toEqual({ 'order a': '-rl' });
    await client.query(`create index "order a again" on shop."Order" (a)`);
    const healed = await healIndexes(shop(database));
    expect(healed).toMatchObject({
      steps: [],
      leftAlone: [
        {
          object: 'shop.order a',
          busy: false,
          hint: expect.stringContaining('drop index concurrently') as string,
        },
      ],
    });
  });
});

describe('a partitioned index', () => {
  const months = `
    create table shop.log (at timestamptz not null, kind int) partition by range (at);
    create table shop.log_1 partition of shop.log for values from ('2026-01-01Z') to ('2026-02-01Z');
    create table shop.log_2 partition of shop.log for values from ('2026-02-01Z') to ('2026-03-01Z');
    create table shop."Log 3" partition of shop.log for values from ('2026-03-01Z') to ('2026-04-01Z');
    insert into shop.log select '2026-01-01Z'::timestamptz + i * interval '6 hours', i from generate_series(0, 350) i`;

  async function parentState(client: pg.Client): Promise<{ valid: boolean; leaves: number }> {
    const { rows } = await client.query<{ valid: boolean; leaves: number }>(
      `select i.indisvalid as valid, (select count(*)::int from pg_inherits where inhparent = i.indexrelid) as leaves
       from pg_index i where i.indexrelid = 'shop.log_kind'::regclass`,
    );
    return rows[0] ?? { valid: false, leaves: -1 };
  }

  test('made on the parent only, with half of its leaves, gets the others, and none twice', async () => {
    const { database, client } = await withTable();
    await client.query(`${months};
      create index log_kind on only shop.log (kind desc) include (at) where kind > 0;
      create index log_1_kind on shop.log_1 (kind desc) include (at) where kind > 0;
      alter index shop.log_kind attach partition shop.log_1_kind;
      create index mine on shop.log_2 (kind desc) include (at) where kind > 0;
      create index other on shop."Log 3" (kind) include (at) where kind > 0`);
    const healed = await healIndexes(shop(database));
    expect(healed.steps.map(({ action, object }) => `${action} ${object}`)).toEqual([
      'build shop.Log 3_log_kind',
      'attach shop.Log 3_log_kind',
      'attach shop.mine',
    ]);
    expect(await parentState(client)).toEqual({ valid: true, leaves: 3 });
    expect((await planHeal(shop(database))).steps).toEqual([]);
  });

  test('with an invalid leaf is healed, and valid at last, though REINDEX alone does not do it', async () => {
    const { database, client } = await withTable();
    await client.query(months);
    await client.query(`
      create index log_kind on only shop.log (kind);
      create index log_1_kind on shop.log_1 (kind); alter index shop.log_kind attach partition shop.log_1_kind;
      create index log_2_kind on shop.log_2 (kind); alter index shop.log_kind attach partition shop.log_2_kind`);
    const build = await blockBuild(
      database,
      'shop."Log 3"',
      'writers before build',
      'create index concurrently log_3_kind on shop."Log 3" (kind)',
    );
    await build.kill();
    await client.query('alter index shop.log_kind attach partition shop.log_3_kind');
    const plan = await planHeal(shop(database));
    expect(plan.steps).toMatchObject([{ action: 'rebuild', object: 'shop.log_3_kind' }]);
    const healed = await healIndexes(shop(database));
    expect(healed.steps.map(({ action }) => action)).toEqual(['rebuild', 'validate']);
    expect(await parentState(client)).toEqual({ valid: true, leaves: 3 });
  });

  test('whose leaf is built right now is not given another', async () => {
    const { database, client } = await withTable();
    await client.query(`${months};
      create index log_kind on only shop.log (kind);
      create index log_1_kind on shop.log_1 (kind); alter index shop.log_kind attach partition shop.log_1_kind;
      create index log_2_kind on shop.log_2 (kind); alter index shop.log_kind attach partition shop.log_2_kind`);
    const build = await blockBuild(
      database,
      'shop."Log 3"',
      'old snapshots',
      'create index concurrently by_hand on shop."Log 3" (kind)',
    );
    expect(await healIndexes(shop(database))).toMatchObject({ steps: [], leftAlone: [{ busy: true }] });
    await build.release();
    await build.done;
    await healIndexes(shop(database));
    expect(await parentState(client)).toEqual({ valid: true, leaves: 3 });
    expect(await indexStates(client, 'shop."Log 3"')).toEqual({ by_hand: 'vrl' });
  });

  test('gives a locked leaf up after its retries, and says who holds it', async () => {
    const { database, client } = await withTable();
    await client.query(`${months};
      create index log_kind on only shop.log (kind);
      create index mine on shop.log_1 (kind)`);
    const reader = await database.connect();
    await reader.query('begin; select count(*) from shop.log_1');
    const options = { ...shop(database), shortLockTimeoutMs: 50, retries: 1 };
    const healed = await healIndexes(options);
    expect(healed.failed).toBe(1);
    expect(healed.steps.find(({ object }) => object === 'shop.mine')?.error).toMatchObject({
      code: 'INDEX_LOCK_TIMEOUT',
      detail: expect.stringMatching(/blocked by pid \d+/) as string,
    });
    await reader.query('rollback');
    expect(await healIndexes(options)).toMatchObject({ failed: 0 });
    expect(await parentState(client)).toEqual({ valid: true, leaves: 3 });
  });
});

describe('a DETACH PARTITION CONCURRENTLY that was cancelled', () => {
  test('is finalized: its rows are not lost, and the next one is possible', async () => {
    const { database, client } = await withTable();
    await client.query(`
      create table shop.log (at int not null) partition by range (at);
      create table shop.log_1 partition of shop.log for values from (0) to (10);
      create table shop.log_2 partition of shop.log for values from (10) to (20);
      insert into shop.log select generate_series(0, 19)`);
    const reader = await database.connect();
    await reader.query('begin; select count(*) from shop.log');
    const detacher = await database.connect();
    await detacher.query(`set lock_timeout = '100ms'`);
    await expect(
      detacher.query('alter table shop.log detach partition shop.log_1 concurrently'),
    ).rejects.toMatchObject({ code: '55P03' });
    await reader.query('commit');
    const countOf = async (name: string): Promise<unknown> =>
      (await client.query<{ n: number }>(`select count(*)::int as n from ${name}`)).rows[0]?.n;
    expect(await countOf('shop.log')).toBe(10);
    expect((await planHeal(shop(database))).steps).toMatchObject([
      { action: 'finalize detach', object: 'shop.log_1' },
    ]);
    expect(await healIndexes(shop(database))).toMatchObject({ failed: 0 });
    expect(await countOf('shop.log_1')).toBe(10);
    const { rows } = await client.query(`select 1 from pg_inherits where inhrelid = 'shop.log_1'::regclass`);
    expect(rows).toEqual([]);
    await detacher.query('alter table shop.log detach partition shop.log_2 concurrently');
  });
});

test('a detach that runs ends well beside heal', async () => {
  const { database, client } = await withTable();
  await client.query(`
    create table shop.log (at int not null) partition by range (at);
    create table shop.log_1 partition of shop.log for values from (0) to (10)`);
  const reader = await database.connect();
  await reader.query('begin; select count(*) from shop.log');
  const detacher = await database.connect();
  const detaching = detacher.query('alter table shop.log detach partition shop.log_1 concurrently');
  await poll(async () => (await planHeal(shop(database))).steps.length > 0, 'the detach');
  const healed = await healIndexes({ ...shop(database), shortLockTimeoutMs: 50, retries: 1 });
  expect(healed.steps).toMatchObject([{ error: { code: 'INDEX_LOCK_TIMEOUT' } }]);
  await reader.query('rollback');
  await detaching;
  const { rows } = await client.query(`select 1 from pg_inherits where inhrelid = 'shop.log_1'::regclass`);
  expect(rows).toEqual([]);
});

test('what was healed is in the ledger', async () => {
  const { database, client } = await withTable();
  const build = await blockBuild(database, table, 'writers before build', reindex);
  await build.kill();
  await healIndexes(shop(database));
  const { rows } = await client.query(
    `select r.command, r.result as run, s.action, s.object, s.result
     from studymate.runs r join studymate.run_steps s on s.run_id = r.id`,
  );
  expect(rows).toEqual([
    {
      command: 'index heal',
      run: 'done',
      action: 'drop leftover',
      object: 'shop.order a_ccnew',
      result: 'done',
    },
  ]);
});
