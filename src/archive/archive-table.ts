import type { ClientBase } from 'pg';
import { quoteIdentifier, quoteQualified } from '../database/identifier.js';
import { readPartitionSet, type Partition, type PartitionSet } from '../partitioning/partition-set.js';
import type { PartitionPolicy } from '../partitioning/policy.js';

/** A table, its archive, and what the catalog says of both. */
export interface ArchiveTable {
  readonly policy: PartitionPolicy;
  readonly live: PartitionSet;
  readonly archive: PartitionSet;
  /** Quoted, as in the order in which a transaction of the application takes them. */
  readonly referenced: readonly string[];
  /** Quoted names of the columns that rows are moved by. */
  readonly columns: readonly string[];
  readonly relations: ReadonlyMap<number, RelationFacts>;
}

export interface RelationFacts {
  readonly oid: number;
  /** Quoted and qualified. */
  readonly sql: string;
  readonly kind: 'table' | 'partitioned' | 'foreign';
  readonly owner: string;
  /** The session may change it: it is its owner, or a member of that role. */
  readonly owned: boolean;
  /** `FOR VALUES FROM (…) TO (…)`, exact; null for a root. */
  readonly bound: string | null;
  /** How many foreign keys of the live table it lacks, or has only unproved. */
  readonly missingKeys: number;
}

/** Both roots and every partition. The catalog is read in one statement a question, without locking any table. */
export async function readArchiveTable(
  client: ClientBase,
  policy: PartitionPolicy,
  options: { readonly withSizes?: boolean } = {},
): Promise<ArchiveTable> {
  const live = await readPartitionSet(client, policy, options);
  const archive = await readPartitionSet(
    client,
    { schema: policy.schema, table: policy.archiveTable },
    options,
  );
  const { rows: relations } = await client.query<RelationFacts>(relationsQuery, [
    [live.oid, archive.oid],
    live.oid,
  ]);
  const { rows: referenced } = await client.query<{ sql: string }>(referencedQuery, [live.oid]);
  const { rows: columns } = await client.query<{ name: string }>(columnsQuery, [live.oid]);
  return {
    policy,
    live,
    archive,
    referenced: referenced.map(({ sql }) => sql),
    columns: columns.map(({ name }) => quoteIdentifier(name)),
    relations: new Map(relations.map((relation) => [relation.oid, relation])),
  };
}

/** Quoted and qualified name of a root. */
export function rootSql({ schema, table }: PartitionSet): string {
  return quoteQualified(schema, table);
}

export function partitionSql({ schema, name }: Pick<Partition, 'schema' | 'name'>): string {
  return quoteQualified(schema, name);
}

const relationsQuery = `
  select c.oid, format('%I.%I', n.nspname, c.relname) as sql,
    case c.relkind when 'p' then 'partitioned' when 'f' then 'foreign' else 'table' end as kind,
    pg_get_userbyid(c.relowner) as owner, pg_has_role(c.relowner, 'usage') as owned,
    pg_get_expr(c.relpartbound, 0) as bound,
    (select count(*)::int from pg_constraint as f
     where f.conrelid = $2 and f.contype = 'f' and not exists (
       select from pg_constraint as k
       where k.conrelid = c.oid and k.contype = 'f' and k.convalidated
         and pg_get_constraintdef(k.oid) = pg_get_constraintdef(f.oid)
     )) as "missingKeys"
  from pg_class as c
  join pg_namespace as n on n.oid = c.relnamespace
  where c.oid = any ($1) or c.oid in (select inhrelid from pg_inherits where inhparent = any ($1))`;

// What others point at comes first: users before rooms, as the application takes them.
const referencedQuery = `
  select format('%I.%I', n.nspname, c.relname) as sql
  from pg_class as c
  join pg_namespace as n on n.oid = c.relnamespace
  where c.oid in (select confrelid from pg_constraint where conrelid = $1 and contype = 'f')
  order by (
    select count(*) from pg_constraint as own where own.conrelid = c.oid and own.contype = 'f' and own.confrelid <> c.oid
  ), c.oid`;

const columnsQuery = `
  select attname as name from pg_attribute
  where attrelid = $1 and attnum > 0 and not attisdropped and attgenerated = ''
  order by attnum`;
