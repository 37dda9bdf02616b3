import type pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readPartitionSet } from '../../src/partitioning/partition-set.js';
import { listPartitions, type ListPartitionsOptions } from '../../src/partitions/list-partitions.js';
import { drainPartitions, rolloverPartitions } from '../../src/partitions/rollover.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { insertConversation } from '../support/rows.js';
import { fillMonth } from './partition-support.js';
import { backendPid, start, untilWaiting } from './schema-sessions.js';

const now = new Date('2025-06-15T00:00:00Z');

let database: TestDatabase;
let client: pg.Client;

beforeEach(async () => {
  database = await createDatabase();
  client = await database.connect();
  await rolloverPartitions({ connection: database.url, now, retentionMonths: 2, premakeMonths: 2 });
});
afterEach(async () => database.drop());

const list = (options: Partial<ListPartitionsOptions> = {}) =>
  listPartitions({
    connection: database.url,
    now,
    retentionMonths: 2,
    premakeMonths: 2,
    tables: ['chat_messages'],
    ...options,
  });

async function findings(options?: Partial<ListPartitionsOptions>): Promise<string[]> {
  const { tables } = await list(options);
  return tables.flatMap((listing) => listing.findings.map(({ finding, object }) => `${finding}: ${object}`));
}

describe('listPartitions', () => {
  it('shows every month with its bounds, rows, size, age and what it is for, and finds nothing when all is well', async () => {
    const { room, alice } = await insertConversation(client);
    await fillMonth(client, { room, sender: alice, month: '2025-05', count: 12 });
    await fillMonth(client, { room, sender: alice, month: '2024-11', count: 5 });
    await drainPartitions({ connection: database.url, now });
    await client.query(`
      alter table chat_messages detach partition chat_messages_y2025m01;
      alter table chat_messages_y2025m01 rename to chat_messages_archive_y2025m01;
      alter table chat_messages_archive attach partition chat_messages_archive_y2025m01
        for values from ('2025-01-01Z') to ('2025-02-01Z')`);
    await client.query('analyze chat_messages');
    const { tables, findings: count } = await list();
    expect(count).toBe(0);
    expect(
      tables[0]?.partitions.map(({ partition, rows, counted, ageMonths, state }) => [
        partition.replace('public.chat_messages_', ''),
        rows,
        counted,
        ageMonths,
        state,
      ]),
    ).toEqual([
      ['y2024m11', 5, false, 7, 'due'],
      ['archive_y2025m01', null, false, 5, 'archived'],
      ['y2025m04', 0, false, 2, 'active'],
      ['y2025m05', 12, false, 1, 'active'],
      ['y2025m06', 0, false, 0, 'active'],
      ['y2025m07', 0, false, -1, 'premade'],
      ['y2025m08', 0, false, -2, 'premade'],
      ['default', 0, true, null, 'default'],
    ]);
    for (const { sizeBytes } of tables[0]?.partitions ?? []) expect(sizeBytes).toBeGreaterThan(0);
    const exact = await list({ exact: true });
    const rows = exact.tables[0]?.partitions.map((partition) => partition.rows);
    expect(rows?.reduce((sum: number, value) => sum + (value ?? Number.NaN), 0)).toBe(17);
  });

  it('shows the rows of the default partition by month, in plain sight', async () => {
    const { room, alice } = await insertConversation(client);
    await fillMonth(client, { room, sender: alice, month: '2024-11', count: 5 });
    await fillMonth(client, { room, sender: alice, month: '2026-01', count: 2 });
    const { tables } = await list();
    expect(tables[0]?.defaultRows).toEqual([
      { month: new Date('2024-11-01T00:00:00Z'), rows: 5 },
      { month: new Date('2026-01-01T00:00:00Z'), rows: 2 },
    ]);
    expect(tables[0]?.partitions.at(-1)).toMatchObject({ state: 'default', rows: 7 });
    expect(await findings()).toEqual([
      'default not empty: public.chat_messages_default',
      'default not empty: public.chat_messages_default',
    ]);
  });

  it('finds months that are missing, ahead and behind', async () => {
    expect(await findings({ premakeMonths: 3 })).toEqual(['premake short: public.chat_messages']);
    expect(await findings({ retentionMonths: 3 })).toEqual(['gap: public.chat_messages']);
    await client.query('drop table chat_messages_y2025m06');
    const { tables } = await list();
    expect(tables[0]?.findings).toMatchObject([{ finding: 'gap', detail: 'no partition for 2025-06' }]);
  });

  it('finds a missing default partition', async () => {
    await client.query('drop table chat_messages_default');
    expect(await findings()).toEqual(['default missing: public.chat_messages']);
  });

  it('finds a month that is live and archived', async () => {
    await client.query(`create table public.both partition of public.chat_messages_archive
      for values from ('2025-05-01Z') to ('2025-06-01Z')`);
    expect(await findings()).toEqual([
      'name and bound differ: public.both',
      'overlap: public.chat_messages_y2025m05',
    ]);
  });

  it('finds bounds that are no month, and names that promise another', async () => {
    await client.query(`
      alter table chat_messages_y2025m08 rename to chat_messages_y2025m09;
      create table public.week partition of public.chat_messages for values from ('2024-10-01Z') to ('2024-10-08Z');
      create table public.open partition of public.chat_messages for values from ('2026-01-01Z') to (maxvalue)`);
    expect(await findings()).toEqual([
      'bound not a month: public.week',
      'name and bound differ: public.chat_messages_y2025m09',
      'bound not a month: public.open',
    ]);
  });

  it('finds a table that was detached, in the archive too', async () => {
    await client.query(`
      alter table chat_messages detach partition chat_messages_y2025m01;
      create table public.chat_messages_archive_y2020m01 (like public.chat_messages_archive);
      create table public.chat_messages_y2020m02 (unlike int)`);
    expect(await findings()).toEqual([
      'detached table: public.chat_messages_y2025m01',
      'detached table: public.chat_messages_archive_y2020m01',
    ]);
  });

  it('finds a concurrent detach that was not finished, and a rollover does not make its month', async () => {
    await client.query('drop table chat_messages_default');
    const [reader, detacher] = [await database.connect(), await database.connect()];
    await reader.query('begin; select from chat_messages');
    const pid = await backendPid(detacher);
    const detaching = start(
      detacher.query('alter table chat_messages detach partition chat_messages_y2025m05 concurrently'),
    );
    await untilWaiting(client, pid);
    await client.query('select pg_cancel_backend($1)', [pid]);
    await expect(detaching).rejects.toMatchObject({ code: '57014' });
    await reader.query('commit');
    await client.query('create table public.chat_messages_default partition of public.chat_messages default');
    expect(await findings()).toEqual([
      'gap: public.chat_messages',
      'detach pending: public.chat_messages_y2025m05',
    ]);
    const result = await rolloverPartitions({
      connection: database.url,
      now,
      retentionMonths: 2,
      premakeMonths: 2,
    });
    expect(result).toMatchObject({
      failed: 1,
      tables: [
        { steps: [], obstacles: [{ reason: 'detach pending', month: new Date('2025-05-01T00:00:00Z') }] },
        {},
      ],
    });
    await client.query('alter table chat_messages detach partition chat_messages_y2025m05 finalize');
    expect(await findings()).toEqual([
      'gap: public.chat_messages',
      'detached table: public.chat_messages_y2025m05',
    ]);
  });

  it('finds an index that a partition lacks, one that is invalid, and one that has not noticed that it is valid', async () => {
    await client.query('create index lacking on only public.chat_messages (edited_at)');
    const missing = await findings();
    expect(missing).toContain('index missing: public.chat_messages_y2025m05');
    expect(missing).toContain('index missing: public.chat_messages_default');
    expect(missing).toHaveLength(7);
    for (const month of ['y2025m01', 'y2025m04', 'y2025m05', 'y2025m06', 'y2025m07', 'y2025m08', 'default']) {
      await client.query(`create index lacking_${month} on public.chat_messages_${month} (edited_at)`);
      if (month !== 'y2025m05')
        await client.query(`alter index public.lacking attach partition public.lacking_${month}`);
    }
    expect(await findings()).toEqual(['index missing: public.chat_messages_y2025m05']);
    await client.query('drop index lacking_y2025m05');
    // Left invalid as a concurrent build leaves it that does not get past a snapshot in time.
    const [reader, builder] = [await database.connect(), await database.connect()];
    await reader.query('begin isolation level repeatable read; select from users');
    await builder.query(`set lock_timeout = '100ms'`);
    await expect(
      builder.query(
        'create index concurrently lacking_y2025m05 on public.chat_messages_y2025m05 (edited_at)',
      ),
    ).rejects.toMatchObject({ code: '55P03' });
    await reader.query('commit');
    await client.query('alter index public.lacking attach partition public.lacking_y2025m05');
    expect(await findings()).toEqual(['index invalid: public.chat_messages_y2025m05']);
    await client.query('reindex index public.lacking_y2025m05');
    expect(await findings()).toEqual(['index invalid: public.chat_messages']);
    await client.query('alter index public.lacking attach partition public.lacking_y2025m05');
    expect(await findings()).toEqual([]);
  });
});

describe('the bounds of a partition', () => {
  it('are the same instants under any time zone and date style, and without waiting for a lock', async () => {
    await client.query(`
      create table public.odd partition of public.chat_messages for values from (minvalue) to ('0044-03-15 12:00:00.123456Z BC');
      create table public.far partition of public.chat_messages for values from ('2030-02-01 00:00:00.5Z') to ('infinity')`);
    const expected = await readPartitionSet(client, { schema: 'public', table: 'chat_messages' });
    expect(
      expected.partitions.map(({ name, lowerBound, upperBound, month }) => [
        name,
        lowerBound,
        upperBound,
        month,
      ]),
    ).toEqual(
      expect.arrayContaining([
        ['odd', undefined, new Date('-000043-03-15T12:00:00.123Z'), undefined],
        ['far', new Date('2030-02-01T00:00:00.500Z'), undefined, undefined],
        [
          'chat_messages_y2025m06',
          new Date('2025-06-01T00:00:00Z'),
          new Date('2025-07-01T00:00:00Z'),
          new Date('2025-06-01T00:00:00Z'),
        ],
      ]),
    );
    const holder = await database.connect();
    await holder.query('begin; lock table chat_messages');
    await client.query(`set lock_timeout = '100ms'`);
    for (const zone of ['America/New_York', 'Asia/Kolkata', 'Pacific/Apia', 'UTC']) {
      for (const style of ['ISO, MDY', 'SQL, DMY', 'German, DMY', 'Postgres, MDY']) {
        await client.query(`set timezone = '${zone}'; set datestyle = '${style}'`);
        expect(await readPartitionSet(client, { schema: 'public', table: 'chat_messages' })).toEqual(
          expected,
        );
        expect(
          (await client.query<{ zone: string }>(`select current_setting('timezone') as zone`)).rows[0]?.zone,
        ).toBe(zone);
      }
    }
  });

  it('of a table that is not partitioned by a time, or is not there, are refused', async () => {
    await client.query('create table public.by_number (id int) partition by range (id)');
    const codes = await Promise.all(
      ['by_number', 'users', 'nobody'].map((table) =>
        readPartitionSet(client, { schema: 'public', table }).then(
          () => 'read',
          (error: unknown) => (error as { code?: string }).code,
        ),
      ),
    );
    expect(codes).toEqual([
      'PARTITION_TABLE_UNSUPPORTED',
      'PARTITION_TABLE_UNSUPPORTED',
      'PARTITION_TABLE_MISSING',
    ]);
  });
});
