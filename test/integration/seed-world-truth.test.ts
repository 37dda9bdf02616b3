import type pg from 'pg';
import { beforeAll, describe, expect, test } from 'vitest';
import { planSeed } from '../../seeds/plan-seed.js';
import { profiles } from '../../seeds/profiles.js';
import type { ResolvedSeedOptions } from '../../seeds/seed-plan.js';
import { useDatabase } from '../support/database.js';
import { insertSeed } from '../support/seed-insert.js';
import { truths } from './seed-world-truths.js';
import { untruths } from './seed-world-untruths.js';

const REFERENCE = '2026-01-01T00:00:00.000Z';
const tiny: ResolvedSeedOptions = {
  profile: 'tiny',
  ...profiles.tiny,
  seed: 42,
  referenceDate: new Date(REFERENCE),
  locales: ['ko', 'en'],
};

const worlds = [
  { name: 'the tiny profile', options: tiny },
  // So many that groups, sessions and tests come in every state.
  { name: 'a world of 300 users', options: { ...tiny, users: 300, messages: 6_000, months: 7, seed: 7 } },
  {
    name: 'a world of Koreans only',
    options: { ...tiny, users: 30, messages: 400, months: 2, locales: ['ko'] },
  },
] as const;

const findWrong = (violations: string): string =>
  `with reference as (select $1::timestamptz as today) select * from (${violations}) as wrong, reference limit 5`;

describe.each(worlds)('$name', ({ options }) => {
  const database = useDatabase();
  let client: pg.Client;
  const plan = planSeed(options);

  beforeAll(async () => {
    client = await database.connect();
    await insertSeed(client, plan);
  }, 120_000);

  test('is in the database as planned, with every constraint and trigger on', async () => {
    for (const { table, rowCount } of plan.tables) {
      const { rows } = await client.query<{ count: number; last: number }>(
        `select count(*)::int as count, coalesce(max(id), 0)::int as last from ${table}`,
      );
      expect([table, rows[0]]).toEqual([table, { count: rowCount, last: rowCount }]);
    }
    expect(plan.tables.every(({ rowCount }) => rowCount > 0)).toBe(true);
  });

  test.each(Object.entries(truths))('%s', async (_, violations) => {
    const { rows } = await client.query(findWrong(violations), [REFERENCE]);
    expect(rows).toEqual([]);
  });

  test.runIf(options.profile === 'tiny' && options.users === 40).each(Object.entries(untruths))(
    'it would be noticed if it were not so that %s',
    async (name, untruth) => {
      await client.query('begin; set local session_replication_role = replica');
      try {
        await client.query(untruth);
        const { rows } = await client.query(findWrong(truths[name as keyof typeof truths]), [REFERENCE]);
        expect(rows).not.toEqual([]);
      } finally {
        await client.query('rollback');
      }
    },
  );

  test('everything that happened did so before the reference date', async () => {
    const { rows } = await client.query<{ table: string; column: string }>(
      `select c.relname as table, a.attname as column
       from pg_attribute a join pg_class c on c.oid = a.attrelid
       where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
         and a.atttypid = 'timestamptz'::regtype and a.attnum > 0
         and a.attname not in ('expires_at', 'scheduled_start_time', 'scheduled_end_time')`,
    );
    expect(rows.length).toBeGreaterThan(30);
    for (const { table, column } of rows) {
      const found = await client.query(
        `select id, ${column} from ${table} where ${column} >= $1 or ${column} < $2 limit 5`,
        [REFERENCE, new Date(Date.UTC(2026, -options.months, 1))],
      );
      expect([table, column, found.rows]).toEqual([table, column, []]);
    }
  });

  test('requests, sessions, tests, rooms and messages come in every state', async () => {
    const states = {
      'matching_requests.status': ['ACCEPTED', 'EXPIRED', 'PENDING', 'REJECTED'],
      'chat_rooms.room_type': ['DIRECT', 'GROUP'],
      'chat_messages.message_type': ['FILE', 'IMAGE', 'SYSTEM', 'TEXT', 'VOICE'],
      'learning_sessions.session_type': ['AUDIO_1V1', 'GROUP_VIDEO', 'VIDEO_1V1'],
      'learning_sessions.status': ['CANCELLED', 'COMPLETED', 'SCHEDULED'],
      'level_tests.status': ['COMPLETED', 'FAILED'],
      'level_tests.test_type': ['FULL', 'QUICK', 'RETAKE'],
      'users.is_active': [false, true],
    };
    if (options.users < 300) return;
    for (const [column, wanted] of Object.entries(states)) {
      const [table, name] = column.split('.') as [string, string];
      const { rows } = await client.query<{ state: unknown }>(
        `select distinct ${name} as state from ${table} order by 1`,
      );
      expect([column, rows.map(({ state }) => state)]).toEqual([column, wanted]);
    }
  });

  test('no row was changed before it was made', async () => {
    for (const table of [
      'users',
      'onboarding_progress',
      'matching_preferences',
      'chat_rooms',
      'learning_sessions',
      'push_subscriptions',
    ]) {
      const { rows } = await client.query(`select id from ${table} where updated_at < created_at limit 5`);
      expect([table, rows]).toEqual([table, []]);
    }
  });
});
