import { walkPlan, type PlanNode } from './plan-node.js';

export interface NodeCosts {
  /** Milliseconds in the node itself, over all loops; undefined without ANALYZE. */
  readonly selfMs: number | undefined;
  /** Pages found in shared buffers by the node itself. */
  readonly selfHit: number;
  /** Pages asked of the operating system by the node itself. */
  readonly selfRead: number;
}

type Measure = (node: PlanNode) => number;

/**
 * What each node spends itself. The server's figures include everything below a node and are averages over its loops;
 * those of a parallel branch are sums over the processes that ran at the same time, and are divided by their number
 * here. A CTE is paid by the scan that drives it, so its time is taken from there and not from the node it hangs on.
 */
export function nodeCosts(root: PlanNode): ReadonlyMap<PlanNode, NodeCosts> {
  const processes = new Map<PlanNode, number>();
  countProcesses(root, 1, processes);
  const elapsed: Measure = (node) =>
    ((node['Actual Total Time'] ?? 0) * (node['Actual Loops'] ?? 0)) / (processes.get(node) ?? 1);
  const hit: Measure = (node) => node['Shared Hit Blocks'] ?? 0;
  const read: Measure = (node) => node['Shared Read Blocks'] ?? 0;
  const measured = root['Actual Loops'] !== undefined;
  const ctes = new Map<string, PlanNode>();
  for (const node of walkPlan(root)) {
    const name = cteName(node);
    if (name !== undefined) ctes.set(name, node);
  }
  const costs = new Map<PlanNode, NodeCosts>();
  const driven = new Set<PlanNode>();
  for (const node of walkPlan(root)) {
    const below = (node.Plans ?? []).filter((child) => cteName(child) === undefined);
    const cte = node['CTE Name'] === undefined ? undefined : ctes.get(node['CTE Name']);
    if (cte !== undefined && !driven.has(cte)) {
      driven.add(cte);
      below.push(cte);
    }
    const self = (measure: Measure): number =>
      Math.max(0, measure(node) - below.reduce((sum, child) => sum + measure(child), 0));
    costs.set(node, {
      selfMs: measured ? self(elapsed) : undefined,
      selfHit: self(hit),
      selfRead: self(read),
    });
  }
  return costs;
}

function cteName(node: PlanNode): string | undefined {
  return /^CTE (.+)$/.exec(node['Subplan Name'] ?? '')?.[1];
}

function countProcesses(node: PlanNode, count: number, into: Map<PlanNode, number>): void {
  into.set(node, count);
  const below = /^Gather/.test(node['Node Type']) ? (node['Workers Launched'] ?? 0) + 1 : count;
  for (const child of node.Plans ?? []) countProcesses(child, below, into);
}
