import type { PlanNode } from './plan-node.js';

/** An estimate off by so much, either way, is marked. */
export const MISESTIMATE_FACTOR = 10;
/** Rows over all loops below which it is of no consequence. */
const FEWEST_ROWS = 100;

/** Nodes that take all their input before they give a row: a LIMIT above does not cut short what is below. */
const blocking =
  /^(Sort|Hash|Aggregate|Materialize|Bitmap Index Scan|BitmapAnd|BitmapOr|SetOp|WindowAgg|ModifyTable)$/;

/**
 * The nodes whose rows were estimated wrongly by a factor of ten or more, and that factor: above 1 where more rows came
 * than estimated, below 1 where fewer. Rows are compared per loop. Left out are nodes that did not run, that somebody
 * above stopped early (LIMIT, the inner side of a join that needs one match), and handfuls of rows.
 */
export function misestimates(root: PlanNode): ReadonlyMap<PlanNode, number> {
  const found = new Map<PlanNode, number>();
  const visit = (node: PlanNode, stoppedEarly: boolean): void => {
    const factor = misestimateOf(node, stoppedEarly);
    if (factor !== undefined) found.set(node, factor);
    for (const child of node.Plans ?? []) visit(child, mayStop(node, child, stoppedEarly));
  };
  visit(root, false);
  return found;
}

function misestimateOf(node: PlanNode, stoppedEarly: boolean): number | undefined {
  const { 'Actual Loops': loops = 0, 'Actual Rows': actual = 0, 'Plan Rows': estimated } = node;
  if (loops === 0 || /^Bitmap(And|Or)$|^ModifyTable$/.test(node['Node Type'])) return undefined;
  if (Math.max(actual, estimated) * loops < FEWEST_ROWS) return undefined;
  const factor = Math.max(actual, 1) / Math.max(estimated, 1);
  if (factor >= MISESTIMATE_FACTOR) return factor;
  return factor <= 1 / MISESTIMATE_FACTOR && !stoppedEarly ? factor : undefined;
}

function mayStop(parent: PlanNode, child: PlanNode, stoppedEarly: boolean): boolean {
  const type = parent['Node Type'];
  if (type === 'Limit' || child['Parent Relationship'] === 'SubPlan') return true;
  if (/ Join$|^Nested Loop$/.test(type) && child['Parent Relationship'] === 'Inner') {
    if (parent['Inner Unique'] === true || /^(Semi|Anti)$/.test(parent['Join Type'] ?? '')) return true;
  }
  // A merge join ends with its shorter side.
  if (type === 'Merge Join') return true;
  return stoppedEarly && !blocking.test(type);
}
