import { formatBytes } from '../database/bytes.js';
import type { RedundantIndex } from './find-redundant.js';
import type { UncoveredForeignKey } from './find-uncovered.js';
import type { UnusedIndex } from './find-unused.js';
import type { LogicalIndex } from './index-catalog.js';
import { dropStatement, partialStatement, undoStatements } from './index-statements.js';
import type { ListedIndex } from './list-indexes.js';
import type { NullHeavyIndex } from './null-heavy.js';
import type { PlannerVerdict, StatementVerdict } from './planner-verdict.js';
import type { TableScans } from './table-scans.js';

export type IndexFindingKind =
  | 'invalid'
  | 'incomplete'
  | 'bloated'
  | 'redundant'
  | 'unused'
  | 'foreign key without index'
  | 'null-heavy'
  | 'read sequentially';

export interface IndexFinding {
  readonly kind: IndexFindingKind;
  readonly schema: string;
  readonly table: string;
  /** Undefined where the finding is that there is none. */
  readonly index: string | undefined;
  /** A sentence: what is true. */
  readonly what: string;
  /** A sentence: what it costs, or what must be weighed. */
  readonly why: string;
  /** The command or statement that mends it; undefined where only people can tell. */
  readonly fix: string | undefined;
  /** Statements that bring back what the fix drops. */
  readonly undo: readonly string[];
  /** What mending gives back on disk. */
  readonly savesBytes: number | undefined;
  /** What the planner says of the index that `fix` makes, where hypopg is installed. */
  readonly planner?: PlannerVerdict | undefined;
}

type Finder<T> = (entry: T) => IndexFinding;

function place(index: LogicalIndex): Pick<IndexFinding, 'schema' | 'table' | 'index'> {
  return { schema: index.schema, table: index.table.name, index: index.name };
}

export function brokenFinding({ index, leaves }: ListedIndex): readonly IndexFinding[] {
  const base = { ...place(index), undo: [], savesBytes: undefined, fix: 'studymate-db index heal' };
  if (!index.partitioned) {
    if (index.valid) return [];
    return [
      {
        ...base,
        kind: 'invalid',
        what: 'no query uses it: a concurrent build is running or did not end',
        why: index.leaves.some(({ ready }) => ready)
          ? 'every write pays for it all the same'
          : 'it takes a name, and hides what was meant to be there',
      },
    ];
  }
  const missing = leaves.missing + leaves.unattached;
  if (index.valid && missing === 0 && leaves.invalid === 0) return [];
  return [
    {
      ...base,
      kind: 'incomplete',
      what: `${leaves.invalid} leaves invalid, ${leaves.missing} missing, ${leaves.unattached} not attached`,
      why: 'partitions without it are read whole, and a new partition may lack it for ever',
    },
  ];
}

export function bloatFinding(
  { index, bloat }: ListedIndex,
  minimum: number,
  minimumBytes: number,
): readonly IndexFinding[] {
  const { bloatRatio, bloatBytes, stale, reason, exact } = bloat;
  if (bloatRatio === undefined || bloatRatio < minimum || (bloatBytes ?? 0) < minimumBytes) return [];
  return [
    {
      ...place(index),
      kind: 'bloated',
      what: `${Math.round(bloatRatio * 100)} % of ${formatBytes(index.sizeBytes)} would be given back by a rebuild`,
      why: stale
        ? `not to be trusted yet: ${reason ?? 'the statistics are stale'}; analyze first`
        : exact
          ? 'every page was read'
          : 'estimated from statistics; --exact reads every page',
      fix: stale
        ? `analyze ${index.schema}.${index.table.name}`
        : `studymate-db index reindex --index ${index.name}`,
      undo: [],
      savesBytes: bloatBytes,
    },
  ];
}

export const redundantFinding: Finder<RedundantIndex> = ({
  index,
  by,
  kind,
  reason,
  savesBytes,
  sizeRatio,
}) => ({
  ...place(index),
  kind: 'redundant',
  what: `${kind}: ${reason}`,
  why:
    sizeRatio !== undefined && sizeRatio >= 2
      ? `${by.name} is ${sizeRatio.toFixed(1)} times as large: scans that read much of it will read more (${index.scans} scans of this one so far)`
      : 'every write pays for both',
  fix: dropStatement(index),
  undo: undoStatements(index),
  savesBytes,
});

export const unusedFinding: Finder<UnusedIndex> = ({ index, unusedDays, savesBytes }) => ({
  ...place(index),
  kind: 'unused',
  what: `no scan in ${Math.floor(unusedDays)} observed days`,
  why: 'every write pays for it; what runs more seldom than that was not seen',
  fix: dropStatement(index),
  undo: undoStatements(index),
  savesBytes,
});

export const uncoveredFinding: Finder<UncoveredForeignKey> = ({ foreignKey, nearMiss, createStatement }) => ({
  kind: 'foreign key without index',
  schema: foreignKey.table.schema,
  table: foreignKey.table.name,
  index: nearMiss?.index.name,
  what: `${foreignKey.name} (${foreignKey.columns.join(', ')}) → ${foreignKey.referenced.name}, on delete ${foreignKey.onDelete}${
    nearMiss === undefined ? '' : `: ${nearMiss.index.name} does not serve, ${nearMiss.reason}`
  }`,
  why: `each delete in ${foreignKey.referenced.name} reads all of ${foreignKey.table.name}`,
  fix: createStatement,
  undo: [],
  savesBytes: undefined,
});

export const nullHeavyFinding: Finder<NullHeavyIndex> = ({ index, column, nullFraction }) => ({
  ...place(index),
  kind: 'null-heavy',
  what: `${column} is null in ${Math.round(nullFraction * 100)} % of the rows`,
  why: 'a partial index answers the same queries, unless they ask for nulls or sort all rows by it',
  fix: partialStatement(index, column),
  undo: [],
  savesBytes: undefined,
});

export const sequentialFinding: Finder<TableScans> = (scans) => ({
  kind: 'read sequentially',
  schema: scans.schema,
  table: scans.table,
  index: undefined,
  what: `read whole ${scans.sequentialScans} times, ${Math.round(scans.sequentialRows / scans.sequentialScans)} rows each`,
  why: 'some query finds no index that serves it; pg_stat_statements tells which',
  fix: undefined,
  undo: [],
  savesBytes: undefined,
});

/** A table that statements read whole, and the index they would use. */
export function sequentialFindingByPlanner(
  verdict: StatementVerdict,
  scans: TableScans | undefined,
): IndexFinding {
  const { schema, table, statement, statements, calls, totalMs } = verdict;
  return {
    kind: 'read sequentially',
    ...{ schema, table, index: undefined },
    what:
      scans === undefined
        ? `read whole by ${statements} of the top statements`
        : sequentialFinding(scans).what,
    why: `${plannerText(verdict)}; ${calls} calls, ${(totalMs / 1000).toFixed(1)} s in all, above all of «${excerpt(statement)}»`,
    fix: verdict.createStatement,
    undo: [],
    savesBytes: undefined,
    planner: verdict,
  };
}

/** The same finding with what the planner says of its remedy. */
export function withPlannerVerdict(finding: IndexFinding, verdict: PlannerVerdict | undefined): IndexFinding {
  if (verdict === undefined) return finding;
  return { ...finding, why: `${finding.why}; ${plannerText(verdict)}`, planner: verdict };
}

function plannerText({ used, columns, costBefore, costAfter }: PlannerVerdict): string {
  return used
    ? `the planner would use an index on (${columns.join(', ')}): cost ${cost(costBefore)} → ${cost(costAfter)}`
    : `the planner would not use it yet: reading the table costs ${cost(costBefore)}`;
}

function cost(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toFixed(1);
}

function excerpt(statement: string): string {
  const line = statement.replace(/\s+/g, ' ').trim();
  return line.length <= 120 ? line : `${line.slice(0, 119)}…`;
}
