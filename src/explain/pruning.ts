import type { PartitionSet } from '../partitioning/partition-set.js';
import { columnUse, withoutLiterals } from './column-use.js';
import { conditionsOf, walkPlan, type PlanNode } from './plan-node.js';
import type { Relations } from './relations.js';

export type PruningReason =
  /** The planner left partitions out: the bound was a constant. */
  | 'pruned when planned'
  /** The executor left partitions out: the bound was known when it ran (now(), a parameter, a subquery, an outer row). */
  | 'pruned when run'
  | 'no condition'
  | 'wrapped column'
  | 'row comparison'
  | 'volatile function'
  | 'join only'
  /** There is a bound; it excludes nothing, or stands under an OR. */
  | 'bound excludes nothing';

export interface PartitionRead {
  /** The Append or MergeAppend over the partitions, or the scan of the only one. */
  readonly node: PlanNode;
  /** `schema.table`. */
  readonly table: string;
  readonly controlColumn: string;
  /** Partitions there are, the default one among them. */
  readonly partitionCount: number;
  /** Partitions in the plan, run or not. */
  readonly plannedCount: number;
  /** Partitions read; without ANALYZE those in the plan. */
  readonly readCount: number;
  readonly reason: PruningReason;
  /** What would leave partitions out; undefined where some are. */
  readonly hint: string | undefined;
}

/** How each reading of a table partitioned by month was narrowed to some of its months, or why it was not. */
export function listPartitionReads(root: PlanNode, relations: Relations, now: Date): PartitionRead[] {
  return groupScans(root, relations).map((group) => describe(group, root, relations, now));
}

interface ScanGroup {
  readonly node: PlanNode;
  readonly table: string;
  readonly set: PartitionSet;
  readonly scans: PlanNode[];
  /** Other tables are below the same node. */
  shared: boolean;
}

function groupScans(root: PlanNode, relations: Relations): ScanGroup[] {
  const groups: ScanGroup[] = [];
  const visit = (node: PlanNode, append: PlanNode | undefined): void => {
    const relation = node['Node Type'] === 'ModifyTable' ? undefined : relations.of(node);
    const table = relation && `${relation.rootSchema}.${relation.root}`;
    const set = relation?.isPartition && table ? relations.partitionSets.get(table) : undefined;
    if (table !== undefined && set !== undefined) {
      const below = groups.filter((group) => group.node === append);
      const group = below.find((candidate) => candidate.table === table);
      if (append !== undefined && group !== undefined) group.scans.push(node);
      else groups.push({ node: append ?? node, table, set, scans: [node], shared: below.length > 0 });
      if (group === undefined) for (const other of below) other.shared = true;
    }
    const isAppend = /^(Merge )?Append$/.test(node['Node Type']);
    for (const child of node.Plans ?? []) {
      const belongs = child['Parent Relationship'] === 'Member' || !isAppend;
      const isApart = /^(InitPlan|SubPlan)$/.test(child['Parent Relationship'] ?? '');
      visit(child, isAppend && belongs ? node : isApart ? undefined : append);
    }
  };
  visit(root, undefined);
  return groups;
}

function describe(group: ScanGroup, root: PlanNode, relations: Relations, now: Date): PartitionRead {
  const { node, table, set, scans } = group;
  const partitionCount = set.partitions.length + (set.defaultPartition === undefined ? 0 : 1);
  const plannedCount = new Set(scans.map((scan) => scan['Relation Name'])).size;
  const measured = scans.some((scan) => scan['Actual Loops'] !== undefined);
  const run = new Set(
    scans.filter((scan) => (scan['Actual Loops'] ?? 0) > 0).map((scan) => scan['Relation Name']),
  );
  const readCount = measured ? run.size : plannedCount;
  const removedAtStart = node['Subplans Removed'] ?? 0;
  const reason =
    // Of two tables under one node, the server does not say whose partitions it removed.
    removedAtStart > 0 || (plannedCount === partitionCount && readCount < partitionCount)
      ? 'pruned when run'
      : plannedCount < partitionCount
        ? 'pruned when planned'
        : whyNot(group, root, relations);
  const hint = hintFor(reason, set, now);
  return {
    node,
    table,
    controlColumn: set.controlColumn,
    partitionCount,
    plannedCount,
    readCount,
    reason,
    hint,
  };
}

function whyNot({ set, scans }: ScanGroup, root: PlanNode, relations: Relations): PruningReason {
  const conditions = scans.flatMap(conditionsOf);
  const uses = conditions.map((condition) => columnUse(condition, set.controlColumn));
  const callsVolatile = conditions.some(
    (condition, index) =>
      uses[index] === 'compared' &&
      [...withoutLiterals(condition).matchAll(/([a-z_][a-z0-9_]*)\(/g)].some(
        ([, name]) => name !== undefined && relations.volatileFunctions.has(name),
      ),
  );
  if (callsVolatile) return 'volatile function';
  if (uses.includes('compared')) return 'bound excludes nothing';
  if (uses.includes('in a row')) return 'row comparison';
  if (uses.includes('wrapped')) return 'wrapped column';
  // Above an Append the server prints the alias of the table with or without a number.
  const aliases = [...new Set(scans.map(({ Alias: alias = '' }) => alias.replace(/_\d+$/, '')))];
  const named = new RegExp(`(?<![\\w.])(?:${aliases.join('|')})(?:_\\d+)?\\.${set.controlColumn}(?!\\w)`);
  const joined = [...walkPlan(root)].some((node) =>
    [...conditionsOf(node), node['Hash Cond'], node['Merge Cond'], node['Join Filter']].some(
      (condition) => condition !== undefined && named.test(withoutLiterals(condition)),
    ),
  );
  return joined ? 'join only' : 'no condition';
}

const DAY_MS = 86_400_000;

function hintFor(reason: PruningReason, set: PartitionSet, now: Date): string | undefined {
  const { table, controlColumn: column } = set;
  const from = new Date(now.getTime() - 31 * DAY_MS);
  const recent = set.partitions.filter(
    ({ lowerBound, upperBound }) =>
      (lowerBound === undefined || lowerBound <= now) && (upperBound === undefined || upperBound > from),
  ).length;
  const rows = /^chat_messages/.test(table) ? 'messages' : /^user_activity/.test(table) ? 'activity' : 'rows';
  const bound =
    recent === 0
      ? 'then only the months it names are read'
      : `${rows} of the last 31 days are in ${recent} ${recent === 1 ? 'partition' : 'partitions'}`;
  switch (reason) {
    case 'pruned when planned':
    case 'pruned when run':
      return undefined;
    case 'no condition':
      return `Give ${column} of ${table} a bound on both sides: ${bound}.`;
    case 'wrapped column':
      return `Compare ${column} of ${table} itself, not a cast or function of it: «${column} >= '2025-01-01T00:00Z' and ${column} < '2025-01-02T00:00Z'» instead of «${column}::date = '2025-01-01'».`;
    case 'row comparison':
      return `A row comparison leaves no month out; add a bound on ${column} alone beside it: ${bound}.`;
    case 'volatile function':
      return `A volatile function (clock_timestamp(), random()) is called for every row; use now() or a parameter as the bound of ${column}: ${bound}.`;
    case 'join only':
      return `${column} of ${table} is compared with another table's column only, which is known too late; add a bound with a constant or a parameter: ${bound}.`;
    case 'bound excludes nothing':
      return `The condition on ${column} of ${table} excludes no month: it is open to one side, or stands under an OR; ${bound}.`;
  }
}
