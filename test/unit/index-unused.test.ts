import { describe, expect, test } from 'vitest';
import { findUnusedIndexes } from '../../src/indexes/find-unused.js';
import type { LogicalIndex } from '../../src/indexes/index-catalog.js';
import type { UsageSnapshot } from '../../src/indexes/usage-snapshots.js';

const day = (number: number): Date => new Date(Date.UTC(2025, 0, number));

function index(name: string, fields: Partial<LogicalIndex> = {}): LogicalIndex {
  return {
    oid: name.length,
    schema: 'public',
    name,
    table: {
      oid: 1,
      schema: 'public',
      name: 't',
      partitioned: false,
      isPartition: false,
      estimatedRows: 1,
      owner: 'o',
    },
    method: 'btree',
    definition: '',
    unique: false,
    primary: false,
    exclusion: false,
    replicaIdentity: false,
    nullsNotDistinct: false,
    constraint: undefined,
    referenced: false,
    comment: undefined,
    keys: [
      {
        column: name,
        expression: undefined,
        opclassOid: 1,
        collationOid: 0,
        descending: false,
        nullsFirst: false,
      },
    ],
    include: [],
    predicate: undefined,
    options: [],
    valid: true,
    partitioned: false,
    leaves: [],
    missingOn: [],
    sizeBytes: 8192,
    scans: 0,
    tuplesRead: 0,
    ...fields,
  };
}

/** @param usage scans by leaf, by index */
function reading(
  takenAt: Date,
  usage: Readonly<Record<string, Readonly<Record<string, number>>>>,
  fields: Partial<UsageSnapshot> = {},
): UsageSnapshot {
  const entries = Object.entries(usage).map(([name, leaves]) => [`"public"."${name}"`, leaves] as const);
  return {
    server: 'primary',
    takenAt,
    countedSince: undefined,
    scans: new Map(entries.flatMap(([, leaves]) => Object.entries(leaves))),
    leaves: new Map(entries.map(([name, leaves]) => [name, Object.keys(leaves)])),
    ...fields,
  };
}

function unusedDays(snapshots: readonly UsageSnapshot[], minimumDays = 1): number | undefined {
  return findUnusedIndexes([index('i')], [], snapshots, { minimumDays })[0]?.unusedDays;
}

describe('findUnusedIndexes', () => {
  test('counts the observed days since the last scan', () => {
    const scans = [5, 5, 9, 9, 9];
    const snapshots = scans.map((count, position) => reading(day(1 + position * 10), { i: { a: count } }));
    expect(unusedDays(snapshots)).toBe(20);
  });

  test('says nothing before there are two readings, and of an index that the first does not have', () => {
    expect(unusedDays([reading(day(1), { i: { a: 0 } })], 0)).toBe(0);
    expect(unusedDays([], 0)).toBeUndefined();
    expect(
      unusedDays([reading(day(1), {}), reading(day(11), { i: { a: 0 } }), reading(day(21), { i: { a: 0 } })]),
    ).toBe(10);
  });

  test('takes a lifetime without scans for nothing: only the window counts', () => {
    const recent = [reading(day(1), { i: { a: 0 } }), reading(day(2), { i: { a: 0 } })];
    expect(findUnusedIndexes([index('i')], [], recent)).toEqual([]);
  });

  test('does not count what happened before a crash or a reset, nor takes the new beginning for a scan', () => {
    const before = reading(day(1), { i: { a: 7 } });
    const after = reading(day(31), { i: { a: 0 } }, { countedSince: day(21) });
    expect(unusedDays([before, after])).toBe(10);
    expect(
      unusedDays([before, reading(day(31), { i: { a: 7 } }, { countedSince: day(21) })]),
    ).toBeUndefined();
  });

  test('is not deceived when a partition with scans leaves', () => {
    expect(
      unusedDays([reading(day(1), { i: { old: 500, new: 0 } }), reading(day(11), { i: { new: 0 } })]),
    ).toBe(10);
    expect(
      unusedDays([reading(day(1), { i: { old: 500, new: 0 } }), reading(day(11), { i: { new: 500 } })]),
    ).toBeUndefined();
  });

  test('needs every server to agree', () => {
    const both = (used: number): UsageSnapshot[] =>
      ['primary', 'replica'].flatMap((server) => [
        reading(day(1), { i: { a: 0 } }, { server }),
        reading(day(41), { i: { a: server === 'replica' ? used : 0 } }, { server }),
      ]);
    expect(unusedDays(both(0))).toBe(40);
    expect(unusedDays(both(1))).toBeUndefined();
  });

  test('leaves out what a constraint, the replica identity or a foreign key needs', () => {
    const snapshots = [
      reading(day(1), { i: { a: 0 }, j: { b: 0 } }),
      reading(day(61), { i: { a: 0 }, j: { b: 0 } }),
    ];
    const foreignKey = {
      name: 'fk',
      table: { oid: 1, schema: 'public', name: 't', partitioned: false },
      columns: ['i'],
      referenced: { schema: 'public', name: 'p' },
      onDelete: 'cascade',
      estimatedRows: undefined,
    } as const;
    for (const fields of [
      { unique: true },
      { constraint: 'c' },
      { replicaIdentity: true },
      { exclusion: true },
    ]) {
      expect(findUnusedIndexes([index('i', fields)], [], snapshots)).toEqual([]);
    }
    const wide = index('j', { sizeBytes: 16_384, keys: [...index('i').keys, ...index('j').keys] });
    expect(findUnusedIndexes([index('i')], [foreignKey], snapshots)).toEqual([]);
    expect(
      findUnusedIndexes([index('i'), wide], [foreignKey], snapshots).map(({ index: { name } }) => name),
    ).toEqual(['j']);
  });
});
