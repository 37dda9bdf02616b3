import { beforeAll, expect, test } from 'vitest';
import { report } from './report-database-support.js';
import { createDatabase } from '../../src/database/create-database.js';
import { partitions } from '../../src/reports/database/partitions.js';
import { storageForecast } from '../../src/reports/database/storage-forecast.js';
import { unusedIndexes } from '../../src/reports/database/unused-indexes.js';
import type { AnyReport } from '../../src/reports/report.js';
import { emptyDatabaseForTest, useDatabase } from '../support/database.js';
import { useReportWorld, WORLD_END } from '../support/report-world.js';
import { insertConversation, insertMessage } from '../support/rows.js';

const TABLES = ['chat_messages', 'user_activity_logs'];

const world = useReportWorld(async (client) => {
  const { alice, room } = await insertConversation(client);
  // A month that nobody made: it goes to the default partition.
  await insertMessage(client, { room_id: room, sender_id: alice, created_at: '2031-05-05T00:00:00Z' });
  // At the bounds of a month in UTC, which Seoul has in the middle of a morning.
  for (const created_at of ['2025-09-30T23:59:59.999999Z', '2025-10-01T00:00:00Z'])
    await insertMessage(client, { room_id: room, sender_id: alice, created_at });
});
const empty = useDatabase();

beforeAll(async () => {
  await world.client.query('analyze');
});

interface PartitionRow {
  readonly parent: string;
  readonly name: string;
  readonly bytes: number;
  readonly heap: number;
}

/** Each partition by itself, found through its parent. */
async function relations(): Promise<readonly PartitionRow[]> {
  const { rows } = await world.client.query<PartitionRow>(
    `select inhparent::regclass::text as parent, inhrelid::regclass::text as name,
       pg_total_relation_size(inhrelid)::float8 as bytes, pg_relation_size(inhrelid)::float8 as heap
     from pg_inherits
     where inhparent = any (array['chat_messages', 'chat_messages_archive', 'user_activity_logs',
                                  'user_activity_logs_archive']::regclass[])`,
  );
  return rows;
}

/** Rows by table and month in UTC: `chat_messages 2025-10`. */
async function countedRows(): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  for (const table of TABLES)
    for (const { created_at: at } of await world.rows<{ created_at: Date }>(table)) {
      const key = `${table} ${at.toISOString().slice(0, 7)}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  return counts;
}

test('partitions: every month where it is, with the rows that it has and the bytes that it takes', async () => {
  const { rows } = await report(world.db, partitions, {}, { now: new Date('2025-11-30T23:59:59Z') });
  const expected = await relations();
  expect(rows.map(({ partition }) => partition).toSorted()).toEqual(
    expected.map(({ name }) => name).toSorted(),
  );
  const counts = await countedRows();
  for (const row of rows) {
    const relation = expected.find(({ name }) => name === row.partition);
    expect(relation?.parent).toBe(row.place === 'archive' ? `${row.table}_archive` : row.table);
    expect(row.totalBytes).toBe(relation?.bytes);
    expect(row.tableBytes + row.indexBytes + row.toastBytes).toBe(row.totalBytes);
    if (row.state === 'default') continue;
    expect(row.rows, row.partition).toBe(counts.get(`${row.table} ${row.month ?? ''}`) ?? 0);
    expect(row.from?.toISOString()).toBe(`${row.month ?? ''}-01T00:00:00.000Z`);
    expect(row.state).toBe(
      row.month === '2025-11' ? 'current' : (row.month ?? '') < '2025-11' ? 'past' : 'premade',
    );
    if (row.month !== null && row.month < '2025-07') expect(row.place).toBe('archive');
  }
  expect(new Set(rows.map(({ state }) => state))).toEqual(new Set(['past', 'current', 'premade', 'default']));
  // By hand: what was inserted above.
  const messages = rows.filter(({ table, place }) => table === 'chat_messages' && place === 'live');
  expect(messages.find(({ state }) => state === 'default')).toMatchObject({
    month: null,
    from: null,
    rows: 1,
  });
  const october = messages.find(({ month }) => month === '2025-10');
  expect(october).toMatchObject({ place: 'live', state: 'past', until: new Date('2025-11-01T00:00:00Z') });
  expect(rows.filter(({ table, month }) => table === 'chat_messages' && month === '2025-05')).toMatchObject([
    { place: 'archive' },
  ]);
});

test('storage-forecast: the months together, wherever they are, and the database as it will be', async () => {
  const { rows, warnings } = await report(
    world.db,
    storageForecast,
    { diskBytes: '1TB', ahead: 3 },
    { now: WORLD_END },
  );
  const counts = await countedRows();
  const sizes = await relations();
  const months = Array.from({ length: 9 }, (_, index) => `2025-${String(index + 4).padStart(2, '0')}`);
  expect(rows.map(({ month }) => month)).toEqual(
    [...months, '2026-01', '2026-02', '2026-03', '2026-04'].map((month) => `${month}-01`),
  );
  for (const [position, month] of months.entries()) {
    const sum = TABLES.reduce((total, table) => total + (counts.get(`${table} ${month}`) ?? 0), 0);
    const suffix = `y${month.replace('-', 'm')}`;
    const size = sizes
      .filter(({ name }) => name.endsWith(suffix))
      .reduce((total, { bytes }) => total + bytes, 0);
    expect(rows[position]).toMatchObject({
      ...{ state: 'past', complete: true, rows: sum, bytes: size },
      ...{ databaseBytes: null, isDoubled: null, isFull: null },
    });
  }
  const { rows: facts } = await world.client.query<{ size: number }>(
    'select pg_database_size(current_database())::float8 as size',
  );
  const { rows: catalog } = await world.client.query<{ size: number }>(
    `select pg_total_relation_size(oid)::float8 as size from pg_class
     where relnamespace = 'pg_catalog'::regnamespace and relkind = 'r' and not relisshared`,
  );
  const own = catalog.reduce((sum, { size: bytes }) => sum + bytes, 0);
  const [current, ...ahead] = rows.slice(months.length);
  expect(current).toMatchObject({ state: 'current', complete: false, isDoubled: false, isFull: false });
  expect((current?.databaseBytes ?? 0) / (facts[0]?.size ?? 1)).toBeCloseTo(1, 1);
  // The world ends as January begins: all of it is still to come, and the rest came in nine months.
  const inMonths = sizes.filter(({ name }) => /_y\d{4}m\d\d$/.test(name));
  const rest =
    ((current?.databaseBytes ?? 0) - own - inMonths.reduce((sum, { bytes }) => sum + bytes, 0)) / 9;
  let size = current?.databaseBytes ?? 0;
  size += current?.fittedBytes ?? 0;
  for (const row of ahead) {
    size += (row.fittedBytes ?? 0) + rest;
    expect(row).toMatchObject({ state: 'forecast', complete: false, rows: null, bytes: null, isFull: false });
    // January, too, brings its share of the rest; what was made ahead holds a few empty pages.
    expect((row.databaseBytes ?? 0) / (size + rest)).toBeCloseTo(1, 2);
  }
  expect(warnings).toEqual([
    expect.stringMatching(/^The database, .* now, has (not )?doubled by the end of 2026-0\d\.$/),
    'The disk of 1.0 TB is not full by the end of 2026-04.',
  ]);
});

test('storage-forecast: a disk that is too small already, or soon', async () => {
  const { rows } = await report(world.db, storageForecast, { ahead: 2 }, { now: WORLD_END });
  expect(rows.every(({ isFull }) => isFull === null)).toBe(true);
  const soon = rows.at(-2)?.databaseBytes ?? 0;
  const full = await report(world.db, storageForecast, { ahead: 2, diskBytes: soon }, { now: WORLD_END });
  expect(full.warnings[1]).toMatch(/ is full by the end of 2026-02\.$/);
  expect(full.rows.slice(-3).map(({ isFull }) => isFull)).toEqual([false, true, true]);
  const now = await report(world.db, storageForecast, { diskBytes: '1MB' }, { now: WORLD_END });
  expect(now.warnings[1]).toBe('The disk of 1.0 MB is full now.');
  await expect(report(world.db, storageForecast, { diskBytes: 'much' })).rejects.toMatchObject({
    code: 'REPORT_PARAMETER_INVALID',
  });
});

test('an empty database has empty months, and no forecast', async () => {
  const db = createDatabase({ connectionString: empty.url });
  try {
    const { rows } = await report(db, partitions);
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) expect(row.rows).toBe(0);
    const forecast = await report(db, storageForecast);
    expect(forecast.rows).toMatchObject([{ state: 'current', rows: 0, fittedBytes: null, isDoubled: false }]);
    expect(forecast.warnings).toEqual([expect.stringContaining('There is no forecast')]);
  } finally {
    await db.close();
  }
});

test('a database that was never migrated is told apart from one that is empty', async () => {
  const db = createDatabase({ connectionString: (await emptyDatabaseForTest()).url });
  try {
    const needMigrations: readonly AnyReport[] = [partitions, storageForecast, unusedIndexes];
    for (const one of needMigrations)
      await expect(report(db, one)).rejects.toMatchObject({ code: 'REPORT_UNAVAILABLE' });
  } finally {
    await db.close();
  }
});
