import type { ClientBase } from 'pg';
import { groupBy } from '../../catalog/group-by.js';
import { readListedIndexesInTransaction, type ListedIndex } from '../../indexes/list-indexes.js';
import { boolean, bytes, count, instant, nullable, ratio, text, type RowOf } from '../columns.js';
import { defineReadReport } from '../report.js';

const columns = {
  schema: text('schema', '스키마'),
  table: text('table', '테이블'),
  liveRows: count('live rows', '유효 행'),
  deadRows: count('dead rows', '죽은 행'),
  deadShare: nullable(ratio('dead', '죽은 행 비율')),
  vacuumDue: boolean('vacuum due', 'VACUUM 필요'),
  vacuumedAt: nullable(instant('last vacuum', '마지막 VACUUM')),
  analyzedAt: nullable(instant('last analyze', '마지막 ANALYZE')),
  modifiedRows: count('changed since analyze', 'ANALYZE 이후 변경'),
  indexBytes: bytes('indexes', '인덱스'),
  indexBloatBytes: nullable(bytes('index bloat', '인덱스 낭비')),
  indexBloat: nullable(ratio('index bloat', '인덱스 낭비율')),
  worstIndex: nullable(text('worst index', '낭비가 가장 큰 인덱스')),
  worstIndexBloat: nullable(ratio('its bloat', '해당 낭비율')),
  note: nullable(text('note', '비고')),
};

type Row = RowOf<typeof columns>;

export const bloat = defineReadReport({
  name: 'bloat',
  group: 'database',
  title: { en: 'Dead rows and bloated indexes', ko: '죽은 행과 인덱스 낭비' },
  question: {
    en: 'What takes space and gives nothing for it, and does vacuum keep up?',
    ko: '쓸모없이 공간을 차지하는 것은 무엇이고, VACUUM이 제때 처리하고 있나요?',
  },
  definition: [
    'A partitioned table is one row with all its partitions; last vacuum and last analyze are the latest of any of them, by hand or by autovacuum.',
    'dead rows: deleted or outdated by an update, not taken away yet; the server’s estimate. dead: dead / (live + dead). What vacuum took away stays as free space in the table and is not shown.',
    'vacuum due: the dead rows of the table, or of one of its partitions, are more than autovacuum waits for, by its own settings or the server’s.',
    'index bloat: what a rebuild would give back, estimated from statistics with the deduplication of equal keys in mind; of B-trees only. Empty where no index could be estimated; the note says what was left out, or may not be trusted before an ANALYZE.',
    'worst index: the one from which a rebuild gives back most.',
    'Rows are counted since the last reset or crash.',
  ],
  parameters: {},
  columns,
  warnings: (_rows, _values, { isReplica }) =>
    isReplica
      ? ['A replica counts no writes: dead rows, vacuum due and the last runs are known to the primary only.']
      : [],
  read: async ({ client, now }) => {
    const tables = await readTables(client);
    const { indexes } = await readListedIndexesInTransaction(client, { now });
    const indexesOf = groupBy(
      indexes,
      ({ index }) => `${index.table.schema}\0${index.table.name}`,
      (listed) => listed,
    );
    return tables.map((table) => ({
      ...table,
      ...rollUp(indexesOf.get(`${table.schema}\0${table.table}`) ?? []),
    }));
  },
});

type IndexPart = Pick<
  Row,
  'indexBytes' | 'indexBloatBytes' | 'indexBloat' | 'worstIndex' | 'worstIndexBloat' | 'note'
>;

// PostgreSQL 18 has a greatest limit besides; -1 is none. An option of the table comes before the server's setting.
const tablesQuery = `
  with counted as (
    select coalesce(pg_partition_root(s.relid), s.relid) as root, s.n_live_tup as live, s.n_dead_tup as dead,
      s.n_mod_since_analyze as modified, greatest(s.last_vacuum, s.last_autovacuum) as vacuumed_at,
      greatest(s.last_analyze, s.last_autoanalyze) as analyzed_at,
      coalesce((select option_value from pg_options_to_table(c.reloptions)
                where option_name = 'autovacuum_vacuum_threshold'),
        current_setting('autovacuum_vacuum_threshold'))::float8
      + coalesce((select option_value from pg_options_to_table(c.reloptions)
                  where option_name = 'autovacuum_vacuum_scale_factor'),
        current_setting('autovacuum_vacuum_scale_factor'))::float8 * greatest(c.reltuples, 0) as limit_by_rows,
      coalesce((select option_value from pg_options_to_table(c.reloptions)
                where option_name = 'autovacuum_vacuum_max_threshold'),
        current_setting('autovacuum_vacuum_max_threshold', true), '-1')::float8 as greatest_limit
    from pg_stat_user_tables as s
    join pg_class as c on c.oid = s.relid and c.relpersistence <> 't'
  ), tables as (
    select root, sum(live)::float8 as live, sum(dead)::float8 as dead, sum(modified)::float8 as modified,
      max(vacuumed_at) as vacuumed_at, max(analyzed_at) as analyzed_at,
      bool_or(dead > least(limit_by_rows, case when greatest_limit >= 0 then greatest_limit end)) as due
    from counted
    group by root
  )
  select n.nspname::text as schema, c.relname::text as "table", live as "liveRows", dead as "deadRows",
    dead / nullif(live + dead, 0) as "deadShare", due as "vacuumDue", vacuumed_at as "vacuumedAt",
    analyzed_at as "analyzedAt", modified as "modifiedRows"
  from tables as t
  join pg_class as c on c.oid = t.root
  join pg_namespace as n on n.oid = c.relnamespace
  order by dead desc, n.nspname collate "C", c.relname collate "C"`;

async function readTables(client: ClientBase): Promise<readonly Omit<Row, keyof IndexPart>[]> {
  const { rows } = await client.query<Omit<Row, keyof IndexPart>>(tablesQuery);
  return rows;
}

function rollUp(indexes: readonly ListedIndex[]): IndexPart {
  const sizeOf = (some: readonly ListedIndex[]): number =>
    some.reduce((sum, { index }) => sum + index.sizeBytes, 0);
  const estimated = indexes.filter(({ bloat: { bloatBytes } }) => bloatBytes !== undefined);
  const [worst] = estimated.toSorted((one, other) => wasteOf(other) - wasteOf(one));
  const wasted = estimated.reduce((sum, listed) => sum + wasteOf(listed), 0);
  const size = sizeOf(estimated);
  return {
    indexBytes: sizeOf(indexes),
    indexBloatBytes: worst === undefined ? null : wasted,
    indexBloat: worst !== undefined && size > 0 ? wasted / size : null,
    worstIndex: worst !== undefined && wasteOf(worst) > 0 ? worst.index.name : null,
    worstIndexBloat: worst !== undefined && wasteOf(worst) > 0 ? (worst.bloat.bloatRatio ?? null) : null,
    note: noteOf(indexes),
  };
}

function wasteOf({ bloat: { bloatBytes } }: ListedIndex): number {
  return bloatBytes ?? 0;
}

/** What is not in the estimate, or not to be trusted yet; each reason once. */
function noteOf(indexes: readonly ListedIndex[]): string | null {
  const reasons = indexes.flatMap(({ index, bloat: { reason, stale } }) =>
    reason === undefined ? [] : stale ? [`stale: ${reason}`] : [`${index.name} ${reason}`],
  );
  return reasons.length === 0 ? null : [...new Set(reasons)].join('; ');
}
