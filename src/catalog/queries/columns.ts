import type pg from 'pg';
import type { Column } from '../catalog.js';
import { groupBy } from '../group-by.js';
import { formatIdentifier, normalSql, normalSqlOrNull } from '../normal-sql.js';

interface Row {
  readonly relation: number;
  readonly name: string;
  readonly type: string;
  readonly collation: string | null;
  readonly not_null: boolean;
  readonly default: string | null;
  readonly identity: Column['identity'];
  readonly generated: Column['generated'];
  readonly storage: string | null;
  readonly compression: string | null;
  readonly statistics_target: number | null;
  readonly options: readonly string[];
  readonly comment: string | null;
}

// «No target» is -1 up to PostgreSQL 16 and null since. A NOT NULL that is not validated or not inherited
// (PostgreSQL 18) is listed with the constraints.
const columns = `
  select a.attrelid as relation, a.attname::text as name, format_type(a.atttypid, a.atttypmod) as type,
         case when a.attcollation <> t.typcollation then a.attcollation::regcollation::text end as collation,
         a.attnotnull and not exists (
           select from pg_constraint o
            where o.conrelid = a.attrelid and o.contype = 'n' and o.conkey = array[a.attnum]
              and not (o.convalidated and not o.connoinherit)) as not_null,
         pg_get_expr(f.adbin, f.adrelid) as default,
         case a.attidentity when 'a' then 'always' when 'd' then 'by default' end as identity,
         case a.attgenerated when 's' then 'stored' when 'v' then 'virtual' end as generated,
         case when a.attstorage <> t.typstorage then
           case a.attstorage when 'p' then 'plain' when 'e' then 'external' when 'x' then 'extended' else 'main' end
         end as storage,
         case a.attcompression when 'p' then 'pglz' when 'l' then 'lz4' end as compression,
         nullif(a.attstattarget, -1)::int as statistics_target,
         array(select o from unnest(a.attoptions) o order by o collate "C") as options,
         d.description as comment
    from pg_attribute a
    join pg_class c on c.oid = a.attrelid
    join pg_namespace n on n.oid = c.relnamespace
    join pg_type t on t.oid = a.atttypid
    left join pg_attrdef f on f.adrelid = a.attrelid and f.adnum = a.attnum
    left join pg_description d
      on d.classoid = 'pg_class'::regclass and d.objoid = a.attrelid and d.objsubid = a.attnum
   where c.relkind in ('r', 'p', 'v', 'm') and a.attnum > 0 and not a.attisdropped
     and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
   order by a.attrelid, a.attnum`;

/** The columns of tables and views, by the oid of the relation. */
export async function listColumns(client: pg.ClientBase): Promise<ReadonlyMap<number, readonly Column[]>> {
  const { rows } = await client.query<Row>(columns);
  return groupBy(rows, (row) => row.relation, columnOf);
}

function columnOf(row: Row): Column {
  return {
    name: formatIdentifier(row.name),
    type: normalSql(row.type),
    collation: normalSqlOrNull(row.collation),
    notNull: row.not_null,
    default: normalSqlOrNull(row.default),
    identity: row.identity,
    generated: row.generated,
    storage: row.storage,
    compression: row.compression,
    statisticsTarget: row.statistics_target,
    options: row.options,
    comment: row.comment,
  };
}
