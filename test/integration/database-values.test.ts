import { sql } from 'kysely';
import pg from 'pg';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { useDatabase } from '../support/database.js';
import { openDatabase } from '../support/open-database.js';

const test = useDatabase();

const zone = process.env['TZ'];
afterEach(() => {
  if (zone === undefined) delete process.env['TZ'];
  else process.env['TZ'] = zone;
});

const everything = sql<Record<string, unknown>>`
  select 9007199254740993::int8 as int8, array[9007199254740993, null]::int8[] as int8s,
    12345678901234567890.12::numeric as numeric, array[0.10, null, 1e-4]::numeric[] as numerics,
    '2000-03-26'::date as date, array['2000-03-26', null]::date[] as dates, 'infinity'::date as no_date,
    '2025-01-01 00:00:00.123456+00'::timestamptz as instant,
    array['2025-01-01 00:00:00.123+00', null]::timestamptz[] as instants,
    'infinity'::timestamptz as never, '-infinity'::timestamptz as ever,
    array['a', null, 'NULL', 'b,c', 'd"e', 'f\\g', '']::text[] as texts, '{}'::text[] as none,
    array['x']::varchar[] as varchars, array[1, null]::int4[] as int4s, array[true]::bool[] as bools,
    '1 day 02:03:04.5'::interval as interval, array['1 day']::interval[] as intervals,
    '192.168.0.1'::inet as inet, '{"n": [1, null]}'::jsonb as jsonb, array['{"n": 1}']::jsonb[] as jsonbs,
    1.5::float8 as float8, 'NaN'::float8 as nan, null::int8 as nothing`;

const expected = {
  int8: '9007199254740993',
  int8s: ['9007199254740993', null],
  numeric: '12345678901234567890.12',
  numerics: ['0.10', null, '0.0001'],
  date: '2000-03-26',
  dates: ['2000-03-26', null],
  no_date: 'infinity',
  instant: new Date('2025-01-01T00:00:00.123Z'),
  instants: [new Date('2025-01-01T00:00:00.123Z'), null],
  never: Infinity,
  ever: -Infinity,
  texts: ['a', null, 'NULL', 'b,c', 'd"e', 'f\\g', ''],
  none: [],
  varchars: ['x'],
  int4s: [1, null],
  bools: [true],
  interval: '1 day 02:03:04.5',
  intervals: ['1 day'],
  inet: '192.168.0.1',
  jsonb: { n: [1, null] },
  jsonbs: [{ n: 1 }],
  float8: 1.5,
  nan: NaN,
  nothing: null,
};

describe('values of the server', () => {
  it.each(['UTC', 'Asia/Tokyo', 'America/Los_Angeles'])(
    'are the same where the time zone is %s',
    async (timeZone) => {
      process.env['TZ'] = timeZone;
      const database = openDatabase(test.url);
      for (const side of [database.primary, database.read]) {
        expect((await everything.execute(side)).rows).toEqual([expected]);
      }
    },
  );

  it('come back as they were sent: a birthday stays the same day', async () => {
    process.env['TZ'] = 'Asia/Tokyo';
    const database = openDatabase(test.url);
    const sent = {
      email: 'haru@example.com',
      english_name: 'Haru',
      birth_date: '2000-03-26',
      created_at: new Date('2025-01-01T00:00:00.123Z'),
    };
    const { id } = await database.primary
      .insertInto('users')
      .values(sent)
      .returning('id')
      .executeTakeFirstOrThrow();
    const got = await database.read
      .selectFrom('users')
      .select(['email', 'english_name', 'birth_date', 'created_at'])
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    expect(got).toEqual(sent);
    expect(JSON.parse(JSON.stringify(got))).toMatchObject({ birth_date: '2000-03-26' });
  });

  it('are read the same whatever formats the role prefers', async () => {
    const client = await test.connect();
    await client.query(`alter role current_user in database ${test.name} set datestyle = 'German'`);
    await client.query(`alter role current_user in database ${test.name} set timezone = 'Asia/Seoul'`);
    onTestFinished(async () => {
      await client.query(`alter role current_user in database ${test.name} reset all`);
    });
    expect((await everything.execute(openDatabase(test.url).primary)).rows).toEqual([expected]);
  });

  it('are read by the pool alone: other pools of the process keep the parsers of pg', async () => {
    await everything.execute(openDatabase(test.url).primary);
    const stock = new pg.Client({ connectionString: test.url });
    await stock.connect();
    const { rows } = await stock.query<{ date: unknown; numerics: unknown }>(
      `select '2000-03-26'::date as date, array[0.1] as numerics`,
    );
    await stock.end();
    expect(rows[0]?.date).toBeInstanceOf(Date);
    expect(rows[0]?.numerics).toEqual([0.1]);
  });
});
