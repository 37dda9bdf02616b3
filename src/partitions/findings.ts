import { addMonths, formatMonth, monthOf } from '../partitioning/month.js';
import type { Partition } from '../partitioning/partition-set.js';
import { partitionName } from '../partitioning/partition-name.js';
import { covers, overlaps, type PartitionState } from './plan-rollover.js';
import type { IndexTrouble } from './read-index-trouble.js';

/** Something that is not as the policy wants it, or that somebody should look at. */
export interface PartitionFinding {
  readonly finding:
    | 'default missing'
    | 'default not empty'
    | 'premake short'
    | 'gap'
    | 'overlap'
    | 'bound not a month'
    | 'name and bound differ'
    | 'detach pending'
    | 'detached table'
    | 'index missing'
    | 'index invalid';
  /** Schema-qualified: the table, partition or index it is about. */
  readonly object: string;
  readonly detail: string;
  /** A full sentence: how to fix it. */
  readonly hint: string;
}

export interface FindingInput extends PartitionState {
  readonly indexTrouble: readonly IndexTrouble[];
  /** Tables called like partitions that are none; schema-qualified. */
  readonly detachedTables: readonly string[];
}

/** Pure: what is off about one table and its archive, the gravest first. */
export function findTrouble(input: FindingInput): readonly PartitionFinding[] {
  const { live, archive } = input;
  const partitions = [...live.partitions, ...archive.partitions];
  return [
    ...defaultTrouble(input),
    ...monthTrouble(input),
    ...partitions.filter(({ detachPending }) => detachPending).map(pendingDetach),
    ...live.partitions.flatMap((partition) => boundTrouble(live.table, partition)),
    ...archive.partitions.flatMap((partition) => boundTrouble(archive.table, partition)),
    ...overlapTrouble(input),
    ...input.detachedTables.map((object): PartitionFinding => ({
      finding: 'detached table',
      object,
      detail: 'It is called like a partition and is none: no query of the table sees its rows.',
      hint: 'Attach it if its rows belong there, else rename or drop it; a month of its name cannot be made.',
    })),
    ...input.indexTrouble.map(({ trouble, object, index }): PartitionFinding => ({
      finding: trouble,
      object,
      detail:
        trouble === 'index missing'
          ? `It has no partition of the index ${index}.`
          : `Its part of the index ${index} is not valid.`,
      hint: 'Heal it with «studymate-db index heal», or build and attach it by hand.',
    })),
  ];
}

function defaultTrouble({ live, defaultRows }: FindingInput): readonly PartitionFinding[] {
  const table = `${live.schema}.${live.table}`;
  const { defaultPartition } = live;
  if (defaultPartition === undefined) {
    return [
      {
        finding: 'default missing',
        object: table,
        detail: 'There is no default partition: a row of a month that was not made is refused.',
        hint: `Make one again: create table … (like ${table} including all), then alter table ${table} attach partition … default.`,
      },
    ];
  }
  return defaultRows.map(({ month, rows }) => ({
    finding: 'default not empty',
    object: `${defaultPartition.schema}.${defaultPartition.name}`,
    detail: `${rows} rows of ${month === undefined ? 'no month: at infinity, before the year 1 or after 9999' : formatMonth(month)}`,
    hint:
      month === undefined
        ? 'Correct their time, and they move to their month.'
        : 'Move them to their month with «studymate-db partition drain».',
  }));
}

function monthTrouble({ live, archive, policy, now }: FindingInput): readonly PartitionFinding[] {
  const object = `${live.schema}.${live.table}`;
  const current = monthOf(now);
  const usable = live.partitions.filter(({ detachPending }) => !detachPending);
  const missing = (month: Date): boolean =>
    !covers(usable, month) &&
    !(month < current && archive.partitions.some((partition) => overlaps(partition, month)));
  const range = (from: number, to: number): string =>
    Array.from({ length: to - from + 1 }, (_, index) => addMonths(current, from + index))
      .filter(missing)
      .map(formatMonth)
      .join(', ');
  const hint = 'Make them with «studymate-db partition rollover», and let cron run it every day.';
  const gaps = range(-policy.retentionMonths, 0);
  const ahead = range(1, policy.premakeMonths);
  return [
    ...(ahead === ''
      ? []
      : [
          {
            finding: 'premake short' as const,
            object,
            detail: `not made of the ${policy.premakeMonths} months ahead: ${ahead}`,
            hint,
          },
        ]),
    ...(gaps === '' ? [] : [{ finding: 'gap' as const, object, detail: `no partition for ${gaps}`, hint }]),
  ];
}

function pendingDetach({ schema, name }: Partition): PartitionFinding {
  return {
    finding: 'detach pending',
    object: `${schema}.${name}`,
    detail: 'A DETACH CONCURRENTLY began and did not finish: its rows are seen in neither table.',
    hint: 'Finish it with «alter table … detach partition … finalize», then attach it again or archive it.',
  };
}

function boundTrouble(
  table: string,
  { schema, name, month, lowerBound, upperBound }: Partition,
): readonly PartitionFinding[] {
  const object = `${schema}.${name}`;
  if (month === undefined) {
    const from = lowerBound?.toISOString() ?? 'minvalue';
    return [
      {
        finding: 'bound not a month',
        object,
        detail: `from ${from} to ${upperBound?.toISOString() ?? 'maxvalue'}`,
        hint: 'A drain that was interrupted leaves a part of a month, and the next rollover finishes it; else detach it and move its rows.',
      },
    ];
  }
  const expected = partitionName(table, month);
  if (name === expected) return [];
  return [
    {
      finding: 'name and bound differ',
      object,
      detail: `holds ${formatMonth(month)}`,
      hint: `Rename it to ${expected}.`,
    },
  ];
}

/** The month that the retention ends in may have rows on both sides; no other. */
function overlapTrouble({ live, archive, policy, now }: FindingInput): readonly PartitionFinding[] {
  const boundary = addMonths(monthOf(now), -policy.retentionMonths).getTime();
  return live.partitions.flatMap((partition) => {
    const { month } = partition;
    if (month === undefined || month.getTime() === boundary) return [];
    const other = archive.partitions.find((archived) => overlaps(archived, month));
    if (other === undefined) return [];
    return [
      {
        finding: 'overlap' as const,
        object: `${partition.schema}.${partition.name}`,
        detail: `${formatMonth(month)} is in ${other.schema}.${other.name} too`,
        hint: 'Finish the month with «studymate-db archive run», or bring it back with «studymate-db archive restore».',
      },
    ];
  });
}
