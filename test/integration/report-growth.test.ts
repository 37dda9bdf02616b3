import type pg from 'pg';
import { beforeAll, expect, it } from 'vitest';
import { createDatabase } from '../../src/database/create-database.js';
import { addDays } from '../../src/reports/parameters.js';
import { growth } from '../../src/reports/product/growth.js';
import { runAnyReport } from '../../src/reports/run-report.js';
import { useDatabase } from '../support/database.js';
import { daysOf, localDay, proofCases, type ProofCase } from '../support/report-proof.js';
import { useReportWorld, WORLD_END } from '../support/report-world.js';
import { insertMessage, insertRoom, insertRow, insertUser } from '../support/rows.js';

const sources = [
  { column: 'users', table: 'users', time: 'created_at' },
  { column: 'rooms', table: 'chat_rooms', time: 'created_at' },
  { column: 'partnerships', table: 'user_partnerships', time: 'created_at' },
  { column: 'requests', table: 'matching_requests', time: 'created_at' },
  { column: 'sessions', table: 'learning_sessions', time: 'scheduled_start_time' },
  { column: 'messages', table: 'chat_messages', time: 'created_at' },
  { column: 'logEntries', table: 'user_activity_logs', time: 'created_at' },
] as const;
const none = {
  users: 0,
  rooms: 0,
  partnerships: 0,
  requests: 0,
  sessions: 0,
  messages: 0,
  logEntries: 0,
};

const world = useReportWorld(insertEdges);
const empty = useDatabase();
const instants = new Map<string, readonly Date[]>();
const sizes = new Map<string, number>();
beforeAll(async () => {
  for (const { column, table, time } of sources) {
    const rows = await world.rows(table);
    instants.set(
      column,
      rows.map((row): Date => row[time] as Date),
    );
  }
  // By their names, as they are called after their months.
  const { rows } = await world.client.query<{ relname: string; size: string }>(
    `select relname, pg_total_relation_size(oid) as size from pg_class where relkind = 'r' and relname ~ '_y\\d+m\\d+$'`,
  );
  for (const { relname, size } of rows) {
    const key = relname.replace('_archive', '');
    sizes.set(key, (sizes.get(key) ?? 0) + Number(size));
  }
});

/** In the default partitions, after the seeded world: at the ends of March 2026 in Seoul. */
async function insertEdges(client: pg.Client): Promise<void> {
  for (const created_at of ['2026-02-28T14:59:59.999999Z', '2026-02-28T15:00:00Z', '2026-03-31T14:59:59Z']) {
    const sender_id = await insertUser(client, { created_at });
    const room_id = await insertRoom(client, { created_at });
    await insertMessage(client, { room_id, sender_id, created_at });
    await insertRow(client, 'user_activity_logs', { user_id: null, activity: 'EDGE', created_at });
  }
  await insertMessage(client, {
    room_id: await insertRoom(client, { created_at: '2026-03-31T15:00:00Z' }),
    sender_id: await insertUser(client, { created_at: '2026-03-31T15:00:00Z' }),
    created_at: '2026-03-31T15:00:00Z',
  });
}

function expectedRows({ timeZone, from, to }: ProofCase, asOf: Date): object[] {
  const dayOf = localDay(timeZone);
  const months = [...new Set(daysOf({ from, to }).map((day) => day.slice(0, 7)))];
  const counts = new Map<string, number>();
  for (const { column } of sources)
    for (const instant of instants.get(column) ?? []) {
      const day = dayOf(instant);
      if (day < from || day >= to) continue;
      const key = `${column} ${day.slice(0, 7)}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  return months.map((month) => {
    const suffix = `y${month.replace('-', 'm')}`;
    const next = `${addDays(`${month}-01`, 31).slice(0, 7)}-01`;
    return {
      month: `${month}-01`,
      ...Object.fromEntries(sources.map(({ column }) => [column, counts.get(`${column} ${month}`) ?? 0])),
      messageBytes: sizes.get(`chat_messages_${suffix}`) ?? 0,
      logBytes: sizes.get(`user_activity_logs_${suffix}`) ?? 0,
      complete: `${month}-01` >= from && next <= to && dayOf(asOf) >= next,
    };
  });
}

it.each(proofCases)('counts what was made from $from to $to in $timeZone', async (window) => {
  const { rows } = await runAnyReport(world.db, growth, { ...window }, { now: WORLD_END });
  expect(rows).toEqual(expectedRows(window, WORLD_END));
  expect(rows.some(({ messages }) => messages !== 0)).toBe(window.from !== '2020-01-01');
});

it('draws months at midnight in Seoul, and finds rows without a partition of their month', async () => {
  const window = { from: '2026-02-01', to: '2026-04-02', asOf: '2026-03-31T14:59:59Z' };
  const { rows } = await runAnyReport(world.db, growth, window, {});
  const made = { messageBytes: 0, logBytes: 0, partnerships: 0, requests: 0, sessions: 0 };
  expect(rows).toEqual([
    { month: '2026-02-01', ...made, users: 1, rooms: 1, messages: 1, logEntries: 1, complete: true },
    { month: '2026-03-01', ...made, users: 2, rooms: 2, messages: 2, logEntries: 2, complete: false },
    { month: '2026-04-01', ...made, users: 1, rooms: 1, messages: 1, logEntries: 0, complete: false },
  ]);
  const later = await runAnyReport(world.db, growth, { ...window, asOf: '2026-03-31T15:00:00Z' }, {});
  expect(later.rows.map(({ complete }) => complete)).toEqual([true, true, false]);
});

it('asks for the twelve months that are over, unless told otherwise', async () => {
  const { parameters, rows } = await runAnyReport(
    world.db,
    growth,
    {},
    { now: new Date('2025-12-31T15:00:00Z') },
  );
  expect(parameters).toMatchObject({ from: '2025-01-01', to: '2026-01-01' });
  expect(rows.map(({ complete }) => complete)).toEqual(Array<boolean>(12).fill(true));
});

it('counts nothing in an empty database, whose partitions take room', async () => {
  const db = createDatabase({ connectionString: empty.url });
  const { rows } = await runAnyReport(db, growth, { from: '2025-01-01', to: '2025-03-01' }, {});
  expect(rows).toEqual([
    {
      month: '2025-01-01',
      ...none,
      messageBytes: expect.any(Number) as number,
      logBytes: expect.any(Number) as number,
      complete: true,
    },
    { month: '2025-02-01', ...none, messageBytes: 0, logBytes: 0, complete: true },
  ]);
  await db.close();
});
