import { withoutLiterals } from './column-use.js';
import type { PlanNode } from './plan-node.js';
import type { Relations } from './relations.js';

/**
 * The shape of a plan as lines of text: node types, tables, indexes, conditions of indexes, sort and group keys; no costs,
 * rows, versions or values. Partitions are named by their table, `chat_messages[some months]` where the planner left
 * any out and `chat_messages[all months]` where it did not, and those that are read alike are one line: how many there
 * are depends on the calendar.
 */
export function planShape(plan: PlanNode, relations: Relations): string[] {
  const months = monthsNamed(plan, relations);
  return shapeOf(plan, '', (node) => describe(node, relations, months));
}

function shapeOf(node: PlanNode, indent: string, describeNode: (node: PlanNode) => string): string[] {
  const children = (node.Plans ?? []).map((child) => shapeOf(child, `${indent}  `, describeNode));
  const isAppend = /^(Merge )?Append$/.test(node['Node Type']);
  const below = isAppend ? distinct(children) : children;
  // One month alone has no Append above it; nor do many that are read alike.
  if (isAppend && below.length === 1) return (below[0] ?? []).map((line) => line.slice(2));
  return [`${indent}${describeNode(node)}`, ...below.flat()];
}

function distinct(blocks: readonly (readonly string[])[]): (readonly string[])[] {
  const unique = new Map(blocks.map((block) => [block.join('\n'), block]));
  return [...unique.entries()].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, block]) => block);
}

type MonthsNamed = (root: string) => 'all' | 'some';

function monthsNamed(plan: PlanNode, relations: Relations): MonthsNamed {
  const named = new Map<string, Set<string>>();
  const visit = (node: PlanNode): void => {
    const relation = relations.of(node);
    if (relation?.isPartition) {
      const root = `${relation.rootSchema}.${relation.root}`;
      named.set(root, (named.get(root) ?? new Set()).add(relation.name));
    }
    node.Plans?.forEach(visit);
  };
  visit(plan);
  return (root) => {
    const set = relations.partitionSets.get(root);
    const all = (set?.partitions.length ?? 0) + (set?.defaultPartition === undefined ? 0 : 1);
    return (named.get(root)?.size ?? 0) < all ? 'some' : 'all';
  };
}

function describe(node: PlanNode, relations: Relations, months: MonthsNamed): string {
  const relation = relations.of(node);
  const table =
    relation === undefined
      ? (node['CTE Name'] ?? node['Function Name'])
      : relation.isPartition
        ? `${relation.root}[${months(`${relation.rootSchema}.${relation.root}`)} months]`
        : relation.name;
  const index = node['Index Name'];
  const keys = (label: string, list: readonly string[] | undefined): string | undefined =>
    list && `${label} ${list.map(plain).join(', ')}`;
  return [
    node['Subplan Name'] !== undefined && /^CTE /.test(node['Subplan Name'])
      ? `${node['Subplan Name']}:`
      : undefined,
    node['Parent Relationship'] === 'InitPlan' && !/^CTE /.test(node['Subplan Name'] ?? '')
      ? 'once:'
      : undefined,
    node['Parent Relationship'] === 'SubPlan' ? 'for each row:' : undefined,
    nodeTitle(node),
    table && `on ${table}`,
    index && `by ${relations.indexRoots.get(index) ?? index}`,
    keys('by', node['Sort Key']),
    keys('presorted', node['Presorted Key']),
    keys('by', node['Group Key']),
    node['Index Cond'] && `where ${plain(node['Index Cond'])}`,
    node['Hash Cond'] && `where ${plain(node['Hash Cond'])}`,
    node['Merge Cond'] && `where ${plain(node['Merge Cond'])}`,
  ]
    .filter((part) => part !== undefined && part !== '')
    .join(' ');
}

/** `Hash Left Join`, `Insert`, `Parallel Seq Scan Backward`: the node with what makes it another one. */
export function nodeTitle(node: PlanNode): string {
  const type = node['Node Type'];
  const join = node['Join Type'];
  if (type === 'ModifyTable') return node.Operation ?? type;
  if (type === 'Aggregate') {
    const strategies: Readonly<Record<string, string>> = {
      Hashed: 'HashAggregate',
      Sorted: 'GroupAggregate',
    };
    const partial = node['Partial Mode'] === 'Partial' || node['Partial Mode'] === 'Finalize';
    const name = strategies[node.Strategy ?? ''] ?? (node.Strategy === 'Mixed' ? 'MixedAggregate' : type);
    return partial ? `${node['Partial Mode'] ?? ''} ${name}` : name;
  }
  const joined =
    join === undefined || join === 'Inner'
      ? type
      : type === 'Nested Loop'
        ? `Nested Loop ${join} Join`
        : type.replace(/ Join$/, ` ${join} Join`);
  return node['Scan Direction'] === 'Backward' ? `${joined} Backward` : joined;
}

/** Without values, and without the numbers that partitions' aliases and subplans get. */
function plain(text: string): string {
  return withoutLiterals(text)
    .replace(/\(?(?:InitPlan|SubPlan) \d+\)?(?:\.col\d+)?/g, '?')
    .replace(/''(?:::[a-z ]+(?:\(\d+\))?(?:\[\])?)?/g, '?')
    .replace(/(?<![\w."$])-?\d+(?:\.\d+)?(?![\w"])/g, '?')
    .replace(/\$\d+/g, '?')
    .replace(/\b(\w+?)_\d+\./g, '$1.');
}
