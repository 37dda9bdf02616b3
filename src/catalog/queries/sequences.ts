import type pg from 'pg';
import type { Sequence } from '../catalog.js';
import { formatIdentifier, normalSql, presentSql } from '../normal-sql.js';

export interface SequenceRow extends Omit<Sequence, 'privileges'> {
  readonly oid: number;
}

interface Row {
  readonly oid: number;
  readonly name: string;
  readonly type: string;
  readonly options: string;
  readonly unlogged: boolean;
  readonly owner_table: string | null;
  readonly owner_column: string | null;
  readonly owner_identity: boolean | null;
  readonly comment: string | null;
}

// The last value is data, not schema, so pg_sequence is all there is to read.
const sequences = `
  select c.oid, c.oid::regclass::text as name, format_type(s.seqtypid, null) as type,
         c.relpersistence = 'u' as unlogged, d.description as comment,
         concat_ws(' ',
           case when s.seqincrement <> 1 then 'increment by ' || s.seqincrement end,
           case when s.seqmin <> f.low then 'minvalue ' || s.seqmin end,
           case when s.seqmax <> f.high then 'maxvalue ' || s.seqmax end,
           case when s.seqstart <> case when s.seqincrement > 0 then s.seqmin else s.seqmax end
                then 'start with ' || s.seqstart end,
           case when s.seqcache <> 1 then 'cache ' || s.seqcache end,
           case when s.seqcycle then 'cycle' end) as options,
         o.refobjid::regclass::text as owner_table, a.attname::text as owner_column,
         o.deptype = 'i' as owner_identity
    from pg_sequence s
    join pg_class c on c.oid = s.seqrelid
    join pg_namespace n on n.oid = c.relnamespace
    join lateral (
      select case when s.seqincrement > 0 then 1 else t.low end as low,
             case when s.seqincrement > 0 then t.high else -1 end as high
        from (values ('smallint'::regtype::oid, (-32768)::bigint, 32767::bigint),
                     ('integer'::regtype::oid, -2147483648, 2147483647),
                     ('bigint'::regtype::oid, -9223372036854775808, 9223372036854775807)) t (type, low, high)
       where t.type = s.seqtypid) f on true
    left join pg_depend o on o.classid = 'pg_class'::regclass and o.objid = c.oid and o.objsubid = 0
                         and o.refclassid = 'pg_class'::regclass and o.refobjsubid > 0 and o.deptype in ('a', 'i')
    left join pg_attribute a on a.attrelid = o.refobjid and a.attnum = o.refobjsubid
    left join pg_description d on d.classoid = 'pg_class'::regclass and d.objoid = c.oid and d.objsubid = 0
   where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
     and not exists (select from pg_depend e
                      where e.classid = 'pg_class'::regclass and e.objid = c.oid and e.deptype = 'e')
   order by n.nspname collate "C", c.relname collate "C"`;

export async function listSequences(client: pg.ClientBase): Promise<readonly SequenceRow[]> {
  const { rows } = await client.query<Row>(sequences);
  return rows.map((row) => ({
    oid: row.oid,
    name: presentSql(row.name),
    type: normalSql(row.type),
    options: row.options,
    unlogged: row.unlogged,
    owner:
      row.owner_table === null || row.owner_column === null
        ? null
        : {
            table: presentSql(row.owner_table),
            column: formatIdentifier(row.owner_column),
            identity: row.owner_identity === true,
          },
    comment: row.comment,
  }));
}
