import { formatDuration } from '../database/duration.js';
import type { AnalyzedNode } from '../explain/analyze-plan.js';
import { nodeTitle } from '../explain/plan-shape.js';
import type { PartitionRead } from '../explain/pruning.js';

/** Sibling partitions read alike become one line from this many on. */
const FOLD_FROM = 3;
const BAR_CELLS = 5;
/** Less is noise. */
const SHORTEST_MS = 0.05;
const GUTTER = ' '.repeat(BAR_CELLS + 6);

/** The plan as a tree: share of the time, node, rows estimated and actual, pages; what stands out is marked by `!`. */
export function planTree(root: AnalyzedNode, costliest: AnalyzedNode | undefined): string[] {
  const lines: string[] = [];
  const visit = (nodes: readonly AnalyzedNode[], indent: string): void => {
    lines.push(`${gutterOf(nodes)} ${indent}${headline(nodes)}${mark(nodes, costliest)}`);
    const [node] = nodes;
    if (node === undefined) return;
    lines.push(...details(nodes).map((text) => `${GUTTER} ${indent}    ${text}`));
    const below =
      nodes.length > 1
        ? node.children.map((_, position) => nodes.flatMap(({ children }) => children[position] ?? []))
        : foldPartitions(node.children, costliest);
    for (const group of below) visit(group, `${indent}  `);
  };
  visit([root], '');
  return lines;
}

function mark(nodes: readonly AnalyzedNode[], costliest: AnalyzedNode | undefined): string {
  return costliest !== undefined && nodes.includes(costliest) ? '  <- most of the time' : '';
}

/** Branches that read partitions of one table in the same way, together; whatever stands out stays by itself. */
function foldPartitions(
  children: readonly AnalyzedNode[],
  costliest: AnalyzedNode | undefined,
): readonly (readonly AnalyzedNode[])[] {
  const groups = new Map<string, AnalyzedNode[]>();
  for (const [position, child] of children.entries()) {
    const key = likeness(child, costliest) ?? `#${position}`;
    groups.set(key, [...(groups.get(key) ?? []), child]);
  }
  return [...groups.values()].flatMap((group) =>
    group.length < FOLD_FROM ? group.map((child) => [child]) : [group],
  );
}

/** Equal for branches that differ in the partition only; undefined for one that stands out, or reads none. */
function likeness(node: AnalyzedNode, costliest: AnalyzedNode | undefined): string | undefined {
  if (node === costliest || node.misestimate !== undefined || node.spill !== undefined) return undefined;
  const children = node.children.map((child) => likeness(child, costliest));
  // The index scan of a bitmap names no table.
  const readsPartition = node.partition !== undefined || node.index !== undefined || children.length > 0;
  if (!readsPartition || children.includes(undefined)) return undefined;
  return `${nodeTitle(node.plan)} ${node.table ?? ''} ${node.index ?? ''} (${children.join(', ')})`;
}

function gutterOf(nodes: readonly AnalyzedNode[]): string {
  if (nodes[0]?.share === undefined) return GUTTER;
  const share = nodes.reduce((sum, node) => sum + (node.share ?? 0), 0);
  const cells = Math.round(share * BAR_CELLS);
  return `${'█'.repeat(cells)}${'·'.repeat(BAR_CELLS - cells)} ${String(Math.round(100 * share)).padStart(3)} %`;
}

function headline(nodes: readonly AnalyzedNode[]): string {
  const [node] = nodes;
  if (node === undefined) return '';
  const { plan } = node;
  const source = node.table ?? plan['CTE Name'] ?? plan['Function Name'];
  const where = node.partition !== undefined && nodes.length === 1 ? node.partition : source;
  const name = plan['Subplan Name'];
  return [
    name === undefined ? undefined : `${name}:`,
    nodes.length > 1 ? `${nodes.length} × ${nodeTitle(plan)}` : nodeTitle(plan),
    where && `on ${where}`,
    node.index && `by ${node.index}`,
    `(${rowsText(nodes)}${pagesText(nodes)})`,
  ]
    .filter((part) => part !== undefined && part !== '')
    .join(' ');
}

function rowsText(nodes: readonly AnalyzedNode[]): string {
  const sum = (of: (node: AnalyzedNode) => number): number =>
    nodes.reduce((total, node) => total + of(node), 0);
  const estimated = count(sum(({ estimatedRows }) => estimatedRows));
  const run = nodes.filter(({ loops }) => loops !== 0);
  if (nodes[0]?.loops === undefined) return `rows ${estimated} estimated`;
  if (run.length === 0) return 'never run';
  const never = nodes.length - run.length;
  const ownMs = sum(({ selfMs = 0 }) => selfMs);
  const loops = nodes.length === 1 && nodes[0].loops > 1 ? ` in ${count(nodes[0].loops)} loops` : '';
  return [
    `rows ${estimated} -> ${count(sum(({ actualRows = 0 }) => actualRows))}${misestimateText(nodes[0])}${loops}`,
    never > 0 ? `${never} never run` : undefined,
    ownMs >= SHORTEST_MS ? formatDuration(ownMs) : undefined,
  ]
    .filter((part) => part !== undefined)
    .join(', ');
}

function misestimateText({ misestimate }: AnalyzedNode): string {
  if (misestimate === undefined) return '';
  const factor = misestimate >= 1 ? misestimate : 1 / misestimate;
  return ` !${count(Math.round(factor))}x ${misestimate >= 1 ? 'more' : 'fewer'} than estimated`;
}

function pagesText(nodes: readonly AnalyzedNode[]): string {
  const hit = nodes.reduce((sum, node) => sum + node.selfHit, 0);
  const read = nodes.reduce((sum, node) => sum + node.selfRead, 0);
  if (hit + read === 0) return '';
  return `, ${counted(hit + read, 'page')}${read > 0 ? `, ${count(read)} of them read` : ''}`;
}

function details(nodes: readonly AnalyzedNode[]): string[] {
  const [node] = nodes;
  if (node === undefined) return [];
  const { plan, spill, partitions, rowsRemovedByFilter } = node;
  const list = (keys: readonly string[] | undefined): string | undefined => keys?.join(', ');
  const lines: readonly (readonly [string, string | undefined])[] = [
    ['index condition', plan['Index Cond']],
    ['join condition', plan['Hash Cond'] ?? plan['Merge Cond']],
    ['join filter', plan['Join Filter']],
    ['filter', plan.Filter],
    ['sorted by', list(plan['Sort Key'])],
    ['grouped by', list(plan['Group Key'])],
  ];
  return [
    ...lines.flatMap(([label, text]) => (text === undefined ? [] : [`${label}: ${text}`])),
    ...(rowsRemovedByFilter >= 1_000
      ? [`! ${counted(rowsRemovedByFilter, 'row')} thrown away by the filter`]
      : []),
    ...(spill === undefined
      ? []
      : [
          `! ${spill.what} went to disk${spill.diskKb === undefined ? '' : `: ${count(spill.diskKb)} kB`}${spill.batches === undefined ? '' : ` in ${spill.batches} batches`}`,
        ]),
    ...(plan['Heap Fetches'] === undefined || plan['Heap Fetches'] === 0
      ? []
      : [
          `${counted(plan['Heap Fetches'], 'row')} looked up in the table: its visibility map is not up to date`,
        ]),
    ...partitions.map(partitionText),
  ];
}

/** `partitions of public.chat_messages: 2 of 16 read, pruned when planned`. */
export function partitionText(read: PartitionRead): string {
  const { table, readCount, plannedCount, partitionCount, reason } = read;
  const planned = plannedCount === readCount ? '' : `, ${plannedCount} planned`;
  const pruned = reason === 'pruned when planned' || reason === 'pruned when run';
  return `${pruned ? '' : '! '}partitions of ${table}: ${readCount} of ${partitionCount} read${planned}, ${pruned ? reason : `none left out: ${reason}`}`;
}

function count(number: number): string {
  return Math.round(number).toLocaleString('en-US');
}

function counted(number: number, noun: string): string {
  return `${count(number)} ${noun}${number === 1 ? '' : 's'}`;
}
