import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startServer } from '../../src/dev/start-server.js';
import { stopServer } from '../../src/dev/stop-server.js';
import { probeStatement } from '../../src/indexes/planner-probe.js';
import { reportIndexes, type ReportIndexesResult } from '../../src/indexes/report-indexes.js';
import { migrateUp } from '../../src/migrate/migrate.js';
import { useDatabase } from '../support/database.js';
import { guardServer, makeTemporaryFolder } from '../support/server.js';

/** Where Debian's postgresql-15-hypopg and postgresql-15 are. */
const installed = existsSync('/usr/share/postgresql/15/extension/hypopg.control');

describe.runIf(!installed)('hypopg', () => {
  afterAll(() => {
    process.stderr.write(
      '\n*** hypopg is not installed: the planner’s verdict was NOT tested (apt-get install postgresql-15-hypopg) ***\n',
    );
  });
  test('is not installed here, so the verdict of the planner is not tested', () => {
    expect(installed).toBe(false);
  });
});

describe('without hypopg', () => {
  const database = useDatabase();

  test('the report says that the planner was not asked', async () => {
    const { notices } = await reportIndexes({ connection: database.url, schema: 'public' });
    expect(notices).toContain('hypopg is not installed: no verdict of the planner');
  });
});

describe.runIf(installed)('the verdict of the planner', () => {
  let url: string;
  let client: pg.Client;
  let stop: () => Promise<void> = () => Promise.resolve();

  beforeAll(async () => {
    const directory = await makeTemporaryFolder();
    const guard = guardServer(directory, 15);
    stop = async () => {
      await stopServer({ directory, major: 15 });
      await rm(directory, { recursive: true, force: true });
      guard.release();
    };
    const server = await startServer({
      directory,
      major: 15,
      systemBinaries: '/usr/lib/postgresql/15/bin',
      settings: { shared_preload_libraries: 'pg_stat_statements', track_functions: 'all', fsync: 'off' },
    });
    url = server.connectionString;
    await migrateUp({ connection: url });
    client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query(`
      create schema ext;
      create extension hypopg schema ext;
      create extension pg_stat_statements schema ext;
      create schema h;
      create table h.parent (id int primary key);
      create table h.child (id int primary key, parent_id int references h.parent, "Odd ""Name" text, doc json,
        sort int);
      create table h.months (at timestamptz not null, room int, parent_id int references h.parent)
        partition by range (at);
      create table h.months_1 partition of h.months for values from ('2025-01-01 00:00+00') to ('2025-02-01 00:00+00');
      create table h.months_2 partition of h.months for values from ('2025-02-01 00:00+00') to ('2025-03-01 00:00+00');
      create table h.small (id int references h.parent);
      create sequence h.counter;
      insert into h.parent select i from generate_series(1, 30000) i;
      insert into h.child select i, i, 'n' || i, '{}', i from generate_series(1, 30000) i;
      insert into h.months select timestamptz '2025-01-01 00:00+00' + i * interval '1 minute', i, i
        from generate_series(1, 30000) i;
      insert into h.small values (1)`);
    await client.query('analyze h.parent, h.child, h.small, h.months');
  }, 120_000);

  afterAll(async () => {
    await client.end();
    await stop();
  });

  async function run(statements: readonly string[], by: pg.ClientBase = client): Promise<void> {
    await client.query('select ext.pg_stat_statements_reset()');
    for (let call = 0; call < 12; call++) for (const statement of statements) await by.query(statement);
  }

  const report = (connection = url): Promise<ReportIndexesResult> =>
    reportIndexes({ connection, schema: 'h' });

  async function sequential(): Promise<readonly (readonly [string, string | undefined])[]> {
    const { findings } = await report();
    return findings
      .filter(({ kind, planner }) => kind === 'read sequentially' && planner !== undefined)
      .map(({ table, fix }) => [table, fix] as const);
  }

  test('an index on a foreign key is used when the table is large, and not when it is small', async () => {
    const { findings } = await report();
    const keys = findings.filter(({ kind }) => kind === 'foreign key without index');
    expect(keys.map(({ table, planner }) => [table, planner?.used]).sort()).toEqual([
      ['child', true],
      ['months', true],
      ['small', false],
    ]);
    const child = keys.find(({ table }) => table === 'child');
    expect(child?.planner?.costAfter).toBeLessThan(20);
    expect(child?.planner?.costBefore).toBeGreaterThan(300);
    expect(child?.why).toMatch(/the planner would use an index on \(parent_id\): cost \d{3} → \d/);
    expect(keys.find(({ table }) => table === 'months')?.fix).toBe(
      'studymate-db index create --schema h --table months --name idx_months_parent_id --columns parent_id',
    );
  });

  test('names the one column that helps a statement, of plain, quoted and partitioned tables', async () => {
    await run([
      `select id from h.child where sort = 7 and doc is not null`,
      `select "Odd ""Name" from h.child c where c."Odd ""Name" = 'n7'`,
      `with w as (select * from h.months where room = 7) select count(*) from w`,
      `select count(*) from h.months where at >= '2025-01-03' and room = 9`,
      `select count(*) from h.child`,
      `select * from h.small where id = 1`,
    ]);
    const found = await sequential();
    expect(new Map(found.map(([table, fix]) => [fix, table]))).toEqual(
      new Map([
        ['create index concurrently "idx_child_sort" on "h"."child" ("sort")', 'child'],
        ['create index concurrently "idx_child_Odd ""Name" on "h"."child" ("Odd ""Name")', 'child'],
        [
          'studymate-db index create --schema h --table months --name idx_months_room --columns room',
          'months',
        ],
      ]),
    );
    const { findings } = await report();
    const months = findings.find(({ planner, kind }) => planner && kind === 'read sequentially');
    expect(findings.filter(({ planner, kind }) => planner && kind === 'read sequentially')).toHaveLength(3);
    expect(months?.why).toMatch(/cost \d+ → [\d.]+; \d+ calls, [\d.]+ s in all/);
  });

  test('what it advises is what the planner then does', async () => {
    await run([`select id from h.child where sort = 7`]);
    const [[, fix] = []] = await sequential();
    await client.query(fix ?? '');
    const { rows } = await client.query<{ 'QUERY PLAN': string }>(
      'explain select id from h.child where sort = 7',
    );
    expect(rows.map((row) => row['QUERY PLAN']).join('\n')).toContain('idx_child_sort');
    expect(await sequential()).toEqual([]);
    await client.query('drop index h.idx_child_sort');
  });

  test('executes no statement, writes nothing, and leaves no hypothetical index behind', async () => {
    await run([`select nextval('h.counter'), id from h.child where sort = 7`]);
    const { rows: before } = await client.query('select last_value from h.counter');
    expect(await sequential()).toHaveLength(1);
    expect((await client.query('select last_value from h.counter')).rows).toEqual(before);
    const session = new pg.Client({ connectionString: url });
    await session.connect();
    const seen = await probeStatement(session, 'ext', 'select id from h.child where sort = $1', (probe) =>
      probe.withIndex([{ schema: 'h', name: 'child' }], 'sort'),
    );
    expect(seen).toMatchObject({ result: { used: true } });
    const left = await session.query(`select (select count(*) from ext.hypopg())::int as indexes,
      (select count(*) from pg_prepared_statements)::int as prepared, pg_current_xact_id_if_assigned() as xid`);
    expect(left.rows).toEqual([{ indexes: 0, prepared: 0, xid: null }]);
    await session.end();
  });

  test('never lets a text through that is more than one statement', async () => {
    for (const text of [
      'select 1; create table public.pwned ()',
      'select 1; commit; create table public.pwned ()',
    ]) {
      const answer = await probeStatement(client, 'ext', text, () => Promise.resolve('planned'));
      expect(answer).toMatchObject({ error: { code: '42601' } });
    }
    expect((await client.query(`select to_regclass('public.pwned') as made`)).rows).toEqual([{ made: null }]);
  });

  test('says how many statements could not be judged, and why', async () => {
    const path = new pg.Client({ connectionString: url, options: '-c search_path=h' });
    await path.connect();
    await run(['select id from child where sort = 7', `select interval '1 day' from h.parent limit 1`], path);
    await path.end();
    const { notices } = await report();
    expect(notices).toContainEqual(
      expect.stringMatching(
        /^2 of \d+ top statements were not judged by the planner: .*1 of tables not in search_path or dropped since/,
      ),
    );
    expect(notices).toContainEqual(expect.stringContaining('1 with parameters where none may be'));
  });

  test('does not plan what others wrote when the planner might run their functions, and says so', async () => {
    await client.query(`create role mallory login password 'm';
      grant usage, create on schema h to mallory; grant select on h.child to mallory; set role mallory;
      create function h.innocent() returns int immutable language plpgsql as
        $$ begin return 7; end $$; reset role`);
    const mallory = new URL(url);
    mallory.username = 'mallory';
    mallory.password = 'm';
    const session = new pg.Client({ connectionString: mallory.href });
    await session.connect();
    const executions = async (): Promise<number> => {
      await session.query('select pg_stat_force_next_flush()');
      await session.query('select 1');
      const { rows } = await session.query<{ calls: number }>(
        `select calls::int from pg_stat_user_functions where funcname = 'innocent'`,
      );
      return rows[0]?.calls ?? 0;
    };
    try {
      await run(['select id from h.child where sort = h.innocent()'], session);
      const before = await executions();
      const result = await report();
      expect(result.findings.filter(({ kind, planner }) => planner && kind === 'read sequentially')).toEqual(
        [],
      );
      expect(result.notices).toContainEqual(
        expect.stringMatching(
          /^1 statements of other roles not shown.* h\.innocent\(\) of mallory as studymate$/,
        ),
      );
      expect(await executions()).toBe(before);
    } finally {
      await session.end();
      await client.query('drop owned by mallory; drop role mallory');
    }
  });

  test('says which privilege is needed to see the statements of others', async () => {
    await client.query(`create role planner_reader login password 'p';
      grant usage on schema h, ext, studymate to planner_reader;
      grant select on all tables in schema h, studymate to planner_reader`);
    await run(['select id from h.child where sort = 7']);
    const reader = new URL(url);
    reader.username = 'planner_reader';
    reader.password = 'p';
    try {
      const { notices } = await report(reader.href);
      expect(notices).toContainEqual(
        expect.stringMatching(/^\d+ statements not visible to role planner_reader: needs pg_read_all_stats$/),
      );
      await client.query('grant pg_read_all_stats to planner_reader');
      const { findings } = await report(reader.href);
      expect(findings.find(({ planner, kind }) => planner && kind === 'read sequentially')?.table).toBe(
        'child',
      );
    } finally {
      await client.query('drop owned by planner_reader; drop role planner_reader');
    }
  });
});
