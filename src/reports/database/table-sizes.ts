import { bytes, count, nullable, ratio, text } from '../columns.js';
import { defineReport } from '../report.js';
import { relationFigures } from './relation-figures.js';

export const tableSizes = defineReport({
  name: 'table-sizes',
  group: 'database',
  title: { en: 'Sizes of tables', ko: '테이블 크기' },
  question: { en: 'Which tables take the space?', ko: '어떤 테이블이 공간을 많이 차지하나요?' },
  definition: [
    'A partitioned table is one row with all its partitions; its archive is a table of its own. A month that was detached stands for itself.',
    'rows: an estimate, the density at the last VACUUM or ANALYZE times the present size; empty when a part that holds something was never analyzed.',
    'table: heap, free space map and visibility map; TOAST: long values stored apart, with their index; indexes: all of them.',
    'share: of all tables listed. Temporary tables and those of the server itself are not; bytes on disk, dead rows included.',
  ],
  parameters: {},
  columns: {
    schema: text('schema', '스키마'),
    table: text('table', '테이블'),
    partitions: count('partitions', '파티션'),
    rows: nullable(count('rows (estimate)', '행 수(추정)')),
    tableBytes: bytes('table', '테이블'),
    indexBytes: bytes('indexes', '인덱스'),
    toastBytes: bytes('TOAST', 'TOAST'),
    totalBytes: bytes('total', '합계'),
    share: nullable(ratio('share', '비중')),
  },
  plots: [
    {
      type: 'bar',
      title: { en: 'Bytes by table', ko: '테이블별 크기' },
      x: 'table',
      y: ['tableBytes', 'indexBytes', 'toastBytes'],
      stacked: true,
    },
  ],
  values: [],
  sql: `
    with figures as (${relationFigures}
    ), tables as (
      -- A partition has a root; without one a table is its own.
      select coalesce(pg_partition_root(c.oid), c.oid) as root, c.relispartition as is_partition,
        f.rows, f.table_bytes, f.index_bytes, f.toast_bytes
      from pg_class as c
      left join figures as f using (oid)
      where c.relkind in ('r', 'm', 'p') and c.relpersistence <> 't'
    ), roots as (
      select root, count(*) filter (where is_partition and table_bytes is not null) as partitions,
        bool_and(rows is not null or table_bytes is null) as counted, coalesce(sum(rows), 0) as rows,
        coalesce(sum(table_bytes), 0) as table_bytes, coalesce(sum(index_bytes), 0) as index_bytes,
        coalesce(sum(toast_bytes), 0) as toast_bytes,
        coalesce(sum(table_bytes + index_bytes + toast_bytes), 0) as total_bytes
      from tables
      group by root
    )
    select n.nspname::text as schema, c.relname::text as "table", partitions::float8,
      case when counted then r.rows end::float8 as rows, table_bytes::float8 as "tableBytes",
      index_bytes::float8 as "indexBytes", toast_bytes::float8 as "toastBytes", total_bytes::float8 as "totalBytes",
      (total_bytes / nullif(sum(total_bytes) over (), 0))::float8 as share
    from roots as r
    join pg_class as c on c.oid = r.root
    join pg_namespace as n on n.oid = c.relnamespace
    where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
    order by total_bytes desc, n.nspname collate "C", c.relname collate "C"`,
});
