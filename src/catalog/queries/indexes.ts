import type pg from 'pg';
import type { Index } from '../catalog.js';
import { groupBy } from '../group-by.js';
import { formatIdentifier, presentSql } from '../normal-sql.js';

interface Row {
  readonly relation: number;
  readonly name: string;
  readonly definition: string | null;
  readonly constraint: string | null;
  readonly valid: boolean;
  readonly options: readonly string[];
  readonly comment: string | null;
}

// What is attached to a partitioned index is part of it. pg_index.indisvalid of a partitioned index is false
// while a partition lacks its index or has an invalid one.
const indexes = `
  select i.indrelid as relation, i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as definition,
         o.conname::text as constraint, i.indisvalid and i.indisready as valid,
         case when o.oid is null then '{}'
              else array(select p from unnest(c.reloptions) p order by p collate "C") end as options,
         d.description as comment
    from pg_index i
    join pg_class c on c.oid = i.indexrelid
    join pg_namespace n on n.oid = c.relnamespace
    left join pg_constraint o on o.conindid = i.indexrelid and o.conrelid = i.indrelid
                             and o.contype in ('p', 'u', 'x')
    left join pg_description d
      on d.classoid = 'pg_class'::regclass and d.objoid = i.indexrelid and d.objsubid = 0
   where not c.relispartition and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
   order by i.indrelid, c.relname collate "C"`;

/** The indexes of tables and materialized views, by the oid of the relation. */
export async function listIndexes(client: pg.ClientBase): Promise<ReadonlyMap<number, readonly Index[]>> {
  const { rows } = await client.query<Row>(indexes);
  return groupBy(rows, (row) => row.relation, indexOf);
}

function indexOf(row: Row): Index {
  return {
    name: presentSql(row.name),
    // The definition of a partitioned index says ONLY, and would not reach the partitions when it is run.
    definition: presentSql(row.definition).replace(
      /^(create (?:unique )?index (?:"(?:[^"]|"")*"|\w+) on) only /,
      '$1 ',
    ),
    constraint: row.constraint === null ? null : formatIdentifier(row.constraint),
    valid: row.valid,
    options: row.options,
    comment: row.comment,
  };
}
