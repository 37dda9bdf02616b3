import { count, nullable, ratio, text } from '../columns.js';
import { defineReport } from '../report.js';

export const cacheHit = defineReport({
  name: 'cache-hit',
  group: 'database',
  title: { en: 'Blocks found in memory', ko: '메모리 적중률' },
  question: {
    en: 'Which tables and indexes are read from disk rather than from shared_buffers?',
    ko: '어떤 테이블과 인덱스를 메모리 대신 디스크에서 읽고 있나요?',
  },
  definition: [
    'A block is 8 kB. hit: found in shared_buffers; read: asked of the operating system, which may have had it in its own cache.',
    'hit ratio: hit / (hit + read); empty where nothing was asked for.',
    'The first row is the whole database, with the tables of the server itself. A table counts with its TOAST, a partitioned one with all its partitions, and so do indexes.',
    'Counted since the last reset or crash, on this server only.',
  ],
  parameters: {},
  columns: {
    kind: text('kind', '종류'),
    schema: nullable(text('schema', '스키마')),
    table: nullable(text('table', '테이블')),
    name: text('name', '이름'),
    blocksHit: count('hit', '적중'),
    blocksRead: count('read', '읽음'),
    hitRatio: nullable(ratio('hit ratio', '적중률')),
  },
  values: [],
  sql: `
    with counted as (
      select 'table' as kind, coalesce(pg_partition_root(relid), relid) as table_oid,
        coalesce(pg_partition_root(relid), relid) as oid,
        coalesce(heap_blks_hit, 0) + coalesce(toast_blks_hit, 0) + coalesce(tidx_blks_hit, 0) as hit,
        coalesce(heap_blks_read, 0) + coalesce(toast_blks_read, 0) + coalesce(tidx_blks_read, 0) as read
      from pg_statio_user_tables
      union all
      -- An index of a partition that is attached to none stands for itself, under the partitioned table.
      select 'index', coalesce(pg_partition_root(relid), relid), coalesce(pg_partition_root(indexrelid), indexrelid),
        coalesce(idx_blks_hit, 0), coalesce(idx_blks_read, 0)
      from pg_statio_user_indexes
    ), objects as (
      select kind, table_oid, oid, sum(hit)::float8 as hit, sum(read)::float8 as read
      from counted
      group by kind, table_oid, oid
    ), named as (
      select 0 as place, 'database' as kind, null as schema, null as "table", datname::text as name,
        blks_hit::float8 as hit, blks_read::float8 as read
      from pg_stat_database
      where datname = current_database()
      union all
      select 1, o.kind, n.nspname::text, t.relname::text, c.relname::text, o.hit, o.read
      from objects as o
      join pg_class as c on c.oid = o.oid
      join pg_class as t on t.oid = o.table_oid
      join pg_namespace as n on n.oid = t.relnamespace
      where t.relpersistence <> 't'
    )
    select kind, schema, "table", name, hit as "blocksHit", read as "blocksRead",
      hit / nullif(hit + read, 0) as "hitRatio"
    from named
    order by place, read desc, hit desc, schema collate "C", name collate "C"`,
});
