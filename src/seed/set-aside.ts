import type { ClientBase } from 'pg';
import { quoteIdentifier, quoteLiteral, quoteQualified } from '../database/identifier.js';
import type { TargetTable } from './target-table.js';

/** Something that is dropped before a load and made again after it, with statements as the server writes them. */
interface SetAside {
  readonly kind: 'key' | 'index' | 'foreign key';
  readonly drop: string;
  readonly create: string;
}

export interface SetAsideObjects {
  readonly keys: readonly SetAside[];
  readonly indexes: readonly SetAside[];
  readonly foreignKeys: readonly SetAside[];
  readonly leafIndexes: readonly LeafIndex[];
}

/** What an index of a partition is called, which PostgreSQL would name anew. */
interface LeafIndex {
  readonly parentIndex: string;
  readonly leaf: number;
  readonly schema: string;
  readonly name: string;
}

// Whatever could not be made again exactly as it was stays, and the load is slower: keys that others depend on
// (foreign keys, views), indexes that are invalid, clustered on, a replica identity, with statistics targets or in
// another tablespace, foreign keys that were never validated.
const keysAndForeignKeys = `
  select k.contype = 'f' as foreign, k.conname as name, pg_get_constraintdef(k.oid) as definition,
    obj_description(k.oid, 'pg_constraint') as comment, obj_description(i.indexrelid, 'pg_class') as index_comment,
    ic.relname as index_name
  from pg_constraint k
  left join pg_index i on i.indexrelid = k.conindid and k.contype <> 'f'
  left join pg_class ic on ic.oid = i.indexrelid
  where k.conrelid = $1 and k.conparentid = 0
    and (
      (k.contype = 'f' and k.convalidated)
      or (k.contype in ('p', 'u', 'x') and ${isPlain()}
        and not exists (
          select from pg_depend d
          where d.refclassid = 'pg_constraint'::regclass and d.refobjid = k.oid and d.deptype = 'n')
        and not exists (select from pg_constraint f where f.contype = 'f' and f.conindid = i.indexrelid))
    )
  order by k.contype = 'f', k.contype <> 'p', k.conname`;

const plainIndexes = `
  select ic.relname as name, obj_description(ic.oid, 'pg_class') as comment,
    pg_get_indexdef(ic.oid) as definition,
    format('CREATE %sINDEX %I ON ', case when i.indisunique then 'UNIQUE ' else '' end, ic.relname) as beginning
  from pg_index i
  join pg_class ic on ic.oid = i.indexrelid
  where i.indrelid = $1 and ${isPlain()}
    and not exists (select from pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x'))
  order by ic.relname`;

function isPlain(): string {
  return `i.indisvalid and not i.indisclustered and not i.indisreplident and ic.reltablespace = 0
    and not exists (select from pg_attribute a where a.attrelid = ic.oid and a.attstattarget >= 0)
    and not exists (
      select from pg_depend d
      where d.classid = 'pg_class'::regclass and d.objid = ic.oid and d.deptype in ('e', 'x'))`;
}

const leafIndexes = `
  select pc.relname as "parentIndex", i.indrelid as leaf, n.nspname as schema, c.relname as name
  from pg_index p
  join pg_class pc on pc.oid = p.indexrelid
  join pg_inherits h on h.inhparent = p.indexrelid
  join pg_class c on c.oid = h.inhrelid
  join pg_namespace n on n.oid = c.relnamespace
  join pg_index i on i.indexrelid = c.oid
  where p.indrelid = $1
  order by 1, 2`;

interface ConstraintRow {
  readonly foreign: boolean;
  readonly name: string;
  readonly definition: string;
  readonly comment: string | null;
  readonly index_name: string | null;
  readonly index_comment: string | null;
}

interface IndexRow {
  readonly name: string;
  readonly definition: string;
  readonly beginning: string;
  readonly comment: string | null;
}

/** What can be set aside while rows are loaded: building an index once is several times as fast as row by row. */
export async function readSetAside(
  client: ClientBase,
  { oid, sqlName }: TargetTable,
): Promise<SetAsideObjects> {
  const constraints = await client.query<ConstraintRow>(keysAndForeignKeys, [oid]);
  const indexes = await client.query<IndexRow>(plainIndexes, [oid]);
  const leaves = await client.query<LeafIndex>(leafIndexes, [oid]);
  const ofConstraint = (row: ConstraintRow): SetAside => ({
    kind: row.foreign ? 'foreign key' : 'key',
    drop: `alter table ${sqlName} drop constraint ${quoteIdentifier(row.name)}`,
    create: [
      `alter table ${sqlName} add constraint ${quoteIdentifier(row.name)} ${row.definition}`,
      ...comment(`constraint ${quoteIdentifier(row.name)} on ${sqlName}`, row.comment),
      ...comment(`index ${schemaOf(sqlName)}.${quoteIdentifier(row.index_name ?? '')}`, row.index_comment),
    ].join('; '),
  });
  return {
    keys: constraints.rows.filter((row) => !row.foreign).map(ofConstraint),
    foreignKeys: constraints.rows.filter((row) => row.foreign).map(ofConstraint),
    indexes: indexes.rows.map((row) => ({
      kind: 'index',
      drop: `drop index ${schemaOf(sqlName)}.${quoteIdentifier(row.name)}`,
      create: [
        withoutOnly(row),
        ...comment(`index ${schemaOf(sqlName)}.${quoteIdentifier(row.name)}`, row.comment),
      ].join('; '),
    })),
    leafIndexes: leaves.rows,
  };
}

export async function dropSetAside(client: ClientBase, objects: SetAsideObjects): Promise<void> {
  const { keys, indexes, foreignKeys } = objects;
  const drops = [...foreignKeys, ...indexes, ...keys].map(({ drop }) => drop);
  if (drops.length > 0) await client.query(drops.join(';\n'));
}

export type RebuildPhase = SetAside['kind'];

/** Keys first, then the other indexes, then the foreign keys, which look every row up in what they reference. */
export async function rebuildSetAside(
  client: ClientBase,
  table: TargetTable,
  objects: SetAsideObjects,
  onPhase: (phase: RebuildPhase) => void,
): Promise<void> {
  for (const group of [objects.keys, objects.indexes, objects.foreignKeys]) {
    if (group[0] !== undefined) onPhase(group[0].kind);
    for (const { create } of group) await client.query(create);
  }
  await restoreLeafNames(client, table, objects.leafIndexes);
}

async function restoreLeafNames(
  client: ClientBase,
  { oid }: TargetTable,
  before: readonly LeafIndex[],
): Promise<void> {
  if (before.length === 0) return;
  const { rows } = await client.query<LeafIndex>(leafIndexes, [oid]);
  const keyOf = ({ parentIndex, leaf }: LeafIndex): string => `${leaf} ${parentIndex}`;
  const names = new Map(before.map((index) => [keyOf(index), index.name]));
  const renamed = rows.flatMap((index) => {
    const name = names.get(keyOf(index));
    return name === undefined || name === index.name ? [] : [{ ...index, wanted: name }];
  });
  // In two steps: two of them may have swapped names.
  for (const [number, { schema, name }] of renamed.entries()) {
    await client.query(`alter index ${quoteQualified(schema, name)} rename to studymate_seed_${number}`);
  }
  for (const [number, { schema, wanted }] of renamed.entries()) {
    const temporary = quoteQualified(schema, `studymate_seed_${number}`);
    await client.query(`alter index ${temporary} rename to ${quoteIdentifier(wanted)}`);
  }
}

/** The server describes the index of a partitioned table as ON ONLY, which would leave the partitions without. */
function withoutOnly({ definition, beginning }: IndexRow): string {
  const only = `${beginning}ONLY `;
  return definition.startsWith(only) ? `${beginning}${definition.slice(only.length)}` : definition;
}

function comment(object: string, text: string | null): string[] {
  return text === null ? [] : [`comment on ${object} is ${quoteLiteral(text)}`];
}

function schemaOf(sqlName: string): string {
  return sqlName.slice(0, sqlName.indexOf('.'));
}
