import type { ClientBase } from 'pg';
import { quoteIdentifier } from '../../database/identifier.js';

export interface ColdColumn {
  readonly name: string;
  /** As PostgreSQL writes it: `character varying(20)`. */
  readonly type: string;
  readonly notNull: boolean;
  readonly comment: string | null;
}

/** A column of a table that exists now. */
export interface TableColumn extends ColdColumn {
  readonly hasDefault: boolean;
}

/**
 * The columns that hold data of their own, in order. Generated ones are computed again.
 *
 * @param root OID of the partitioned table, whose comments stand for those that a partition lacks
 */
export async function readColumns(
  client: ClientBase,
  relation: number,
  root = relation,
): Promise<readonly TableColumn[]> {
  const { rows } = await client.query<TableColumn>(
    `select a.attname as name, format_type(a.atttypid, a.atttypmod) as type, a.attnotnull as "notNull",
       coalesce(col_description(a.attrelid, a.attnum), col_description(r.attrelid, r.attnum)) as comment,
       a.atthasdef as "hasDefault"
     from pg_attribute as a
     left join pg_attribute as r on r.attrelid = $2 and r.attname = a.attname
     where a.attrelid = $1 and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
     order by a.attnum`,
    [relation, root],
  );
  return rows;
}

/** What keeps rows with these columns from going into that table; empty when nothing does. */
export function columnConflicts(
  columns: readonly ColdColumn[],
  table: readonly TableColumn[],
): readonly string[] {
  const types = new Map(table.map(({ name, type }) => [name, type]));
  const names = new Set(columns.map(({ name }) => name));
  return [
    ...columns.flatMap(({ name, type }) => {
      const now = types.get(name);
      if (now === type) return [];
      return [
        now === undefined
          ? `the table has no column ${name} any more`
          : `column ${name} was ${type} and is ${now}`,
      ];
    }),
    ...table
      .filter(({ name, notNull, hasDefault }) => !names.has(name) && notNull && !hasDefault)
      .map(({ name }) => `column ${name} was added, allows no null and has no default`),
  ];
}

/** Columns of the table that a copy with these columns does not hold. */
export function columnsLeftOut(
  columns: readonly ColdColumn[],
  table: readonly TableColumn[],
): readonly string[] {
  const names = new Set(columns.map(({ name }) => name));
  return table.filter(({ name }) => !names.has(name)).map(({ name }) => name);
}

/** The texts of the columns, the same in every format and on every server under `TEXT_SETTINGS`. */
export function textExpressions(columns: readonly ColdColumn[]): readonly string[] {
  return columns.map(({ name }) => `${quoteIdentifier(name)}::text`);
}

export function columnList(columns: readonly ColdColumn[]): string {
  return columns.map(({ name }) => quoteIdentifier(name)).join(', ');
}

/** On whatever the text of a value depends. Without row_security, rows that a policy hides are an error. */
export const TEXT_SETTINGS = `
  set local time zone 'UTC'; set local datestyle = 'ISO, YMD'; set local intervalstyle = 'postgres';
  set local bytea_output = 'hex'; set local extra_float_digits = 1; set local row_security = off`;
