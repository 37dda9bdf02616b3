import type { ClientBase } from 'pg';
import { quoteIdentifier } from '../../database/identifier.js';

/** A foreign key of the live table, which the archived partition will have too. */
export interface ParentKey {
  readonly name: string;
  readonly definition: string;
  /** Quoted and qualified. */
  readonly parent: string;
  /** Whether the server sets the column null when the parent is deleted; else the row goes with it. */
  readonly setsNull: boolean;
  readonly columns: readonly string[];
  readonly parentColumns: readonly string[];
}

/** Rows whose user or room is gone. */
export interface GoneParents {
  /** `sender_id` */
  readonly column: string;
  readonly parent: string;
  readonly rows: number;
  readonly parents: number;
  /** The first of them, at most twenty. */
  readonly examples: readonly string[];
  readonly setsNull: boolean;
}

/** Run it under a search path without the schemas of the tables: the definitions are qualified then. */
export async function readParentKeys(client: ClientBase, live: number): Promise<readonly ParentKey[]> {
  const { rows } = await client.query<ParentKey>(
    `select f.conname as name, pg_get_constraintdef(f.oid) as definition,
       format('%I.%I', n.nspname, c.relname) as parent, f.confdeltype = 'n' as "setsNull",
       array(select a.attname::text from unnest(f.conkey) with ordinality as k (attnum, position)
             join pg_attribute as a on a.attrelid = f.conrelid and a.attnum = k.attnum order by position) as columns,
       array(select a.attname::text from unnest(f.confkey) with ordinality as k (attnum, position)
             join pg_attribute as a on a.attrelid = f.confrelid and a.attnum = k.attnum order by position) as "parentColumns"
     from pg_constraint as f
     join pg_class as c on c.oid = f.confrelid
     join pg_namespace as n on n.oid = c.relnamespace
     where f.conrelid = $1 and f.contype = 'f'
     order by f.conname`,
    [live],
  );
  return rows;
}

/** By foreign key; only those that have any. */
export async function countGoneParents(
  client: ClientBase,
  qualifiedName: string,
  keys: readonly ParentKey[],
): Promise<readonly GoneParents[]> {
  const found: GoneParents[] = [];
  for (const key of keys) {
    const value = key.columns.map((name) => `t.${quoteIdentifier(name)}::text`).join(` || ',' || `);
    const { rows } = await client.query<{ rows: string; parents: string; examples: string[] }>(
      `with gone as (
         select ${value} as value, count(*) as rows from only ${qualifiedName} as t where ${isGone(key)} group by 1
       )
       select coalesce(sum(rows), 0) as rows, count(*) as parents,
         array(select value from gone order by length(value), value limit 20) as examples
       from gone`,
    );
    const [row] = rows;
    if (row === undefined || row.parents === '0') continue;
    found.push({
      column: key.columns.join(', '),
      parent: key.parent,
      rows: Number(row.rows),
      parents: Number(row.parents),
      examples: row.examples,
      setsNull: key.setsNull,
    });
  }
  return found;
}

export interface ErasedRows {
  /** Rows that went with their user or room. */
  readonly deleted: number;
  /** Rows that lost a pointer at one. */
  readonly cleared: number;
}

/**
 * Does to the rows what deleting their users and rooms would have done. On an attached partition of messages the
 * triggers run, which clear reply and last-read pointers at what is deleted.
 */
export async function eraseGoneRows(
  client: ClientBase,
  qualifiedName: string,
  keys: readonly ParentKey[],
): Promise<ErasedRows> {
  let [deleted, cleared] = [0, 0];
  for (const key of keys) {
    if (key.setsNull) {
      const columns = key.columns.map((name) => `${quoteIdentifier(name)} = null`).join(', ');
      const { rowCount } = await client.query(
        `update only ${qualifiedName} as t set ${columns} where ${isGone(key)}`,
      );
      cleared += rowCount ?? 0;
    } else {
      const { rowCount } = await client.query(`delete from only ${qualifiedName} as t where ${isGone(key)}`);
      deleted += rowCount ?? 0;
    }
  }
  return { deleted, cleared };
}

function isGone({ parent, columns, parentColumns }: ParentKey): string {
  const present = columns.map((name) => `t.${quoteIdentifier(name)} is not null`);
  const matches = columns.map(
    (name, index) => `p.${quoteIdentifier(parentColumns[index] ?? '')} = t.${quoteIdentifier(name)}`,
  );
  return `${present.join(' and ')} and not exists (select from ${parent} as p where ${matches.join(' and ')})`;
}

/** A line for each foreign key. */
export function describeGoneParents(gone: readonly GoneParents[]): string {
  return gone
    .map(({ column, parent, rows, parents, examples }) => {
      const more = parents > examples.length ? ', …' : '';
      return `${rows} rows by ${column}: ${parents} of ${parent} are gone (${examples.join(', ')}${more})`;
    })
    .join('\n');
}
