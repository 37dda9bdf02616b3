/**
 * Small pure predicates on pg-mem: hundreds of cases in milliseconds. Only what pg-mem does as PostgreSQL does. It compares
 * rows wrongly (`('p', 'q') > ('r', 'p')` is true to it), keeps milliseconds of a timestamptz (two instants a microsecond
 * apart are equal to it), cannot cast a timestamptz to text, and has no partitions, plpgsql or window functions: orders of
 * one direction, which are row comparisons, paging by time, the hot queries and all plans are tested on PostgreSQL.
 */
import fc from 'fast-check';
import { Kysely, PostgresDialect, type PostgresPool } from 'kysely';
import { newDb } from 'pg-mem';
import { afterAll, describe, expect, it } from 'vitest';
import { keysetPredicate } from '../../src/database/keyset.js';

interface Places {
  readonly places: { readonly a: string; readonly b: string; readonly c: string };
}

const memory = newDb();
memory.public.none('create table places (a text not null, b text not null, c text not null)');
const { Pool } = memory.adapters.createPg() as { Pool: new () => PostgresPool };
const db = new Kysely<Places>({ dialect: new PostgresDialect({ pool: new Pool() }) });
afterAll(() => db.destroy());

const letters = ['p', 'q', 'r'];
const all = letters.flatMap((a) => letters.flatMap((b) => letters.map((c) => ({ a, b, c }))));
await db.insertInto('places').values(all).execute();

type Place = (typeof all)[number];
type Order = readonly { readonly column: keyof Place; readonly direction: 'asc' | 'desc' }[];

function isBehind(row: Place, place: Place, order: Order): boolean {
  const decisive = order.find(({ column }) => row[column] !== place[column]);
  if (decisive === undefined) return false;
  return row[decisive.column] > place[decisive.column] === (decisive.direction === 'asc');
}

/** Of alternating directions: the predicate spells them out. */
const orders = fc
  .tuple(fc.shuffledSubarray(['a', 'b', 'c'] as const, { minLength: 1 }), fc.boolean())
  .map(([columns, descending]) =>
    columns.map((column, index) => ({
      column,
      direction: (index % 2 === 0) === descending ? ('desc' as const) : ('asc' as const),
    })),
  );

describe('the predicate of a keyset page', () => {
  it('takes the rows behind a place and no others, in every order of alternating directions', async () => {
    await fc.assert(
      fc.asyncProperty(orders, fc.constantFrom(...all), async (order: Order, place) => {
        const rows = await db
          .selectFrom('places')
          .selectAll()
          .where(
            keysetPredicate(
              order,
              order.map(({ column }) => place[column]),
            ),
          )
          .execute();
        const names = (found: readonly Place[]): string[] => found.map(({ a, b, c }) => a + b + c).sort();
        expect(names(rows)).toEqual(names(all.filter((row) => isBehind(row, place, order))));
      }),
      { numRuns: 300 },
    );
  });
});
