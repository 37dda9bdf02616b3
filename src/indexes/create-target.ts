import type { ClientBase } from 'pg';
import { OperationError } from '../errors.js';
import { DEFINITION_TAIL } from './definition-tail.js';

export interface TargetTable {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly partitioned: boolean;
}

/** @throws OperationError INDEX_TABLE_MISSING, INDEX_TABLE_UNSUPPORTED */
export async function readTargetTable(
  client: ClientBase,
  { schema, table }: { readonly schema: string; readonly table: string },
): Promise<TargetTable> {
  const { rows } = await client.query<TargetTable & { kind: string; subPartitioned: boolean }>(
    `select c.oid, n.nspname::text as schema, c.relname::text as name, c.relkind = 'p' as partitioned,
            c.relkind::text as kind,
            exists (select from pg_partition_tree(c.oid) p where p.level > 0 and not p.isleaf) as "subPartitioned"
       from pg_class c
       join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = $1 and c.relname = $2`,
    [schema, table],
  );
  const [found] = rows;
  if (found === undefined) {
    throw new OperationError('INDEX_TABLE_MISSING', `there is no table ${schema}.${table}`, {
      hint: 'Apply the migrations with «studymate-db migrate», or give the schema with --schema.',
    });
  }
  const { kind, subPartitioned, ...target } = found;
  if (subPartitioned || !['r', 'p', 'm'].includes(kind)) {
    throw new OperationError(
      'INDEX_TABLE_UNSUPPORTED',
      subPartitioned
        ? `${schema}.${table} has partitions that are partitioned again`
        : `${schema}.${table} is no table`,
      { hint: 'Make its indexes level by level, or on the table that it shows.' },
    );
  }
  return target;
}

/** What has the name that an index is to have. */
export interface NameHolder {
  readonly oid: number;
  /** Undefined when it is no index. */
  readonly tableOid: number | undefined;
  readonly unique: boolean;
  readonly valid: boolean;
  readonly live: boolean;
  /** What follows the table in its definition. */
  readonly tail: string | undefined;
}

export async function readNameHolder(
  client: ClientBase,
  { schema, name }: { readonly schema: string; readonly name: string },
): Promise<NameHolder | undefined> {
  const { rows } = await client.query<{
    oid: number;
    table_oid: number | null;
    is_unique: boolean | null;
    valid: boolean | null;
    live: boolean | null;
    tail: string | null;
  }>(
    `select c.oid, i.indrelid as table_oid, i.indisunique as is_unique, i.indisvalid and i.indisready as valid,
            i.indislive as live, case when i.indexrelid is not null then ${DEFINITION_TAIL} end as tail
       from pg_class c
       join pg_namespace n on n.oid = c.relnamespace
       left join pg_index i on i.indexrelid = c.oid
       left join pg_class t on t.oid = i.indrelid
       left join pg_namespace tn on tn.oid = t.relnamespace
      where n.nspname = $1 and c.relname = $2`,
    [schema, name],
  );
  const [row] = rows;
  return (
    row && {
      oid: row.oid,
      tableOid: row.table_oid ?? undefined,
      unique: row.is_unique === true,
      valid: row.valid === true,
      live: row.live === true,
      tail: row.tail ?? undefined,
    }
  );
}
