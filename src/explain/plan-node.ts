/** A node as `EXPLAIN (FORMAT JSON, VERBOSE)` writes it; the keys this package reads, of PostgreSQL 15 to 18. */
export interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Parent Relationship'?: string;
  readonly 'Subplan Name'?: string;
  readonly 'Join Type'?: string;
  readonly 'Inner Unique'?: boolean;
  readonly Strategy?: string;
  readonly 'Partial Mode'?: string;
  readonly Operation?: string;
  readonly 'Scan Direction'?: string;
  readonly Schema?: string;
  readonly 'Relation Name'?: string;
  readonly Alias?: string;
  readonly 'Index Name'?: string;
  readonly 'CTE Name'?: string;
  readonly 'Function Name'?: string;
  readonly 'Plan Rows': number;
  readonly 'Plan Width': number;
  readonly 'Total Cost': number;
  /** Per loop, in milliseconds. Like all that follows only with ANALYZE. */
  readonly 'Actual Total Time'?: number;
  /** Per loop. */
  readonly 'Actual Rows'?: number;
  readonly 'Actual Loops'?: number;
  readonly 'Workers Launched'?: number;
  readonly 'Shared Hit Blocks'?: number;
  readonly 'Shared Read Blocks'?: number;
  readonly 'Temp Read Blocks'?: number;
  readonly 'Temp Written Blocks'?: number;
  readonly 'Index Cond'?: string;
  readonly 'Recheck Cond'?: string;
  readonly Filter?: string;
  readonly 'Join Filter'?: string;
  readonly 'Hash Cond'?: string;
  readonly 'Merge Cond'?: string;
  readonly 'One-Time Filter'?: string;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Rows Removed by Join Filter'?: number;
  readonly 'Rows Removed by Index Recheck'?: number;
  readonly 'Heap Fetches'?: number;
  readonly 'Sort Key'?: readonly string[];
  readonly 'Presorted Key'?: readonly string[];
  readonly 'Group Key'?: readonly string[];
  readonly 'Sort Method'?: string;
  readonly 'Sort Space Used'?: number;
  readonly 'Sort Space Type'?: string;
  readonly 'Full-sort Groups'?: SortGroups;
  readonly 'Pre-sorted Groups'?: SortGroups;
  readonly 'Hash Batches'?: number;
  readonly 'Original Hash Batches'?: number;
  readonly 'Peak Memory Usage'?: number;
  readonly 'HashAgg Batches'?: number;
  readonly 'Disk Usage'?: number;
  /** Of Materialize, CTE Scan and WindowAgg; PostgreSQL 18. */
  readonly Storage?: string;
  readonly 'Maximum Storage'?: number;
  readonly 'Subplans Removed'?: number;
  readonly Workers?: readonly Partial<PlanNode>[];
  readonly Plans?: readonly PlanNode[];
}

export interface SortGroups {
  readonly 'Sort Space Disk'?: { readonly 'Peak Sort Space Used': number };
}

/** One element of what `EXPLAIN (FORMAT JSON)` answers. */
export interface RawPlan {
  readonly Plan: PlanNode;
  readonly Settings?: Readonly<Record<string, string>>;
  readonly 'Planning Time'?: number;
  readonly 'Execution Time'?: number;
  readonly Triggers?: readonly RawTrigger[];
  readonly JIT?: { readonly Functions: number; readonly Timing: { readonly Total: number } };
}

export interface RawTrigger {
  readonly 'Trigger Name': string;
  readonly 'Constraint Name'?: string;
  readonly Relation: string;
  readonly Time?: number;
  readonly Calls: number;
}

/** Visits the node and all below it, parents first. */
export function* walkPlan(node: PlanNode): Generator<PlanNode> {
  yield node;
  for (const child of node.Plans ?? []) yield* walkPlan(child);
}

/** The conditions of a node that decide which rows of a table are read or kept. */
export function conditionsOf(node: PlanNode): string[] {
  return [
    node['Index Cond'],
    node['Recheck Cond'],
    node.Filter,
    // Those of a bitmap stand at the index scans below it.
    ...(node['Node Type'] === 'Bitmap Heap Scan' ? (node.Plans ?? []).flatMap(conditionsOf) : []),
    ...(/^Bitmap(And|Or)$/.test(node['Node Type']) ? (node.Plans ?? []).flatMap(conditionsOf) : []),
  ].filter((condition) => condition !== undefined);
}
