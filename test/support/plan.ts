import type { CompiledQuery } from 'kysely';
import type pg from 'pg';

export interface PlanShape {
  /**
   * How each table was read, such as `chat_messages by idx_chat_messages_room_time in 2 partitions`, or `users by
   * sequential scan`; sorted, each once. What was planned and not run is left out, and so are tables that hold nothing.
   */
  readonly scans: readonly string[];
  /** Pages touched, of tables and indexes, in the cache or not. */
  readonly buffers: number;
  /** Partitions of messages, live or archived, that the plan names, run or not: what the planner could not rule out. */
  readonly plannedPartitions: number;
}

interface Node {
  readonly 'Node Type': string;
  readonly 'Actual Loops': number;
  readonly 'Index Name'?: string;
  readonly 'Relation Name'?: string;
  readonly 'Shared Hit Blocks': number;
  readonly 'Shared Read Blocks': number;
  readonly Plans?: readonly Node[];
}

interface Relation {
  readonly root: string;
  readonly isEmpty: boolean;
}

/** Runs the statements in turn in a transaction that is rolled back, and tells how each was done. */
export async function explainAll(
  client: pg.ClientBase,
  statements: readonly CompiledQuery[],
): Promise<PlanShape[]> {
  const relations = await readRelations(client);
  const shapes: PlanShape[] = [];
  await client.query('begin');
  try {
    for (const { sql, parameters } of statements) {
      const { rows } = await client.query<{ 'QUERY PLAN': readonly [{ readonly Plan: Node }] }>(
        `explain (analyze, buffers, timing off, format json) ${sql}`,
        [...parameters],
      );
      const [row] = rows;
      if (row === undefined) throw new Error('the server gave no plan');
      shapes.push(shapeOf(row['QUERY PLAN'][0].Plan, relations));
    }
  } finally {
    await client.query('rollback');
  }
  return shapes;
}

/** Tables and indexes by name, and what they are a partition of. */
async function readRelations(client: pg.ClientBase): Promise<ReadonlyMap<string, Relation>> {
  const { rows } = await client.query<{ name: string; root: string; is_empty: boolean }>(
    `select c.relname as name, root.relname as root, c.relkind in ('r', 'i') and pg_relation_size(c.oid) = 0 as is_empty
     from pg_class c
     join pg_class root on root.oid = coalesce(pg_partition_root(c.oid), c.oid)
     where c.relnamespace = 'public'::regnamespace`,
  );
  return new Map(rows.map(({ name, root, is_empty }) => [name, { root, isEmpty: is_empty }]));
}

function shapeOf(plan: Node, relations: ReadonlyMap<string, Relation>): PlanShape {
  const partitions = new Map<string, Set<string>>();
  let plannedPartitions = 0;
  const visit = (node: Node): void => {
    const name = node['Relation Name'];
    const relation = name === undefined ? undefined : relations.get(name);
    if (name !== undefined && relation !== undefined && node['Node Type'] !== 'ModifyTable') {
      if (/^chat_messages/.test(relation.root) && relation.root !== name) plannedPartitions += 1;
      if (node['Actual Loops'] > 0 && !relation.isEmpty)
        for (const access of accessesOf(node)) {
          const scan = `${relation.root} by ${relations.get(access)?.root ?? access}`;
          partitions.set(scan, (partitions.get(scan) ?? new Set()).add(relation.root === name ? '' : name));
        }
    }
    node.Plans?.forEach(visit);
  };
  visit(plan);
  return {
    scans: [...partitions].map(([scan, names]) => `${scan}${inPartitions(names)}`).sort(),
    buffers: plan['Shared Hit Blocks'] + plan['Shared Read Blocks'],
    plannedPartitions,
  };
}

function accessesOf(node: Node): string[] {
  if (node['Index Name'] !== undefined) return [node['Index Name']];
  if (node['Node Type'] === 'Bitmap Heap Scan') return bitmapIndexes(node);
  return [node['Node Type'] === 'Seq Scan' ? 'sequential scan' : node['Node Type']];
}

function bitmapIndexes(node: Node): string[] {
  return (node.Plans ?? []).flatMap((child) =>
    child['Index Name'] === undefined ? bitmapIndexes(child) : [child['Index Name']],
  );
}

function inPartitions(names: ReadonlySet<string>): string {
  if (names.has('')) return '';
  return ` in ${names.size} ${names.size === 1 ? 'partition' : 'partitions'}`;
}
