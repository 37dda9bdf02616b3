import fc from 'fast-check';
import { sql } from 'kysely';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../src/database/create-database.js';
import { keysetPage, type KeysetOptions } from '../../src/database/keyset.js';
import { useDatabase } from '../support/database.js';
import { openDatabase } from '../support/open-database.js';

const test = useDatabase();

interface Sample {
  readonly name: string;
  readonly value: number;
  /** Microseconds after the first second of 2025. */
  readonly micros: number;
}

let database: Database;
beforeEach(() => {
  database = openDatabase(test.url);
});

async function fill(samples: readonly Sample[]): Promise<void> {
  await sql`truncate system_metrics restart identity`.execute(database.primary);
  await sql`
    insert into system_metrics (metric_name, metric_value, recorded_at)
    select s.name, s.value, timestamptz '2025-01-01 00:00:01+00' + s.micros * interval '1 microsecond'
    from jsonb_to_recordset(${JSON.stringify(samples)}::jsonb) as s (name text, value numeric, micros bigint)`.execute(
    database.primary,
  );
}

const metrics = () => database.primary.selectFrom('system_metrics').select('id');
type Options = KeysetOptions<'id' | 'metric_name' | 'metric_value' | 'recorded_at'>;
type Order = Options['order'];

async function allPages(order: Order, limit: number, way: 'next' | 'previous'): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | undefined;
  // Backward reading begins behind the last row: at the page that a forward reading ends with.
  if (way === 'previous') {
    const last = await expectedIds(order);
    let after: string | undefined;
    for (;;) {
      const page = await keysetPage(metrics(), { order, limit, after });
      if (page.next === undefined) {
        ids.unshift(...page.rows.map(({ id }) => id));
        cursor = page.previous;
        break;
      }
      after = page.next;
    }
    if (last.length === 0) return ids;
  }
  for (let pages = 0; pages < 1_000; pages++) {
    if (way === 'previous' && cursor === undefined) return ids;
    const page = await keysetPage(metrics(), {
      order,
      limit,
      ...(way === 'next' ? { after: cursor } : { before: cursor }),
    });
    const found = page.rows.map(({ id }) => id);
    if (way === 'next') ids.push(...found);
    else ids.unshift(...found);
    cursor = page[way];
    if (cursor === undefined) return ids;
  }
  throw new Error('the pages do not end');
}

async function expectedIds(order: Order): Promise<string[]> {
  const terms = order.map(({ column, direction }) => sql`${sql.ref(column)} ${sql.raw(direction)}`);
  const { rows } = await sql<{
    id: string;
  }>`select id from system_metrics order by ${sql.join(terms)}`.execute(database.primary);
  return rows.map(({ id }) => id);
}

const direction = fc.constantFrom('asc' as const, 'desc' as const);
const orders = fc
  .tuple(
    fc.subarray(['recorded_at', 'metric_name', 'metric_value'] as const),
    fc.array(direction, { minLength: 4, maxLength: 4 }),
  )
  .map(([columns, directions]): Order => {
    const named = [...columns, 'id' as const].map((column, index) => ({
      column,
      direction: directions[index] ?? 'asc',
    }));
    const [first = { column: 'id' as const, direction: 'asc' as const }, ...rest] = named;
    return [first, ...rest];
  });
/** Few values, so that most rows tie with others in most columns, and timestamps that are one microsecond apart. */
const samples = fc.array(
  fc.record({
    name: fc.constantFrom('', 'a', 'A', '한국어', `quote ' " \\ {},`, 'a b'),
    value: fc.constantFrom(0, -1.5, 12_345_678.9012),
    micros: fc.integer({ min: 0, max: 3 }),
  }),
  { maxLength: 40 },
);

describe('keysetPage', () => {
  it('gives every row exactly once and in order, forward and backward, whatever ties', async () => {
    await fc.assert(
      fc.asyncProperty(samples, orders, fc.integer({ min: 1, max: 7 }), async (rows, order, limit) => {
        await fill(rows);
        const expected = await expectedIds(order);
        expect(await allPages(order, limit, 'next')).toEqual(expected);
        expect(await allPages(order, limit, 'previous')).toEqual(expected);
      }),
      { numRuns: 40 },
    );
  });

  it('loses nothing among 5,000 rows of 10 microseconds, where milliseconds would lose most', async () => {
    await fill(Array.from({ length: 5_000 }, (_, n) => ({ name: 'm', value: n, micros: n % 10 })));
    const order: Order = [
      { column: 'recorded_at', direction: 'desc' },
      { column: 'id', direction: 'desc' },
    ];
    const ids = await allPages(order, 333, 'next');
    expect(new Set(ids).size).toBe(5_000);
    expect(ids).toEqual(await expectedIds(order));
  });

  it('neither repeats nor hides rows when others come and go in between', async () => {
    await fill(Array.from({ length: 10 }, (_, n) => ({ name: 'm', value: n, micros: n })));
    const order: Order = [{ column: 'id', direction: 'asc' }];
    const first = await keysetPage(metrics(), { order, limit: 4 });
    await sql`delete from system_metrics where id in (1, 4)`.execute(database.primary);
    const second = await keysetPage(metrics(), { order, limit: 4, after: first.next });
    expect(second.rows).toEqual(['5', '6', '7', '8'].map((id) => ({ id })));
    const back = await keysetPage(metrics(), { order, limit: 4, before: second.previous });
    expect(back.rows).toEqual(['2', '3'].map((id) => ({ id })));
    expect(back.previous).toBeUndefined();
    expect(back.next).toBeDefined();
  });

  it('returns the columns that were selected and no other', async () => {
    await fill([{ name: 'm', value: 1, micros: 0 }]);
    const { rows, next, previous } = await keysetPage(metrics(), {
      order: [
        { column: 'recorded_at', direction: 'asc' },
        { column: 'id', direction: 'asc' },
      ],
      limit: 10,
    });
    expect(rows).toEqual([{ id: '1' }]);
    expect([next, previous]).toEqual([undefined, undefined]);
  });

  it('pages through joins, by qualified columns', async () => {
    await fill([1, 2, 3].map((value) => ({ name: 'm', value, micros: 0 })));
    const joined = database.primary
      .selectFrom('system_metrics as a')
      .innerJoin('system_metrics as b', 'b.id', 'a.id')
      .select(['a.id as left', 'b.id as right']);
    const order = [
      { column: 'a.recorded_at', direction: 'desc' },
      { column: 'a.id', direction: 'desc' },
    ] as const;
    const first = await keysetPage(joined, { order, limit: 2 });
    const second = await keysetPage(joined, { order, limit: 2, after: first.next });
    expect([...first.rows, ...second.rows].map(({ left }) => left)).toEqual(['3', '2', '1']);
  });

  it('reads a page of one direction by one range of an index', async () => {
    await fill([{ name: 'm', value: 1, micros: 0 }]);
    const order: Order = [
      { column: 'recorded_at', direction: 'desc' },
      { column: 'id', direction: 'desc' },
    ];
    const seen: string[] = [];
    const watched = openDatabase(test.url, {
      onSlowQuery: (event) => void seen.push(event.sql),
      slowQueryMs: 0,
    });
    const { rows } = await keysetPage(metrics(), { order, limit: 1 });
    expect(rows).toHaveLength(1);
    await fill([1, 2].map((value) => ({ name: 'm', value, micros: 0 })));
    const query = watched.primary.selectFrom('system_metrics').select('id');
    const first = await keysetPage(query, { order, limit: 1 });
    await keysetPage(query, { order, limit: 1, after: first.next });
    expect(seen.at(-1)).toContain(
      'where ("recorded_at", "id") < ($1, $2) order by "recorded_at" desc, "id" desc limit $3',
    );
  });

  it('refuses a column that is not there at compile time', () => {
    const page = () =>
      // @ts-expect-error there is no such column
      keysetPage(metrics(), { order: [{ column: 'recoded_at', direction: 'asc' }], limit: 1 });
    expect(page).toBeTypeOf('function');
  });
});

describe('a cursor', () => {
  const order: Order = [
    { column: 'recorded_at', direction: 'desc' },
    { column: 'id', direction: 'desc' },
  ];

  async function cursor(): Promise<string> {
    await fill([1, 2].map((value) => ({ name: 'm', value, micros: 0 })));
    return (await keysetPage(metrics(), { order, limit: 1 })).next ?? '';
  }

  it('goes into a URL as it is', async () => {
    expect(await cursor()).toMatch(/^[\w-]+$/);
  });

  it.each([
    ['empty text', ''],
    ['no base64url', 'ä'],
    ['another version', Buffer.from(['2025-01-01', '1', '2.abcdefgh'].join('\0')).toString('base64url')],
    ['something else', Buffer.from('{"a":1}').toString('base64url')],
    ['too long a text', 'a'.repeat(10_000)],
  ])('is refused when it is %s', async (_, text) => {
    await expect(keysetPage(metrics(), { order, limit: 1, after: text })).rejects.toMatchObject({
      name: 'UsageError',
      code: 'CURSOR_INVALID',
    });
  });

  it('is refused when it was cut, wherever that was', async () => {
    const after = await cursor();
    for (let length = 1; length < after.length; length++)
      await expect(
        keysetPage(metrics(), { order, limit: 1, after: after.slice(0, length) }),
      ).rejects.toMatchObject({ code: 'CURSOR_INVALID' });
  });

  it('is refused when it is of another order', async () => {
    const after = await cursor();
    const ascending: Order = [
      { column: 'recorded_at', direction: 'asc' },
      { column: 'id', direction: 'desc' },
    ];
    await expect(keysetPage(metrics(), { order: ascending, limit: 1, after })).rejects.toMatchObject({
      code: 'CURSOR_INVALID',
      detail: 'It was made for another order.',
    });
  });

  it.each([
    ['no date', ['yesterday-ish', '1']],
    ['a date that is none', ['2025-02-30 00:00:00+00', '1']],
    ['no number', ['2025-01-01 00:00:00+00', '1; drop table users']],
    ['too great a number', ['2025-01-01 00:00:00+00', '99999999999999999999']],
    ['a NUL', ['2025-01-01\u0000', '1']],
    ['too few values', ['2025-01-01 00:00:00+00']],
    ['too many values', ['2025-01-01 00:00:00+00', '1', '1']],
  ])('is refused when somebody put %s into it', async (_, values) => {
    const signature =
      Buffer.from(await cursor(), 'base64url')
        .toString()
        .split('\0')
        .at(-1) ?? '';
    const after = Buffer.from([...values, signature].join('\0')).toString('base64url');
    await expect(keysetPage(metrics(), { order, limit: 1, after })).rejects.toMatchObject({
      code: 'CURSOR_INVALID',
    });
  });

  it('cannot be made from a null, and says which column it is', async () => {
    const { rows } = await sql`insert into users (email, english_name, birth_date)
      values ('a@x.com', 'A', '2000-01-01'), ('b@x.com', 'B', '2000-01-01') returning id`.execute(
      database.primary,
    );
    expect(rows).toHaveLength(2);
    const users = database.primary.selectFrom('users').select('id');
    await expect(
      keysetPage(users, {
        order: [
          { column: 'gender', direction: 'asc' },
          { column: 'id', direction: 'asc' },
        ],
        limit: 1,
      }),
    ).rejects.toMatchObject({ code: 'KEYSET_NULL', message: 'gender of the order is null' });
  });

  it.each([
    [{ limit: 0 }, 'limit is 0'],
    [{ limit: 1.5 }, 'limit is 1.5'],
    [{ limit: 1_001 }, 'limit is 1001'],
    [{ limit: 1, after: 'a', before: 'b' }, 'exclude each other'],
  ])('comes with options that make sense: %o is refused', async (options, detail) => {
    const page = keysetPage(metrics(), { order: [{ column: 'id', direction: 'asc' }], ...options });
    await expect(page).rejects.toMatchObject({
      code: 'USAGE_INVALID_OPTION',
      detail: expect.stringContaining(detail) as string,
    });
  });
});
