import type { ClientBase } from 'pg';
import { readPartitionSet, type PartitionSet } from '../partitioning/partition-set.js';
import { OperationError } from '../errors.js';
import { conditionsOf, walkPlan, type PlanNode } from './plan-node.js';

/** What the catalog says about a table that a plan reads. */
export interface Relation {
  readonly schema: string;
  readonly name: string;
  /** The partitioned table it is a part of; its own name when it is none. */
  readonly root: string;
  readonly rootSchema: string;
  readonly isPartition: boolean;
  readonly isDefault: boolean;
  readonly pages: number;
  /** As of the last ANALYZE or VACUUM; undefined when there was none. */
  readonly estimatedRows: number | undefined;
  readonly lastAnalyze: Date | undefined;
  readonly rowsChangedSince: number;
  readonly indexes: readonly RelationIndex[];
}

export interface RelationIndex {
  readonly name: string;
  /** Of the partitioned index it belongs to; its own name when there is none. */
  readonly root: string;
  /** Undefined for an expression. */
  readonly leadingColumn: string | undefined;
  /** The condition of a partial index. */
  readonly predicate: string | undefined;
  readonly isValid: boolean;
}

/** What the catalog says about everything a plan names. */
export interface Relations {
  of(node: PlanNode): Relation | undefined;
  /** The partitioned index of each index of the tables, by name: a bitmap's index scan does not name its table. */
  readonly indexRoots: ReadonlyMap<string, string>;
  /** By `schema.name` of a partitioned table of months; others are not there. */
  readonly partitionSets: ReadonlyMap<string, PartitionSet>;
  /** Names of functions in conditions whose result is another at every call. */
  readonly volatileFunctions: ReadonlySet<string>;
}

/** Reads what the plans name from the catalog; takes no lock on a table. Inside a transaction time zone and date style become UTC and ISO. */
export async function readRelations(client: ClientBase, plans: readonly PlanNode[]): Promise<Relations> {
  const nodes = plans.flatMap((plan) => [...walkPlan(plan)]);
  const named = nodes.filter((node) => node['Relation Name'] !== undefined && node.Schema !== undefined);
  const { rows } = await client.query<RelationRow>(relationsQuery, [
    named.map((node) => node.Schema),
    named.map((node) => node['Relation Name']),
  ]);
  const relations = new Map(rows.map((row) => [`${row.schema}.${row.name}`, toRelation(row)]));
  return {
    of: (node) => relations.get(`${node.Schema ?? ''}.${node['Relation Name'] ?? ''}`),
    indexRoots: new Map(
      [...relations.values()].flatMap(({ indexes }) =>
        indexes.map(({ name, root }) => [name, root] as const),
      ),
    ),
    partitionSets: await readPartitionSets(client, [...relations.values()]),
    volatileFunctions: await readVolatileFunctions(client, nodes),
  };
}

interface RelationRow {
  schema: string;
  name: string;
  root: string;
  root_schema: string;
  is_partition: boolean;
  is_default: boolean;
  pages: number;
  estimated_rows: number | null;
  last_analyze: Date | null;
  rows_changed: string | null;
  indexes: readonly {
    name: string;
    root: string;
    leading_column: string | null;
    predicate: string | null;
    is_valid: boolean;
  }[];
}

const relationsQuery = `
  with wanted as (select distinct * from unnest($1::text[], $2::text[]) as w (schema, name))
  select n.nspname as schema, c.relname as name, root.relname as root, root_schema.nspname as root_schema,
    c.relispartition as is_partition, coalesce(partitioned.partdefid = c.oid, false) as is_default,
    c.relpages as pages, case when c.reltuples >= 0 then c.reltuples::float8 end as estimated_rows,
    greatest(s.last_analyze, s.last_autoanalyze) as last_analyze, s.n_mod_since_analyze as rows_changed,
    coalesce(indexes.list, '[]') as indexes
  from wanted as w
  join pg_namespace as n on n.nspname = w.schema
  join pg_class as c on c.relnamespace = n.oid and c.relname = w.name
  join pg_class as root on root.oid = coalesce(pg_partition_root(c.oid), c.oid)
  join pg_namespace as root_schema on root_schema.oid = root.relnamespace
  left join pg_inherits as i on i.inhrelid = c.oid and c.relispartition
  left join pg_partitioned_table as partitioned on partitioned.partrelid = i.inhparent
  left join pg_stat_all_tables as s on s.relid = c.oid
  cross join lateral (
    select jsonb_agg(jsonb_build_object(
      'name', ic.relname,
      'root', coalesce((select r.relname from pg_class as r where r.oid = pg_partition_root(ic.oid)), ic.relname),
      'leading_column', a.attname,
      'predicate', pg_get_expr(x.indpred, x.indrelid),
      'is_valid', x.indisvalid
    ) order by ic.relname) as list
    from pg_index as x
    join pg_class as ic on ic.oid = x.indexrelid
    left join pg_attribute as a on a.attrelid = x.indrelid and a.attnum = x.indkey[0] and x.indkey[0] > 0
    where x.indrelid = c.oid
  ) as indexes`;

function toRelation(row: RelationRow): Relation {
  return {
    schema: row.schema,
    name: row.name,
    root: row.root,
    rootSchema: row.root_schema,
    isPartition: row.is_partition,
    isDefault: row.is_default,
    pages: row.pages,
    estimatedRows: row.estimated_rows ?? undefined,
    lastAnalyze: row.last_analyze ?? undefined,
    rowsChangedSince: Number(row.rows_changed ?? 0),
    indexes: row.indexes.map((index) => ({
      name: index.name,
      root: index.root,
      leadingColumn: index.leading_column ?? undefined,
      predicate: index.predicate ?? undefined,
      isValid: index.is_valid,
    })),
  };
}

async function readPartitionSets(
  client: ClientBase,
  relations: readonly Relation[],
): Promise<ReadonlyMap<string, PartitionSet>> {
  const roots = new Map(
    relations
      .filter(({ isPartition }) => isPartition)
      .map(({ root, rootSchema }) => [`${rootSchema}.${root}`, { schema: rootSchema, table: root }]),
  );
  const sets = new Map<string, PartitionSet>();
  for (const [key, root] of roots) {
    try {
      sets.set(key, await readPartitionSet(client, root));
    } catch (error) {
      // Partitioned in another way than by month: there is nothing to say about its months.
      if (!(error instanceof OperationError && error.code === 'PARTITION_TABLE_UNSUPPORTED')) throw error;
    }
  }
  return sets;
}

async function readVolatileFunctions(
  client: ClientBase,
  nodes: readonly PlanNode[],
): Promise<ReadonlySet<string>> {
  const names = nodes
    .flatMap(conditionsOf)
    .flatMap((condition) => [...condition.matchAll(/([a-z_][a-z0-9_]*)\(/g)].map(([, name]) => name));
  const { rows } = await client.query<{ name: string }>(
    `select distinct proname as name from pg_proc where proname = any($1::text[]) and provolatile = 'v'`,
    [[...new Set(names)]],
  );
  return new Set(rows.map(({ name }) => name));
}
