import fc from 'fast-check';
import type pg from 'pg';
import { beforeAll, expect, it } from 'vitest';
import { runArchive } from '../../src/archive/run-archive.js';
import { hasSqlState, SQLSTATE } from '../../src/database/sqlstate.js';
import { rolloverPartitions } from '../../src/partitions/rollover.js';
import { age, expectExact, logAt, logged, rolledUp } from '../support/active-days.js';
import { useDatabase } from '../support/database.js';
import { insertUser } from '../support/rows.js';

/** August 2025 goes to the archive, September stays. */
const NOW = new Date('2026-03-20T15:00:00Z');
/** Of a month that goes to the archive, of one that stays, of one that nobody makes. */
const instants = [
  '2025-06-30T14:59:59Z',
  '2025-06-30T15:00:00Z',
  '2026-03-20T01:00:00Z',
  '2019-02-03T00:00:00Z',
];

const database = useDatabase();
let client: pg.Client;
let others: readonly [pg.Client, pg.Client];
let users: string[] = [];

beforeAll(async () => {
  client = await database.connect();
  others = [await database.connect(), await database.connect()];
});

const entry = {
  user: fc.nat(2),
  createdAt: fc.constantFrom(...instants),
  activity: fc.constantFrom('ROOM_OPENED', 'ROOM_OPENED', 'LOGIN'),
};
const other = fc.nat(1);
const ids = fc.constantFrom(1, 3, 1000);
const operation = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('log' as const), ...entry }) },
  // In a transaction of its own, which stays open.
  { weight: 4, arbitrary: fc.record({ do: fc.constant('open' as const), other, ...entry }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('commit' as const, 'rollback' as const), other }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('refresh' as const), ids }) },
  // An hour later.
  { weight: 6, arbitrary: fc.record({ do: fc.constant('refresh later' as const), ids }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('erase' as const), user: fc.nat(2) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('archive' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('truncate' as const) }) },
);
type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never;

async function refresh(ids: number): Promise<void> {
  await client.query('select studymate.advance_activity_mark()');
  for (let read = '0', isLast = false; !isLast;) {
    const { rows } = await client.query<{ read_id: string; is_last: boolean }>(
      'select * from studymate.refresh_user_active_days($1, $2)',
      [read, ids],
    );
    read = rows[0]?.read_id ?? read;
    isLast = rows[0]?.is_last ?? true;
  }
}

/** Of what an open transaction holds, nothing is erased. */
async function unlessLocked(sql: string, values: unknown[] = []): Promise<void> {
  await client.query(`set lock_timeout = '20ms'`);
  await client.query(sql, values).catch((error: unknown) => {
    if (!hasSqlState(error, SQLSTATE.lockNotAvailable)) throw error;
  });
  await client.query('reset lock_timeout');
}

async function startAnew(): Promise<void> {
  await unlessLocked(
    'truncate users, user_activity_logs, user_activity_logs_archive restart identity cascade',
  );
  const { rows } = await client.query<{ id: string }>('select id from users');
  users = rows.map(({ id }) => id);
  while (users.length < 3) users.push(await insertUser(client));
}

async function perform(op: Operation, open: Set<number>): Promise<void> {
  switch (op.do) {
    case 'log':
      await logAt(client, users[op.user] ?? null, op.createdAt, { activity: op.activity });
      break;
    case 'open':
      if (!open.has(op.other)) await others[op.other as 0 | 1].query('begin');
      open.add(op.other);
      await logAt(others[op.other as 0 | 1], users[op.user] ?? null, op.createdAt, { activity: op.activity });
      break;
    case 'commit':
    case 'rollback':
      await others[op.other as 0 | 1].query(op.do);
      open.delete(op.other);
      break;
    case 'refresh':
      await refresh(op.ids);
      break;
    case 'refresh later':
      await age(client);
      await refresh(op.ids);
      break;
    case 'erase':
      await unlessLocked('delete from users where id = $1', [users[op.user]]);
      await startOver(op.user);
      break;
    case 'archive':
      // It would wait for them.
      if (open.size > 0) break;
      await rolloverPartitions({ connection: database.url, now: NOW });
      await runArchive({ connection: database.url, now: NOW });
      break;
    case 'truncate':
      await startAnew();
  }
}

/** Somebody new in the place of who was erased. */
async function startOver(user: number): Promise<void> {
  const { rowCount } = await client.query('select from users where id = $1', [users[user]]);
  if (rowCount === 0) users[user] = await insertUser(client);
}

it('whatever happens in whatever order, the list of active days is that of the log, and so is the roll-up in the end', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(operation, { maxLength: 30 }), async (operations) => {
      await startAnew();
      const open = new Set<number>();
      try {
        for (const op of operations) {
          await perform(op, open);
          await expectExact(client);
        }
      } finally {
        for (const index of open) await others[index as 0 | 1].query('commit');
      }
      await expectExact(client);
      await refresh(1000);
      await age(client);
      await refresh(1000);
      await refresh(2);
      expect(await rolledUp(client)).toEqual(await logged(client));
    }),
    { numRuns: 40 },
  );
}, 120_000);
