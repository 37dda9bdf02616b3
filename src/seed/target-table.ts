import type { ClientBase } from 'pg';
import { quoteQualified } from '../database/identifier.js';

export interface TableColumn {
  readonly name: string;
  readonly typeOid: number;
  /** As SQL writes it, with its modifier. */
  readonly type: string;
}

export interface TargetColumn extends TableColumn {
  /** Not null and without a default: a row cannot do without it. */
  readonly required: boolean;
  readonly generated: boolean;
  /** Schema-qualified and quoted name of the sequence it owns; null without one. */
  readonly sequence: string | null;
}

/** A table of the database that rows are loaded into. */
export interface TargetTable {
  readonly oid: number;
  readonly name: string;
  /** Schema-qualified and quoted. */
  readonly sqlName: string;
  readonly partitioned: boolean;
  readonly columns: readonly TargetColumn[];
  /** Names of the tables its foreign keys reference, but for itself. */
  readonly references: readonly string[];
}

export const SEEDED_SCHEMA = 'public';

const targetTables = `
  select c.oid, c.relname as name, c.relkind = 'p' as partitioned,
    array(
      select distinct r.relname::text
      from pg_constraint f
      join pg_class r on r.oid = f.confrelid
      where f.contype = 'f' and f.conrelid = c.oid and f.confrelid <> c.oid and r.relnamespace = c.relnamespace
      order by 1
    ) as references,
    (
      select json_agg(json_build_object(
        'name', a.attname,
        'typeOid', a.atttypid::bigint,
        'type', format_type(a.atttypid, a.atttypmod),
        'required', a.attnotnull and not a.atthasdef and a.attidentity = '',
        'generated', a.attgenerated <> '',
        'sequence', pg_get_serial_sequence(c.oid::regclass::text, a.attname)
      ) order by a.attnum)
      from pg_attribute a
      where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    ) as columns
  from pg_class c
  join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = $1 and c.relname = any ($2) and c.relkind in ('r', 'p')`;

/** By name; a table that is not there is left out. */
export async function readTargetTables(
  client: ClientBase,
  names: readonly string[],
): Promise<ReadonlyMap<string, TargetTable>> {
  const { rows } = await client.query<Omit<TargetTable, 'sqlName'>>(targetTables, [SEEDED_SCHEMA, names]);
  return new Map(rows.map((row) => [row.name, { ...row, sqlName: quoteQualified(SEEDED_SCHEMA, row.name) }]));
}
