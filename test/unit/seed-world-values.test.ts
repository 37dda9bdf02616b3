import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { planSeed } from '../../seeds/plan-seed.js';
import { profiles } from '../../seeds/profiles.js';
import type { ResolvedSeedOptions, SeedPlan } from '../../seeds/seed-plan.js';
import type { SeedTable, SeedValue } from '../../seeds/seed-table.js';
import { drawFor, permute } from '../../seeds/world/draw.js';

const tiny: ResolvedSeedOptions = {
  profile: 'tiny',
  ...profiles.tiny,
  seed: 42,
  referenceDate: new Date(Date.UTC(2026, 0, 1)),
  locales: ['ko', 'en'],
};
const small: ResolvedSeedOptions = { ...tiny, users: 80, messages: 2_500, months: 5 };

function shown(value: SeedValue): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString();
  return Array.isArray(value) ? value.map((item: string | Uint8Array) => shown(item)) : value;
}

function rowOf(table: SeedTable, row: number): unknown[] {
  table.prepare?.(row);
  return Object.values(table.columns).map((get) => shown(get(row)));
}

function hashOf(plan: SeedPlan, tables = plan.tables): string {
  const hash = createHash('sha256');
  for (const table of tables) {
    hash.update(`${table.table} ${Object.keys(table.columns).join(' ')} ${table.rowCount}\n`);
    for (let row = 0; row < table.rowCount; row++) hash.update(`${JSON.stringify(rowOf(table, row))}\n`);
  }
  return hash.digest('hex');
}

const named = (plan: SeedPlan, name: string): SeedTable =>
  plan.tables.find(({ table }) => table === name) as SeedTable;

describe('a world', () => {
  /**
   * Changes with every change of a generator or of the vocabulary; then the generator version must go up. It must not
   * change for any other reason: another machine, another Node, another order of asking.
   */
  test('has the same bytes everywhere', () => {
    expect(hashOf(planSeed(tiny))).toMatchInlineSnapshot(
      `"d02c55231b71fc0e550748e260e6605563d6a4557e61e45bdf3dcf016ee79538"`,
    );
  });

  test('has other rows with another seed, as many users and messages', () => {
    const [one, other] = [planSeed(tiny), planSeed({ ...tiny, seed: 43 })];
    for (const { table } of one.tables) {
      const tables = [named(one, table), named(other, table)] as const;
      if (table !== 'system_metrics') expect(hashOf(one, [tables[0]])).not.toBe(hashOf(other, [tables[1]]));
    }
    expect(named(other, 'users').rowCount).toBe(tiny.users);
    expect(named(other, 'chat_messages').rowCount).toBe(tiny.messages);
  });

  test('gives a row the same values whatever was asked for before', () => {
    const [inOrder, shuffled] = [planSeed(small), planSeed(small)];
    for (const table of inOrder.tables) {
      const other = named(shuffled, table.table);
      expect([table.table, other.rowCount]).toEqual([table.table, table.rowCount]);
      const expected = Array.from({ length: table.rowCount }, (_, row) => JSON.stringify(rowOf(table, row)));
      const wrong = expected.flatMap((_, nth) => {
        const row = permute(table.rowCount, 99, nth);
        const found = JSON.stringify(rowOf(other, row));
        return found === expected[row] ? [] : [{ row, found, expected: expected[row] }];
      });
      expect([table.table, wrong.slice(0, 3)]).toEqual([table.table, []]);
    }
  }, 30_000);

  test('makes any table alone, with no other looked at before', () => {
    const all = planSeed(small);
    for (const table of all.tables) hashOf(all, [table]);
    for (const { table } of all.tables) {
      const alone = planSeed(small);
      expect([table, hashOf(alone, [named(alone, table)])]).toEqual([
        table,
        hashOf(all, [named(all, table)]),
      ]);
    }
  });

  test('has ids from 1 on and a value in each column', () => {
    for (const table of planSeed(small).tables)
      for (let row = 0; row < table.rowCount; row++) {
        const values = rowOf(table, row);
        if (values[0] !== row + 1 || values.includes(undefined))
          expect.fail(`${table.table} ${row}: ${JSON.stringify(values)}`);
      }
  });

  test('puts every message and activity into the month of its instant', () => {
    const plan = planSeed(small);
    for (const name of ['chat_messages', 'user_activity_logs']) {
      const table = named(plan, name);
      const months = table.months ?? [];
      expect(months.map(({ month }) => month.toISOString().slice(0, 7))).toEqual([
        '2025-08',
        '2025-09',
        '2025-10',
        '2025-11',
        '2025-12',
      ]);
      expect(months[0]?.fromRow).toBe(0);
      expect(months.at(-1)?.toRow).toBe(table.rowCount);
      for (const [index, { month, fromRow, toRow }] of months.entries()) {
        expect(months[index + 1]?.fromRow ?? toRow).toBe(toRow);
        for (let row = fromRow; row < toRow; row++) {
          table.prepare?.(row);
          const instant = new Date(Date.UTC(2000, 0, 1) + Number(table.columns['created_at']?.(row)) / 1_000);
          if (instant.toISOString().slice(0, 7) !== month.toISOString().slice(0, 7))
            expect.fail(`${name} ${row}: ${instant.toISOString()}`);
        }
      }
    }
  });

  test('can be of two people, without or with few messages, of English speakers only, or of one month', () => {
    for (const options of [
      { ...tiny, users: 2, messages: 0, months: 1 },
      { ...tiny, users: 2, messages: 1 },
      { ...tiny, users: 200, messages: 30 },
      { ...tiny, locales: ['en'] as const },
      { ...tiny, users: 3, messages: 2_000, months: 1, referenceDate: new Date(Date.UTC(2024, 1, 29)) },
    ])
      for (const table of planSeed(options).tables)
        for (let row = 0; row < table.rowCount; row++)
          if (rowOf(table, row).some((value) => Number.isNaN(value) || value === undefined))
            expect.fail(`${table.table} ${row}: ${JSON.stringify(rowOf(table, row))}`);
  });
});

describe('draws', () => {
  test('for one name do not depend on other names', () => {
    const before = [0, 1, 2].map((row) => drawFor(42, 'users.gender').bits(row));
    drawFor(42, 'users.new_column').bits(0);
    expect([0, 1, 2].map((row) => drawFor(42, 'users.gender').bits(row))).toEqual(before);
    expect(drawFor(42, 'users.gender').bits(0)).not.toBe(drawFor(42, 'users.email').bits(0));
  });

  test('are spread evenly, also over salts and neighbouring rows', () => {
    const draw = drawFor(42, 'test.even');
    for (const at of [
      (n: number) => draw.unit(n),
      (n: number) => draw.unit(7, n),
      (n: number) => draw.unit(n, n % 5),
    ]) {
      const counts = new Array<number>(16).fill(0);
      for (let n = 0; n < 16_000; n++)
        counts[Math.floor(at(n) * 16)] = (counts[Math.floor(at(n) * 16)] ?? 0) + 1;
      expect(Math.min(...counts)).toBeGreaterThan(850);
      expect(Math.max(...counts)).toBeLessThan(1_150);
    }
  });

  test('of waiting times have the mean 1 and a long tail', () => {
    const draw = drawFor(42, 'test.wait');
    const waits = Array.from({ length: 20_000 }, (_, row) => draw.wait(row));
    expect(waits.reduce((sum, wait) => sum + wait, 0) / waits.length).toBeCloseTo(1, 1);
    for (const row of [0, 1, 2, 3])
      expect(draw.wait(row)).toBeCloseTo(-Math.log((draw.bits(row) + 0.5) / 2 ** 32), 6);
  });

  test.each([1, 2, 3, 10, 1_000, 4_097])('of a permutation of %i give each number once', (count) => {
    const seen = new Set(Array.from({ length: count }, (_, index) => permute(count, 5, index)));
    expect([seen.size, Math.min(...seen), Math.max(...seen)]).toEqual([count, 0, count - 1]);
  });
});
