import type pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { useDatabase } from '../support/database.js';
import { insertParents, insertRow, insertUser, validRows, type TableName } from '../support/rows.js';

const database = useDatabase();
let client: pg.Client;

beforeEach(async () => {
  client = await database.connect();
});
afterEach(async () => client.end());

/** A date some years and days before the server's today, in its session's time zone. */
async function birthDate(years: number, days: number): Promise<string> {
  const { rows } = await client.query<{ date: string }>(
    `select (current_date - make_interval(years => $1::int) - make_interval(days => $2::int))::date::text as date`,
    [years, days],
  );
  return rows[0]?.date ?? '';
}

describe('valid_birth_date', () => {
  it.each(['UTC', 'Asia/Seoul', 'America/Los_Angeles'])(
    'wants more than 13 years: refused on the thirteenth birthday, accepted the day after, in %s',
    async (timeZone) => {
      // One transaction, so that today does not change in between.
      await client.query(`begin; set local timezone = '${timeZone}'`);
      await insertUser(client, { birth_date: await birthDate(13, 1) });
      const birthday = await birthDate(13, 0);
      await expect(insertUser(client, { birth_date: birthday })).rejects.toMatchObject({
        code: '23514',
        constraint: 'valid_birth_date',
      });
      await client.query('rollback');
    },
  );

  it('counts in the time zone of the session, as current_date does', async () => {
    // 25 hours apart, the two zones never have the same date.
    const { rows } = await client.query<{ differ: boolean }>(
      `select (now() at time zone 'Pacific/Kiritimati')::date <> (now() at time zone 'Pacific/Pago_Pago')::date as differ`,
    );
    expect(rows).toEqual([{ differ: true }]);
    await client.query(`begin; set local timezone = 'Pacific/Pago_Pago'`);
    const birthday = await birthDate(13, 0);
    await client.query(`savepoint west; set local timezone = 'Pacific/Kiritimati'`);
    await insertUser(client, { birth_date: birthday });
    await client.query('rollback to west');
    await expect(insertUser(client, { birth_date: birthday })).rejects.toMatchObject({
      constraint: 'valid_birth_date',
    });
    await client.query('rollback');
  });
});

describe('updated_at', () => {
  it('has its trigger on every table that has the column', async () => {
    const { rows } = await client.query<{ table: string; triggers: number }>(
      `select attrelid::regclass::text as table,
         (select count(*)::int from pg_trigger where tgrelid = attrelid and tgfoid = 'set_updated_at'::regproc) as triggers
       from pg_attribute join pg_class on pg_class.oid = attrelid
       where attname = 'updated_at' and relnamespace = 'public'::regnamespace and relkind in ('r', 'p') order by 1`,
    );
    expect(rows).toEqual(
      [
        'chat_rooms',
        'learning_sessions',
        'matching_preferences',
        'onboarding_progress',
        'push_subscriptions',
        'users',
      ].map((table) => ({ table, triggers: 1 })),
    );
  });

  const changes: [TableName, string, unknown][] = [
    ['users', 'intro', 'hello'],
    ['onboarding_progress', 'current_step', 2],
    ['matching_preferences', 'max_distance_km', 5],
    ['chat_rooms', 'name', 'new name'],
    ['learning_sessions', 'title', 'new title'],
    ['push_subscriptions', 'is_active', false],
  ];

  it.each(changes)('of %s follows a change, and nothing else', async (table, column, value) => {
    const old = '2025-01-01 00:00:00+00';
    await client.query('begin');
    const parents = await insertParents(client);
    const { id } = await insertRow(client, table, { ...validRows[table](parents), updated_at: old });
    const isNow = async (): Promise<unknown> =>
      (
        await client.query<{ now: boolean }>(`select updated_at = now() as now from ${table} where id = $1`, [
          id,
        ])
      ).rows;
    await client.query(`update ${table} set ${column} = ${column}, updated_at = updated_at where id = $1`, [
      id,
    ]);
    expect(await isNow()).toEqual([{ now: false }]);
    await client.query(`update ${table} set ${column} = $1 where id = $2`, [value, id]);
    expect(await isNow()).toEqual([{ now: true }]);
    await client.query(`update ${table} set updated_at = $1 where id = $2`, [old, id]);
    expect(await isNow()).toEqual([{ now: true }]);
    await client.query('rollback');
  });
});

describe('a new month', () => {
  it.each(['chat_messages', 'user_activity_logs'])('of %s begins and ends at UTC midnight', async (table) => {
    await client.query(`set timezone = 'Asia/Seoul'`);
    const { rows } = await client.query(
      `select leaf::text, lower_bound = '2025-01-01 00:00:00+00' as lower, upper_bound = '2025-02-01 00:00:00+00' as upper
       from time_partitions($1)`,
      [table],
    );
    expect(rows).toEqual([{ leaf: `${table}_y2025m01`, lower: true, upper: true }]);
  });

  it('that nobody made does not refuse a row', async () => {
    await client.query('begin');
    const { user, room } = await insertParents(client);
    await client.query(
      `insert into chat_messages (room_id, sender_id, created_at) values ($1, $2, '2031-05-05T00:00:00Z')`,
      [room, user],
    );
    expect((await client.query('select from chat_messages_default')).rowCount).toBe(1);
    await client.query('rollback');
  });
});
