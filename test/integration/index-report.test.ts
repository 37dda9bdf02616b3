import { beforeAll, describe, expect, test } from 'vitest';
import { listIndexes } from '../../src/indexes/list-indexes.js';
import { reportIndexes } from '../../src/indexes/report-indexes.js';
import type { IndexFinding } from '../../src/indexes/index-findings.js';
import { useDatabase } from '../support/database.js';

const database = useDatabase();

beforeAll(async () => {
  const client = await database.connect();
  await client.query(`
    create schema r;
    set search_path = r;
    create table worn (id int primary key, status text, note int) with (autovacuum_enabled = off);
    insert into worn select i, (array['A', 'B'])[1 + i % 2], case when i % 10 = 0 then i end
      from generate_series(1, 60000) i;
    create index worn_status on worn (status, id);
    create index worn_twin on worn (status);
    comment on index worn_twin is 'Für ''alte'' Abfragen';
    create index worn_note on worn (note);
    delete from worn where id % 5 <> 0;
    create table months (at timestamptz not null, room int) partition by range (at);
    create table months_1 partition of months for values from ('2025-01-01 00:00+00') to ('2025-02-01 00:00+00');
    create table months_2 partition of months for values from ('2025-02-01 00:00+00') to ('2025-03-01 00:00+00');
    create table months_9 partition of months for values from ('2099-01-01 00:00+00') to ('2099-02-01 00:00+00');
    create index months_room on months (room);
    create index months_half on only months (at);
    create index months_1_at on months_1 (at);
    insert into months select timestamptz '2025-02-02 00:00+00' + i * interval '1 second', i
      from generate_series(1, 2000) i;
    analyze months`);
  await client.query('vacuum (analyze) worn');
  await client.query(`
    set enable_seqscan = off;
    select count(*) from months where room = 7 and at >= '2025-02-01' and at < '2025-03-01';
    select pg_stat_force_next_flush()`);
  await client.end();
});

async function findings(): Promise<readonly IndexFinding[]> {
  const { findings: all } = await reportIndexes({
    connection: database.url,
    schema: 'r',
    minimumBytes: 8192,
  });
  return all;
}

describe('reportIndexes', () => {
  test('finds nothing to do in the schema of the migrations', async () => {
    const result = await reportIndexes({ connection: database.url, schema: 'public' });
    expect(result.findings).toEqual([]);
    expect(result.notices).toContainEqual(expect.stringContaining('index snapshot'));
  });

  test('tells what is bloated, redundant, null-heavy and incomplete, each with its remedy', async () => {
    const found = await findings();
    expect(found.map(({ kind, index }) => `${kind}: ${index ?? ''}`).sort()).toEqual([
      'bloated: worn_note',
      'bloated: worn_pkey',
      'bloated: worn_status',
      'bloated: worn_twin',
      'incomplete: months_half',
      'null-heavy: worn_note',
      'redundant: worn_twin',
    ]);
    expect(found.find(({ kind }) => kind === 'incomplete')?.what).toBe(
      '0 leaves invalid, 2 missing, 1 not attached',
    );
  });

  test('what it advises to drop can be brought back as it was', async () => {
    const client = await database.connect();
    const definition = `select pg_get_indexdef('r.worn_twin'::regclass) as sql, obj_description('r.worn_twin'::regclass) as comment`;
    const before = (await client.query(definition)).rows;
    const finding = (await findings()).find(({ kind }) => kind === 'redundant');
    if (finding?.fix === undefined) throw new Error('nothing redundant was found');
    await client.query(finding.fix);
    for (const statement of finding.undo) await client.query(statement);
    expect((await client.query(definition)).rows).toEqual(before);
  });

  test('does not trust an estimate from stale statistics, and says so', async () => {
    const client = await database.connect();
    await client.query('delete from r.worn where id % 10 = 0');
    await client.query('select pg_stat_force_next_flush()');
    const bloated = (await findings()).filter(({ kind }) => kind === 'bloated');
    expect(bloated[0]?.why).toContain('not to be trusted yet');
    expect(bloated[0]?.fix).toBe('analyze r.worn');
    await client.query('vacuum (analyze) r.worn');
  });

  test('says what this role may not see instead of showing nothing', async () => {
    const client = await database.connect();
    await client.query(`create role report_reader login password 'r'; grant usage on schema r, studymate to report_reader;
      grant select on all tables in schema studymate to report_reader`);
    try {
      const url = new URL(database.url);
      url.username = 'report_reader';
      url.password = 'r';
      const result = await reportIndexes({ connection: url.href, schema: 'r' });
      expect(result.notices).toContainEqual(expect.stringMatching(/^bloat not visible: .*r\.worn/));
    } finally {
      await client.query('drop owned by report_reader; drop role report_reader');
    }
  });
});

describe('listIndexes', () => {
  test('tells the months of a partitioned index apart: cold, hot, premade', async () => {
    const { indexes } = await listIndexes({ connection: database.url, schema: 'r', table: 'months' });
    const room = indexes.find(({ index }) => index.name === 'months_room');
    expect(room).toMatchObject({
      leaves: { cold: 1, hot: 1, premade: 1, invalid: 0, missing: 0, unattached: 0 },
      strip: '·█+',
    });
    const half = indexes.find(({ index }) => index.name === 'months_half');
    expect(half?.leaves).toMatchObject({ missing: 2, unattached: 1 });
  });

  test('reads every page when asked, where pgstattuple is installed', async () => {
    const options = { connection: database.url, schema: 'r', table: 'worn', exact: true };
    const without = await listIndexes(options);
    expect(without.notices).toEqual([expect.stringContaining('pgstattuple is not installed')]);
    expect(without.indexes.every(({ bloat }) => !bloat.exact)).toBe(true);
    const client = await database.connect();
    await client.query('create extension pgstattuple schema r');
    const { indexes, notices } = await listIndexes(options);
    expect(notices).toEqual([]);
    for (const { index, bloat } of indexes) {
      expect(bloat.exact).toBe(true);
      const sizes = await client.query<{ worn: number }>('select pg_relation_size($1::oid)::float8 as worn', [
        index.oid,
      ]);
      await client.query(`reindex index r."${index.name}"`);
      const fresh = await client.query<{ size: number }>('select pg_relation_size($1::oid)::float8 as size', [
        index.oid,
      ]);
      const truth = 1 - (fresh.rows[0]?.size ?? 0) / (sizes.rows[0]?.worn ?? 1);
      expect(Math.abs((bloat.bloatRatio ?? 0) - truth), index.name).toBeLessThan(0.05);
    }
  });

  test('says which privilege the exact reading needs', async () => {
    const client = await database.connect();
    await client.query(
      `create role exact_reader login password 'r'; grant usage on schema r to exact_reader`,
    );
    try {
      const url = new URL(database.url);
      url.username = 'exact_reader';
      url.password = 'r';
      const { notices } = await listIndexes({ connection: url.href, schema: 'r', exact: true });
      expect(notices).toEqual(['nothing exact: not visible to role exact_reader: needs pg_stat_scan_tables']);
    } finally {
      await client.query('drop owned by exact_reader; drop role exact_reader');
    }
  });
});
