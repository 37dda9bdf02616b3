import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resolveCutoff } from '../../src/archive/cutoff.js';
import { coverage, decideActions, type ArchiveSituation } from '../../src/archive/decide-actions.js';
import { addMonths, monthOf, monthSuffix } from '../../src/partitioning/month.js';
import type { Partition, PartitionSet } from '../../src/partitioning/partition-set.js';

const NOW = new Date('2026-03-20T15:00:00Z');
const monthAt = (index: number): Date => addMonths(monthOf(NOW), -24 + index);

function setOf(table: string, months: readonly number[]): PartitionSet {
  const relation = { oid: 0, schema: 'public', estimatedRows: undefined, sizeBytes: undefined };
  const partitions = [...months]
    .sort((a, b) => a - b)
    .map((index): Partition => {
      const [lowerBound, upperBound] = [monthAt(index), monthAt(index + 1)];
      const name = `${table}_${monthSuffix(lowerBound)}`;
      return { ...relation, name, lowerBound, upperBound, month: lowerBound, detachPending: false };
    });
  const defaultPartition = { ...relation, name: `${table}_default` };
  return { oid: 1, schema: 'public', table, controlColumn: 'created_at', defaultPartition, partitions };
}

/** Any distribution of months over live, archive, both and neither; late rows in months that are not live. */
const situations: fc.Arbitrary<ArchiveSituation> = fc
  .record({
    places: fc.array(fc.constantFrom('live', 'archive', 'both', 'none'), { minLength: 24, maxLength: 24 }),
    late: fc.uniqueArray(fc.nat(23)),
    cutoff: fc.date({ min: monthAt(0), max: monthOf(NOW), noInvalidDate: true }),
    granularity: fc.constantFrom('month' as const, 'day' as const),
  })
  .map(({ places, late, cutoff, granularity }) => {
    const months = (...wanted: string[]): number[] =>
      places.flatMap((place, index) => (wanted.includes(place) ? [index] : []));
    const live = months('live', 'both');
    return {
      live: setOf('m', live),
      archive: setOf('m_archive', months('archive', 'both')),
      lateMonths: late.filter((index) => !live.includes(index)).map(monthAt),
      cutoff,
      granularity,
      now: NOW,
    };
  });

describe('what archiving decides', () => {
  it('never gives a range a second archive partition, and never moves a row that is not old', () => {
    fc.assert(
      fc.property(situations, (situation) => {
        const { archive, cutoff } = situation;
        const taken: Date[] = [];
        for (const action of decideActions(situation)) {
          if (action.kind === 'refused') throw action.error;
          if (action.kind === 'swap') {
            const { lowerBound, upperBound } = action.partition;
            expect(coverage(archive, lowerBound, upperBound)).toBe('none');
            expect(upperBound?.getTime()).toBeLessThanOrEqual(cutoff.getTime());
            taken.push(lowerBound ?? NOW);
            continue;
          }
          if (action.make !== undefined) {
            expect(coverage(archive, action.make, addMonths(action.make, 1))).toBe('none');
            taken.push(action.make);
          }
          const before = action.before ?? (action.kind === 'move' ? action.partition.upperBound : undefined);
          const archivedBefore =
            action.kind === 'drain' && action.month >= cutoff && action.make === undefined;
          if (!archivedBefore) expect(before?.getTime()).toBeLessThanOrEqual(cutoff.getTime());
        }
        expect(new Set(taken.map(Number)).size).toBe(taken.length);
      }),
    );
  });

  it('leaves nothing older than the cutoff live by day, and no whole month by month', () => {
    fc.assert(
      fc.property(situations, (situation) => {
        const { live, cutoff, granularity, lateMonths } = situation;
        const actions = decideActions(situation);
        const due = live.partitions.filter(({ lowerBound, upperBound }) =>
          granularity === 'day' ? (lowerBound ?? NOW) < cutoff : (upperBound ?? NOW) <= cutoff,
        );
        expect(actions.filter(({ kind }) => kind !== 'drain').map(({ partition }) => partition.name)).toEqual(
          due.map(({ name }) => name),
        );
        const drained = actions.flatMap((action) =>
          action.kind === 'drain' ? [action.month.getTime()] : [],
        );
        for (const month of lateMonths) {
          if (addMonths(month, 1) <= cutoff || (granularity === 'day' && month < cutoff)) {
            expect(drained).toContain(month.getTime());
          }
        }
      }),
    );
  });

  it('finds a range covered by several partitions, and one with a gap not', () => {
    const archive = setOf('a', [3, 4, 6]);
    expect(coverage(archive, monthAt(3), monthAt(5))).toBe('all');
    expect(coverage(archive, monthAt(3), monthAt(7))).toBe('part');
    expect(coverage(archive, monthAt(5), monthAt(6))).toBe('none');
    expect(coverage(archive, monthAt(2), monthAt(4))).toBe('part');
  });
});

describe('the cutoff', () => {
  const cutoff = (olderThan: string | undefined, now = NOW): string =>
    resolveCutoff(olderThan, { now, retentionMonths: 6 }).toISOString();

  it.each([
    [undefined, '2025-09-20T00:00:00.000Z'],
    ['6 months', '2025-09-20T00:00:00.000Z'],
    ['1 month', '2026-02-20T00:00:00.000Z'],
    ['180 days', '2025-09-21T00:00:00.000Z'],
    ['26 Weeks', '2025-09-19T00:00:00.000Z'],
    ['2 years', '2024-03-20T00:00:00.000Z'],
    ['2025-03-01', '2025-03-01T00:00:00.000Z'],
    ['2026-03-01', '2026-03-01T00:00:00.000Z'],
  ])('of %s counts from the start of the UTC day', (text, expected) => {
    expect(cutoff(text)).toBe(expected);
  });

  it('is the last day of a shorter month, as PostgreSQL counts', () => {
    expect(cutoff('6 months', new Date('2025-08-31T10:00:00Z'))).toBe('2025-02-28T00:00:00.000Z');
  });

  it.each([
    '0 days',
    '18 days',
    '2026-03-02',
    '2030-01-01',
    '-6 months',
    '6',
    'months',
    '2025-02-30',
    '2025-3-1',
    '',
  ])('refuses «%s»', (text) => {
    expect(() => cutoff(text)).toThrow(expect.objectContaining({ code: 'USAGE_INVALID_OPTION' }));
  });

  it('refuses a date that is none', () => {
    expect(() => resolveCutoff(new Date('never'), { now: NOW, retentionMonths: 6 })).toThrow(
      'not a valid date',
    );
  });
});
