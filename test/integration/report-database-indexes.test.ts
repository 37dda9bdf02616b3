import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { report } from './report-database-support.js';
import { createDatabase, type Database } from '../../src/database/create-database.js';
import { takeIndexSnapshot } from '../../src/indexes/take-snapshot.js';
import { redundantIndexes } from '../../src/reports/database/redundant-indexes.js';
import { unusedIndexes } from '../../src/reports/database/unused-indexes.js';
import { useDatabase } from '../support/database.js';

const database = useDatabase();
let client: pg.Client;
let db: Database;

beforeAll(async () => {
  client = await database.connect();
  await client.query(`
    create schema "색인";
    create table "색인"."수업" (id int primary key, a int, b int, c text);
    insert into "색인"."수업" select i, i, i, i from generate_series(1, 3000) as i;
    create index "수업_a_b" on "색인"."수업" (a, b);
    create index "수업_a" on "색인"."수업" (a);
    comment on index "색인"."수업_a" is '''옛'' 조회';
    create index "수업_used" on "색인"."수업" (b);
    create unique index "수업_unique" on "색인"."수업" (c)`);
  db = createDatabase({ connectionString: database.url });
});
afterAll(() => db.close());

/** A reading, as if it had been taken so many days ago. */
async function readingDaysAgo(days: number): Promise<void> {
  await takeIndexSnapshot({ connection: database.url });
  await client.query(
    `update studymate.index_snapshots set taken_at = taken_at - make_interval(days => $1),
       counted_since = counted_since - interval '100 days'
     where id = (select max(id) from studymate.index_snapshots)`,
    [days],
  );
}

async function scanUsed(): Promise<void> {
  await client.query('set enable_seqscan = off; set enable_bitmapscan = off');
  await client.query('select from "색인"."수업" where b = 7');
  await client.query('select pg_stat_force_next_flush()');
}

test('redundant-indexes: each with what replaces it, and statements that drop it and bring it back', async () => {
  const { rows } = await report(db, redundantIndexes);
  const [row, ...others] = rows.filter(({ schema }) => schema === '색인');
  expect(others).toEqual([]);
  expect(row).toMatchObject({
    ...{ table: '수업', index: '수업_a', replacedBy: '수업_a_b', kind: 'prefix' },
    dropStatement: 'drop index concurrently "색인"."수업_a"',
  });
  // Two integers take no more room than one, to the multiple of eight bytes.
  expect(row?.sizeRatio).toBe(1);
  const definition = `select pg_get_indexdef('"색인"."수업_a"'::regclass) as sql, obj_description('"색인"."수업_a"'::regclass) as comment`;
  const before = (await client.query(definition)).rows;
  await client.query(row?.dropStatement ?? '');
  expect((await report(db, redundantIndexes)).rows.filter(({ schema }) => schema === '색인')).toEqual([]);
  await client.query(row?.undoStatement ?? '');
  expect((await client.query(definition)).rows).toEqual(before);
});

test('unused-indexes: refuses as long as nobody has looked for so many days', async () => {
  const observed = (days: string): object => ({
    code: 'REPORT_UNAVAILABLE',
    message: `unused-indexes has observed ${days} days only`,
    hint: expect.stringContaining('index snapshot') as unknown,
  });
  await expect(report(db, unusedIndexes)).rejects.toMatchObject(observed('0.0'));
  await readingDaysAgo(40);
  await expect(report(db, unusedIndexes)).rejects.toMatchObject(observed('0.0'));
  await scanUsed();
  await readingDaysAgo(10);
  await expect(report(db, unusedIndexes)).rejects.toMatchObject(observed('30.0'));
  await readingDaysAgo(0);
});

test('unused-indexes: time before a reset of the counters was not observed', async () => {
  await client.query(
    `update studymate.index_snapshots set counted_since = taken_at - interval '4 days'
     where id = (select max(id) from studymate.index_snapshots)`,
  );
  await expect(report(db, unusedIndexes)).rejects.toMatchObject({
    message: 'unused-indexes has observed 34.0 days only',
  });
  await client.query(`update studymate.index_snapshots set counted_since = taken_at - interval '100 days'`);
});

test('unused-indexes: what was scanned in between, or keeps something unique, is not listed', async () => {
  const namesOf = async (days: number): Promise<readonly string[]> => {
    const { rows } = await report(db, unusedIndexes, { days });
    for (const row of rows) expect(row.unusedDays).toBeGreaterThanOrEqual(days);
    return rows.flatMap(({ schema, index }) => (schema === '색인' ? [index] : [])).toSorted();
  };
  expect(await namesOf(35)).toEqual(['수업_a', '수업_a_b']);
  expect(await namesOf(9)).toEqual(['수업_a', '수업_a_b', '수업_used']);
  const { rows } = await report(db, unusedIndexes);
  const row = rows.find(({ index }) => index === '수업_a_b');
  expect(row).toMatchObject({ schema: '색인', table: '수업', scans: 0 });
  expect(row?.unusedDays).toBeCloseTo(40, 1);
  expect(row?.undoStatement).toContain('CREATE INDEX "수업_a_b"');
});
