import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { report } from './report-database-support.js';
import { createDatabase, type Database } from '../../src/database/create-database.js';
import { cacheHit } from '../../src/reports/database/cache-hit.js';
import { indexSizes } from '../../src/reports/database/index-sizes.js';
import { tableSizes } from '../../src/reports/database/table-sizes.js';
import { useDatabase } from '../support/database.js';
import { poll } from '../support/poll.js';

const database = useDatabase();
let client: pg.Client;
let db: Database;

beforeAll(async () => {
  client = await database.connect();
  await client.query(`
    create schema "측정";
    set search_path = "측정";
    create table "수업 기록" (id int primary key, "내용" text);
    -- Not to be compressed, and so too long for a row.
    alter table "수업 기록" alter column "내용" set storage external;
    insert into "수업 기록" select i, repeat(md5(i::text), 200) from generate_series(1, 200) as i;
    create table months (at timestamptz not null, room int) partition by range (at);
    create table months_1 partition of months for values from ('2025-01-01 00:00+00') to ('2025-02-01 00:00+00');
    create table months_2 partition of months for values from ('2025-02-01 00:00+00') to ('2025-03-01 00:00+00')
      partition by hash (room);
    create table months_2a partition of months_2 for values with (modulus 2, remainder 0);
    create table months_2b partition of months_2 for values with (modulus 2, remainder 1);
    create table months_9 partition of months for values from ('2099-01-01 00:00+00') to ('2099-02-01 00:00+00');
    create index months_room on months (room);
    create index months_1_local on months_1 ((room + 1));
    insert into months select timestamptz '2025-01-02 00:00+00' + i * interval '10 minutes', i
      from generate_series(1, 6000) as i;
    create table never_analyzed (id int);
    insert into never_analyzed values (1);
    create table empty (id int);
    create temporary table gone (id int)`);
  await client.query('vacuum (analyze) "측정"."수업 기록"');
  await client.query('analyze "측정".months');
  db = createDatabase({ connectionString: database.url });
});
afterAll(() => db.close());

/** What the server says of each relation by itself, parents by oid. */
async function relations() {
  const { rows } = await client.query<{
    oid: number;
    parent: number | null;
    schema: string;
    name: string;
    kind: string;
    total: number;
    main: number;
    table: number;
    toast: number;
  }>(
    `select c.oid, i.inhparent as parent, n.nspname as schema, c.relname as name, c.relkind as kind,
       pg_total_relation_size(c.oid)::float8 as total, pg_table_size(c.oid)::float8 as table,
       pg_relation_size(c.oid)::float8 as main,
       coalesce(pg_total_relation_size(nullif(c.reltoastrelid, 0)), 0)::float8 as toast
     from pg_class as c
     join pg_namespace as n on n.oid = c.relnamespace
     left join pg_inherits as i on i.inhrelid = c.oid
     where n.nspname in ('public', 'studymate', '측정')`,
  );
  const byOid = new Map(rows.map((row) => [row.oid, row]));
  const rootOf = (oid: number): string => {
    const row = byOid.get(oid);
    if (row === undefined) throw new Error('no such relation');
    return row.parent === null ? `${row.schema}.${row.name}` : rootOf(row.parent);
  };
  return rows.map((row) => ({ ...row, root: rootOf(row.oid) }));
}

test('table-sizes: a table with all its partitions, at every level, is what its parts take', async () => {
  const { rows } = await report(db, tableSizes);
  const expected = new Map<string, { total: number; table: number; toast: number; leaves: number }>();
  for (const { root, kind, total, table, toast, parent } of await relations()) {
    if (kind !== 'r' && kind !== 'p') continue;
    const sum = expected.get(root) ?? { total: 0, table: 0, toast: 0, leaves: 0 };
    if (kind === 'r') {
      sum.total += total;
      sum.table += table - toast;
      sum.toast += toast;
      if (parent !== null) sum.leaves += 1;
    }
    expected.set(root, sum);
  }
  const all = [...expected.values()].reduce((sum, { total }) => sum + total, 0);
  expect(rows).toHaveLength(expected.size);
  for (const row of rows) {
    const sum = expected.get(`${row.schema}.${row.table}`);
    expect(row).toMatchObject({
      partitions: sum?.leaves,
      totalBytes: sum?.total,
      tableBytes: sum?.table,
      toastBytes: sum?.toast,
      indexBytes: (sum?.total ?? 0) - (sum?.table ?? 0) - (sum?.toast ?? 0),
    });
    expect(row.share).toBeCloseTo((sum?.total ?? 0) / all);
  }
  expect(rows.map(({ totalBytes }) => totalBytes)).toEqual(
    rows.map(({ totalBytes }) => totalBytes).toSorted((one, other) => other - one),
  );
});

test('table-sizes: rows are told where they are known, and grow with the table between two vacuums', async () => {
  const rowsOf = async (table: string): Promise<number | null | undefined> =>
    (await report(db, tableSizes)).rows.find((row) => row.schema === '측정' && row.table === table)?.rows;
  expect(await rowsOf('수업 기록')).toBe(200);
  expect(await rowsOf('months')).toBe(6000);
  expect(await rowsOf('empty')).toBe(0);
  expect(await rowsOf('never_analyzed')).toBeNull();
  expect(await rowsOf('gone')).toBeUndefined();
  await client.query(
    `insert into "측정".months select timestamptz '2099-01-01 12:00+00', i from generate_series(1, 5) as i`,
  );
  expect(await rowsOf('months')).toBeNull();
  await client.query('analyze "측정".months');
  expect(await rowsOf('months')).toBe(6005);
  await client.query('create table "측정".grown as select i from generate_series(1, 10000) as i');
  await client.query('vacuum "측정".grown');
  await client.query('insert into "측정".grown select i from generate_series(1, 10000) as i');
  const grown = await rowsOf('grown');
  expect(grown).toBeGreaterThan(19_000);
  expect(grown).toBeLessThan(21_000);
});

test('index-sizes: a partitioned index with all its leaves; its use is counted, and when it was last', async () => {
  await client.query(`set enable_seqscan = off`);
  await client.query(`select from "측정".months where room = 7 and at < '2025-02-01 00:00+00'`);
  await client.query(`select pg_stat_force_next_flush()`);
  const rows = await poll(async () => {
    const { rows: listed } = await report(db, indexSizes);
    return listed.some(({ index, scans }) => index === 'months_room' && scans === 1) && listed;
  }, 'the scan to be counted');
  const expected = new Map<string, number>();
  for (const { root, kind, main } of await relations())
    if (kind === 'i' || kind === 'I') expected.set(root, (expected.get(root) ?? 0) + main);
  expect(new Map(rows.map((row) => [`${row.schema}.${row.index}`, row.sizeBytes]))).toEqual(expected);
  const byName = new Map(rows.map((row) => [row.index, row]));
  expect(byName.get('months_room')).toMatchObject({ schema: '측정', table: 'months', partitions: 4 });
  expect(byName.get('months_room')?.lastUsedAt).toBeInstanceOf(Date);
  expect(byName.get('months_1_local')).toMatchObject({ partitions: 0, scans: 0, lastUsedAt: null });
  expect(byName.get('수업 기록_pkey')).toMatchObject({ isUnique: true, method: 'btree', table: '수업 기록' });
  expect(rows.reduce((sum, { share }) => sum + (share ?? 0), 0)).toBeCloseTo(1);
});

test('cache-hit: blocks of tables and indexes, each as the server counted them', async () => {
  await client.query(`select count("내용") from "측정"."수업 기록"; select count(*) from "측정".months`);
  await client.query(`select pg_stat_force_next_flush()`);
  const raw = async () => {
    const { rows } = await client.query<{ name: string; hit: number; read: number }>(
      `select relname as name, (heap_blks_hit + coalesce(toast_blks_hit, 0) + coalesce(tidx_blks_hit, 0))::float8 as hit,
         (heap_blks_read + coalesce(toast_blks_read, 0) + coalesce(tidx_blks_read, 0))::float8 as read
       from pg_statio_all_tables where schemaname = '측정'
       union all
       select indexrelname, idx_blks_hit::float8, idx_blks_read::float8
       from pg_statio_all_indexes where schemaname = '측정'`,
    );
    return rows;
  };
  await poll(
    async () => (await raw()).some(({ name, hit }) => name === 'months_1' && hit > 0),
    'the counters',
  );
  const { rows, statisticsSince } = await report(db, cacheHit);
  const sumOf = async (pattern: RegExp): Promise<{ blocksHit: number; blocksRead: number }> => {
    const parts = (await raw()).filter(({ name }) => pattern.test(name));
    return {
      blocksHit: parts.reduce((sum, { hit }) => sum + hit, 0),
      blocksRead: parts.reduce((sum, { read }) => sum + read, 0),
    };
  };
  const find = (name: string) => rows.find((row) => row.name === name && row.schema === '측정');
  expect(find('수업 기록')).toMatchObject({ kind: 'table', ...(await sumOf(/^수업 기록$/)) });
  expect(find('months')).toMatchObject({ kind: 'table', ...(await sumOf(/^months(_\d[ab]?)?$/)) });
  expect(find('months_room')).toMatchObject({
    kind: 'index',
    table: 'months',
    ...(await sumOf(/^months_\w*room_idx$/)),
  });
  expect(find('months_1_local')).toMatchObject({ kind: 'index', table: 'months' });
  expect(find('empty')).toMatchObject({ blocksHit: 0, blocksRead: 0, hitRatio: null });
  const months = find('months');
  expect(months?.hitRatio).toBeCloseTo(
    (months?.blocksHit ?? 0) / ((months?.blocksHit ?? 0) + (months?.blocksRead ?? 0)),
  );
  expect(rows[0]).toMatchObject({ kind: 'database', name: database.name });
  expect(rows[0]?.blocksHit).toBeGreaterThan(months?.blocksHit ?? 0);
  expect(find('gone')).toBeUndefined();
  expect(statisticsSince).toBeInstanceOf(Date);
});
