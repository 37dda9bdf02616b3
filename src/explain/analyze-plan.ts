import { listIndexCandidates, type IndexCandidate } from './index-candidates.js';
import { misestimates } from './misestimate.js';
import { nodeCosts, type NodeCosts } from './node-costs.js';
import { walkPlan, type PlanNode, type RawPlan } from './plan-node.js';
import { listPartitionReads, type PartitionRead } from './pruning.js';
import type { Relations } from './relations.js';
import { listSpills, type MemorySettings, type Spill } from './spills.js';

export interface AnalyzedNode extends NodeCosts {
  readonly plan: PlanNode;
  /** The table it reads or writes: of a partition, the partitioned one. */
  readonly table: string | undefined;
  /** The partition it reads or writes. */
  readonly partition: string | undefined;
  /** The index it reads: of a partition's, the partitioned one. */
  readonly index: string | undefined;
  /** Of the time of all nodes, 0 to 1; undefined without ANALYZE. */
  readonly share: number | undefined;
  /** Rows over all loops. */
  readonly estimatedRows: number;
  readonly actualRows: number | undefined;
  readonly loops: number | undefined;
  /** Set where the estimate is off by ten times or more: actual rows for each one estimated. */
  readonly misestimate: number | undefined;
  /** Over all loops. */
  readonly rowsRemovedByFilter: number;
  readonly spill: Spill | undefined;
  readonly partitions: readonly PartitionRead[];
  readonly children: readonly AnalyzedNode[];
}

export interface PlanAnalysis {
  readonly root: AnalyzedNode;
  /** The node with the most time of its own; without ANALYZE undefined. */
  readonly costliest: AnalyzedNode | undefined;
  readonly planningMs: number | undefined;
  readonly executionMs: number | undefined;
  readonly jitMs: number | undefined;
  /** Pages touched by the whole statement: in shared buffers, and read. */
  readonly bufferHits: number;
  readonly bufferReads: number;
  readonly triggers: NonNullable<RawPlan['Triggers']>;
  /** Settings of the planner that are not the server's defaults. */
  readonly settings: Readonly<Record<string, string>>;
  readonly partitionReads: readonly PartitionRead[];
  readonly spills: readonly Spill[];
  readonly indexCandidates: readonly IndexCandidate[];
  /** Full sentences: what to do about what was found; each once. */
  readonly hints: readonly string[];
}

export interface AnalyzeContext {
  readonly relations: Relations;
  readonly memory: MemorySettings;
  /** The present: hints name how many months hold the last 31 days. */
  readonly now: Date;
}

/** Everything that is worth knowing of one plan. Pure: what the catalog has to say comes in `relations`. */
export function analyzePlan(raw: RawPlan, context: AnalyzeContext): PlanAnalysis {
  const { Plan: plan } = raw;
  const costs = nodeCosts(plan);
  const off = misestimates(plan);
  const spills = listSpills(plan, context.memory);
  const partitionReads = listPartitionReads(plan, context.relations, context.now);
  const indexCandidates = listIndexCandidates(plan, context.relations);
  const totalMs = [...costs.values()].reduce((sum, { selfMs = 0 }) => sum + selfMs, 0);
  const analyzed = (node: PlanNode): AnalyzedNode => {
    const { selfMs, selfHit, selfRead } = costs.get(node) ?? { selfMs: undefined, selfHit: 0, selfRead: 0 };
    const loops = node['Actual Loops'];
    const relation = context.relations.of(node);
    const index = node['Index Name'];
    return {
      plan: node,
      table: relation?.root,
      partition: relation?.isPartition ? relation.name : undefined,
      index: index === undefined ? undefined : (context.relations.indexRoots.get(index) ?? index),
      selfMs,
      selfHit,
      selfRead,
      share: selfMs === undefined ? undefined : totalMs > 0 ? selfMs / totalMs : 0,
      estimatedRows: Math.round(node['Plan Rows'] * (loops === undefined ? 1 : Math.max(loops, 1))),
      actualRows: loops === undefined ? undefined : Math.round((node['Actual Rows'] ?? 0) * loops),
      loops,
      misestimate: off.get(node),
      rowsRemovedByFilter: Math.round((node['Rows Removed by Filter'] ?? 0) * (loops ?? 0)),
      spill: spills.find((spill) => spill.node === node),
      partitions: partitionReads.filter((read) => read.node === node),
      children: (node.Plans ?? []).map(analyzed),
    };
  };
  const root = analyzed(plan);
  // The search path is that of every session of ours.
  const settings = Object.fromEntries(
    Object.entries(raw.Settings ?? {}).filter(([name]) => name !== 'search_path'),
  );
  return {
    root,
    costliest: costliestOf(root),
    planningMs: raw['Planning Time'],
    executionMs: raw['Execution Time'],
    jitMs: raw.JIT?.Timing.Total,
    bufferHits: plan['Shared Hit Blocks'] ?? 0,
    bufferReads: plan['Shared Read Blocks'] ?? 0,
    triggers: raw.Triggers ?? [],
    settings,
    partitionReads,
    spills,
    indexCandidates,
    hints: hintsOf({ plan, off, spills, partitionReads, indexCandidates, raw }, context),
  };
}

function costliestOf(root: AnalyzedNode): AnalyzedNode | undefined {
  const nodes = (node: AnalyzedNode): AnalyzedNode[] => [node, ...node.children.flatMap(nodes)];
  if (root.selfMs === undefined) return undefined;
  return nodes(root).reduce((most, node) => ((node.selfMs ?? 0) > (most.selfMs ?? 0) ? node : most));
}

interface Found {
  readonly plan: PlanNode;
  readonly off: ReadonlyMap<PlanNode, number>;
  readonly spills: readonly Spill[];
  readonly partitionReads: readonly PartitionRead[];
  readonly indexCandidates: readonly IndexCandidate[];
  readonly raw: RawPlan;
}

/** Rows that a filter throws away, at least, and for each one kept, before it is worth a word. */
const MANY_REMOVED = 1_000;
const REMOVED_PER_KEPT = 10;
/** Of the execution time, from which compiling is worth a word. */
const MUCH_JIT = 0.2;

function hintsOf(found: Found, { relations }: AnalyzeContext): string[] {
  const { plan, off, spills, partitionReads, indexCandidates, raw } = found;
  const nodes = [...walkPlan(plan)];
  const hints = [
    ...partitionReads.map(({ hint }) => hint),
    ...spills.map(
      ({ what, workMemKb }) =>
        `A ${what} went to temporary files; «set local work_mem = '${workMemKb / 1024}MB'» in the transaction of this query would about keep it in memory.`,
    ),
    ...nodes.map((node) => (off.has(node) ? misestimateHint(node, relations) : undefined)),
    ...indexCandidates.map(({ hint }) => hint),
    ...nodes.map((node) => {
      const removed = (node['Rows Removed by Filter'] ?? 0) * (node['Actual Loops'] ?? 0);
      const kept = (node['Actual Rows'] ?? 0) * (node['Actual Loops'] ?? 0);
      const served = indexCandidates.some((candidate) => candidate.node === node);
      if (removed < Math.max(MANY_REMOVED, kept * REMOVED_PER_KEPT) || served) return undefined;
      const table = relations.of(node)?.root ?? node['Node Type'];
      return `A filter on ${table} threw away ${Math.round(removed)} rows for ${Math.round(kept)} kept; an index that serves «${node.Filter ?? ''}» would spare reading them.`;
    }),
  ];
  const { JIT: jit, 'Execution Time': executionMs = 0 } = raw;
  if (jit !== undefined && jit.Timing.Total > executionMs * MUCH_JIT) {
    hints.push(
      `Compiling took ${Math.round((100 * jit.Timing.Total) / executionMs)} % of the time; «set local jit = off» for this query, or raise jit_above_cost.`,
    );
  }
  return [...new Set(hints.filter((hint) => hint !== undefined))];
}

/** Only for what is read from a table: everything above inherits the error. */
function misestimateHint(node: PlanNode, relations: Relations): string | undefined {
  const relation = relations.of(node);
  if (relation === undefined) return undefined;
  const { schema, name, lastAnalyze, rowsChangedSince } = relation;
  if (lastAnalyze === undefined && relation.estimatedRows === undefined) {
    return `${name} was never analyzed; run «analyze ${schema}.${name}».`;
  }
  if (rowsChangedSince > (relation.estimatedRows ?? 0) * 0.1) {
    return `${rowsChangedSince} rows of ${name} changed since its statistics were taken; run «analyze ${schema}.${name}».`;
  }
  return `The statistics of ${name} are recent and the estimate is still off: columns of its condition may depend on each other («create statistics»).`;
}
