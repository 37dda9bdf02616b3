import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { report } from './report-database-support.js';
import { createDatabase, type Database } from '../../src/database/create-database.js';
import { bloat } from '../../src/reports/database/bloat.js';
import { useDatabase } from '../support/database.js';
import { poll } from '../support/poll.js';

const database = useDatabase();
let client: pg.Client;
let db: Database;

beforeAll(async () => {
  client = await database.connect();
  await client.query(`
    create schema "낡은";
    set search_path = "낡은";
    create table worn (id int primary key, status text);
    insert into worn select i, (array['A', 'B'])[1 + i % 2] from generate_series(1, 60000) as i;
    create index worn_status on worn (status, id);
    create table months (at timestamptz not null, room int) partition by range (at);
    create table months_1 partition of months for values from ('2025-01-01 00:00+00') to ('2025-02-01 00:00+00');
    create table months_2 partition of months for values from ('2025-02-01 00:00+00') to ('2025-03-01 00:00+00');
    create index months_room on months (room);
    insert into months select timestamptz '2025-01-01 00:00+00' + (i % 2) * interval '31 days', i
      from generate_series(1, 20000) as i;
    create table patient (id int) with (autovacuum_vacuum_threshold = 500, autovacuum_vacuum_scale_factor = 0);
    insert into patient select generate_series(1, 1000);
    create table quiet (id int)`);
  // Counted before vacuum sets them right, not on top of it.
  await client.query('select pg_stat_force_next_flush()');
  for (const table of ['worn', 'months_1', 'months_2', 'patient', 'quiet'])
    await client.query(`vacuum (analyze) "낡은".${table}`);
  db = createDatabase({ connectionString: database.url });
});
afterAll(() => db.close());

async function lookAt(table: string, deadRows: number) {
  return poll(async () => {
    const { rows } = await report(db, bloat);
    return rows.find((row) => row.schema === '낡은' && row.table === table && row.deadRows === deadRows);
  }, `${deadRows} dead rows in ${table}`);
}

async function run(sql: string): Promise<void> {
  await client.query(sql);
  await client.query('select pg_stat_force_next_flush()');
}

test('dead rows make a vacuum due at the limit that holds for the table, and are gone after it', async () => {
  expect(await lookAt('patient', 0)).toMatchObject({ vacuumDue: false, deadShare: 0, liveRows: 1000 });
  await run('delete from "낡은".patient where id <= 500');
  expect(await lookAt('patient', 500)).toMatchObject({ vacuumDue: false, deadShare: 0.5, modifiedRows: 500 });
  await run('delete from "낡은".patient where id = 501');
  expect(await lookAt('patient', 501)).toMatchObject({ vacuumDue: true, indexBytes: 0, indexBloat: null });
  const before = new Date();
  await run('vacuum (analyze) "낡은".patient');
  const after = await lookAt('patient', 0);
  expect(after).toMatchObject({ vacuumDue: false, modifiedRows: 0, liveRows: 499 });
  expect(after.vacuumedAt?.getTime()).toBeGreaterThanOrEqual(before.getTime() - 1000);
  expect(after.analyzedAt).toBeInstanceOf(Date);
  expect(await lookAt('quiet', 0)).toMatchObject({ deadShare: null, liveRows: 0 });
});

test('one month that waits for vacuum is enough, whatever the others hold', async () => {
  // 20 % of its 10,000 rows and 50; of both months together it would be 4,050.
  await run(`delete from "낡은".months where at < '2025-02-01 00:00+00' and room <= 4100`);
  expect(await lookAt('months', 2050)).toMatchObject({ vacuumDue: false, liveRows: 17950 });
  await run(`delete from "낡은".months where at < '2025-02-01 00:00+00' and room <= 4102`);
  expect(await lookAt('months', 2051)).toMatchObject({ vacuumDue: true });
});

test('what a rebuild would give back is told of the indexes of a table together, and of the worst', async () => {
  const fresh = await lookAt('worn', 0);
  expect(fresh.indexBloat).toBeLessThan(0.1);
  await run('delete from "낡은".worn where id % 5 <> 0');
  const stale = await lookAt('worn', 48000);
  expect(stale.note).toMatch(/^stale: .*80 % of the rows|^stale: /);
  await run('vacuum (analyze) "낡은".worn');
  const worn = await lookAt('worn', 0);
  expect(worn.indexBloat).toBeGreaterThan(0.7);
  expect(worn.note).toBeNull();
  const sizes = async (): Promise<Record<string, number>> => {
    const { rows } = await client.query<{ name: string; size: number }>(
      `select indexrelid::regclass::text as name, pg_relation_size(indexrelid)::float8 as size from pg_index
       where indrelid = '"낡은".worn'::regclass`,
    );
    return Object.fromEntries(rows.map(({ name, size }) => [name, size]));
  };
  const before = await sizes();
  expect(worn.indexBytes).toBe(Object.values(before).reduce((sum, size) => sum + size, 0));
  // The truth: what a rebuild does give back.
  await client.query('reindex table "낡은".worn');
  const after = await sizes();
  const givenBack = (name: string): number => (before[name] ?? 0) - (after[name] ?? 0);
  const total = givenBack('worn_pkey') + givenBack('worn_status');
  expect((worn.indexBloatBytes ?? 0) / total).toBeGreaterThan(0.9);
  expect((worn.indexBloatBytes ?? 0) / total).toBeLessThan(1.1);
  expect(worn.worstIndex).toBe(
    givenBack('worn_status') > givenBack('worn_pkey') ? 'worn_status' : 'worn_pkey',
  );
});

test('a role that may not read a table is told so, not that its indexes are well', async () => {
  const role = `reader_${database.name}`;
  await client.query(
    `create role ${role} login password 'r'; grant usage on schema "낡은" to ${role}; grant pg_monitor to ${role}`,
  );
  const url = new URL(database.url);
  url.username = role;
  url.password = 'r';
  const other = createDatabase({ connectionString: url.href });
  try {
    const { rows } = await report(other, bloat);
    const worn = rows.find(({ schema, table }) => schema === '낡은' && table === 'worn');
    expect(worn).toMatchObject({ indexBloat: null, indexBloatBytes: null, worstIndex: null });
    expect(worn?.note).toContain('not visible');
  } finally {
    await other.close();
    await client.query(`drop owned by ${role}; drop role ${role}`);
  }
});
