// An index of a partition is a leaf of the partitioned index it is attached to. One that is not attached (local,
// half made, left over by a killed rebuild) stands for itself. Indexes of the server, of extensions and of other
// sessions' temporary tables are not ours to judge. $1: schema or null. $2: table, or its partitioned root, or null.
const tree = `
  with recursive tree (root, index) as (
    select i.indexrelid, i.indexrelid
      from pg_index i
      join pg_class c on c.oid = i.indexrelid and not c.relispartition
      join pg_class t on t.oid = i.indrelid
      join pg_namespace n on n.oid = t.relnamespace
     where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
       and ($1::text is null or n.nspname = $1)
       and ($2::text is null or coalesce(pg_partition_root(t.oid), t.oid)
              in (select r.oid from pg_class r where r.relname = $2))
       and not exists (select from pg_depend e
                        where e.classid = 'pg_class'::regclass and e.objid = t.oid and e.deptype = 'e')
    union all
    select tree.root, h.inhrelid
      from tree
      join pg_inherits h on h.inhparent = tree.index
  )`;

export const logicalIndexesQuery = `${tree}
  select i.indexrelid as oid, n.nspname::text as schema, c.relname::text as name,
         t.oid as table_oid, tn.nspname::text as table_schema, t.relname::text as table_name,
         t.relkind = 'p' as table_partitioned, t.relispartition as table_is_partition,
         pg_get_userbyid(t.relowner)::text as owner,
         case when t.relkind = 'p'
              then (select sum(l.reltuples) filter (where l.reltuples >= 0)
                      from pg_partition_tree(t.oid) p join pg_class l on l.oid = p.relid
                     where p.isleaf)
              else nullif(t.reltuples, -1)
         end::float8 as estimated_rows,
         am.amname::text as method, pg_get_indexdef(i.indexrelid) as definition,
         i.indisunique as is_unique, i.indisprimary as is_primary, i.indisexclusion as is_exclusion,
         i.indisreplident as replica_identity, i.indnullsnotdistinct as nulls_not_distinct,
         (select o.conname::text from pg_constraint o
           where o.conindid = i.indexrelid and o.conrelid = i.indrelid and o.contype in ('p', 'u', 'x')) as constraint,
         exists (select from pg_constraint o where o.conindid = i.indexrelid and o.contype = 'f') as referenced,
         obj_description(i.indexrelid, 'pg_class') as comment,
         (select json_agg(json_build_object(
                   'column', a.attname,
                   'expression', case when i.indkey[k - 1] = 0 then pg_get_indexdef(i.indexrelid, k, false) end,
                   'opclassOid', i.indclass[k - 1]::int8,
                   'collationOid', i.indcollation[k - 1]::int8,
                   'descending', i.indoption[k - 1] & 1 = 1,
                   'nullsFirst', i.indoption[k - 1] & 2 = 2) order by k)
            from generate_series(1, i.indnkeyatts) k
            left join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[k - 1] and a.attnum <> 0
         ) as keys,
         array(select a.attname::text
                 from generate_series(i.indnkeyatts + 1, i.indnatts) k
                 join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[k - 1]
                order by k) as include,
         pg_get_expr(i.indpred, i.indrelid) as predicate,
         coalesce(c.reloptions, '{}') as options, i.indisvalid as valid, c.relkind = 'I' as partitioned
    from tree
    join pg_index i on i.indexrelid = tree.root and tree.index = tree.root
    join pg_class c on c.oid = i.indexrelid
    join pg_namespace n on n.oid = c.relnamespace
    join pg_class t on t.oid = i.indrelid
    join pg_namespace tn on tn.oid = t.relnamespace
    join pg_am am on am.oid = c.relam
   order by tn.nspname collate "C", t.relname collate "C", c.relname collate "C"`;

/** @param lastScan the expression of the last scan: the column exists since PostgreSQL 16 */
export const indexLeavesQuery = (lastScan: string): string => `${tree}
  select tree.root as root_oid, i.indexrelid as oid, n.nspname::text as schema, c.relname::text as name,
         t.oid as table_oid, tn.nspname::text as table_schema, t.relname::text as table_name,
         pg_get_expr(t.relpartbound, t.oid) as partition_bound,
         extract(epoch from bound[1]::timestamptz)::float8 as lower_epoch,
         extract(epoch from bound[2]::timestamptz)::float8 as upper_epoch,
         -- Null when it was dropped this moment.
         coalesce(pg_relation_size(i.indexrelid), 0)::float8 as size_bytes,
         coalesce(s.idx_scan, 0)::float8 as scans, coalesce(s.idx_tup_read, 0)::float8 as tuples_read,
         ${lastScan} as last_scan_at,
         i.indisvalid as valid, i.indisready as ready, i.indislive as live
    from tree
    join pg_index i on i.indexrelid = tree.index
    join pg_class c on c.oid = i.indexrelid and c.relkind = 'i'
    join pg_namespace n on n.oid = c.relnamespace
    join pg_class t on t.oid = i.indrelid
    join pg_namespace tn on tn.oid = t.relnamespace
    left join pg_stat_all_indexes s on s.indexrelid = i.indexrelid
    left join lateral regexp_match(pg_get_expr(t.relpartbound, t.oid),
      $re$^FOR VALUES FROM \\('(\\d{4,}-[^']*)'\\) TO \\('(\\d{4,}-[^']*)'\\)$re$) as bound on true
   order by tree.root, bound[1]::timestamptz nulls last, tn.nspname collate "C", t.relname collate "C"`;

export const missingLeavesQuery = `${tree}
  select root.indexrelid as root_oid, p.oid, pn.nspname::text as schema, p.relname::text as name
    from tree
    join pg_index root on root.indexrelid = tree.root and tree.index = tree.root
    join pg_class c on c.oid = root.indexrelid and c.relkind = 'I'
   cross join lateral pg_partition_tree(root.indrelid) as part
    join pg_class p on p.oid = part.relid
    join pg_namespace pn on pn.oid = p.relnamespace
   where part.isleaf and p.relkind = 'r'
     and not exists (select from tree leaf join pg_index i on i.indexrelid = leaf.index
                      where leaf.root = tree.root and i.indrelid = p.oid)
   order by root.indexrelid, p.relname collate "C"`;
