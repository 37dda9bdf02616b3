import type { ClientBase } from 'pg';
import { OperationError } from '../errors.js';

/** A table partitioned by range of one timestamptz column, as the catalog describes it. */
export interface PartitionSet {
  readonly oid: number;
  readonly schema: string;
  readonly table: string;
  /** The column that decides the partition. */
  readonly controlColumn: string;
  readonly defaultPartition: DefaultPartition | undefined;
  /** In the order of their lower bounds; one whose detach is pending is among them. */
  readonly partitions: readonly Partition[];
}

export interface DefaultPartition {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  /** As of the last ANALYZE or VACUUM; undefined when there was none. */
  readonly estimatedRows: number | undefined;
  /** With indexes and TOAST; undefined unless asked for. */
  readonly sizeBytes: number | undefined;
}

export interface Partition extends DefaultPartition {
  /** Inclusive; undefined for MINVALUE and -infinity. Cut to the millisecond. */
  readonly lowerBound: Date | undefined;
  /** Exclusive; undefined for MAXVALUE and infinity. Cut to the millisecond. */
  readonly upperBound: Date | undefined;
  /** The month in UTC whose bounds these are, to the microsecond; undefined for any other bounds. */
  readonly month: Date | undefined;
  /** A DETACH CONCURRENTLY began and was not finished: its rows are visible in neither table. */
  readonly detachPending: boolean;
}

export interface ReadPartitionSetOptions {
  /** Reads the sizes too, default false. Waits for whoever holds a partition exclusively. */
  readonly withSizes?: boolean | undefined;
}

/**
 * Reads the partitions of a table and their bounds from the catalog, by OID, never from names. Bounds are instants:
 * the time zone and the date style of the session do not matter. Inside a transaction both are UTC and ISO until its
 * end. Takes no lock on the table or its partitions, unless sizes are asked for.
 *
 * @throws OperationError PARTITION_TABLE_MISSING when there is no such table; PARTITION_TABLE_UNSUPPORTED when it is
 * not partitioned by range of one timestamptz column
 */
export async function readPartitionSet(
  client: ClientBase,
  { schema, table }: { readonly schema: string; readonly table: string },
  { withSizes = false }: ReadPartitionSetOptions = {},
): Promise<PartitionSet> {
  const { rows: roots } = await client.query<RootRow>(rootQuery, [schema, table]);
  const root = roots[0];
  if (root === undefined) {
    throw new OperationError('PARTITION_TABLE_MISSING', `there is no table ${schema}.${table}`, {
      hint: 'Apply the migrations with «studymate-db migrate», or point the database URL at the right database.',
    });
  }
  if (root.control_column === null) {
    throw new OperationError(
      'PARTITION_TABLE_UNSUPPORTED',
      `${schema}.${table} is not partitioned by range of one timestamptz column`,
      {
        hint: 'Compare the database with the migrations: «studymate-db migrate status».',
      },
    );
  }
  const { rows } = await client.query<PartitionRow>(partitionsQuery, [root.oid, withSizes]);
  const defaultRow = rows.find(({ is_default }) => is_default);
  return {
    oid: root.oid,
    schema,
    table,
    controlColumn: root.control_column,
    defaultPartition: defaultRow && relation(defaultRow),
    partitions: rows
      .filter(({ is_default }) => !is_default)
      .map((row) => ({
        ...relation(row),
        lowerBound: instant(row.lower_ms),
        upperBound: instant(row.upper_ms),
        month: row.is_month ? instant(row.lower_ms) : undefined,
        detachPending: row.detach_pending,
      })),
  };
}

interface RootRow {
  oid: number;
  control_column: string | null;
}

interface PartitionRow {
  oid: number;
  schema: string;
  name: string;
  estimated_rows: number | null;
  size_bytes: number | null;
  is_default: boolean;
  detach_pending: boolean;
  lower_ms: number | null;
  upper_ms: number | null;
  is_month: boolean | null;
}

const rootQuery = `
  select r.oid, a.attname as control_column
  from pg_class as r
  join pg_namespace as n on n.oid = r.relnamespace
  left join pg_partitioned_table as p on p.partrelid = r.oid and p.partstrat = 'r' and p.partnatts = 1
  left join pg_attribute as a
    on a.attrelid = r.oid and a.attnum = p.partattrs[0] and a.atttypid = 'timestamptz'::regtype
  where n.nspname = $1 and r.relname = $2`;

// The bounds are printed and read back under these settings whatever the session's own are: everything that prints
// or reads hangs on the row of «settings», so that it comes after. With 0 for the relation, printing takes no lock.
const partitionsQuery = `
  with settings as materialized (
    select set_config('TimeZone', 'UTC', true) || set_config('DateStyle', 'ISO, YMD', true) as done
  )
  select c.oid, n.nspname as schema, c.relname as name,
    case when c.reltuples >= 0 then c.reltuples::float8 end as estimated_rows,
    case when $2 then pg_total_relation_size(c.oid)::float8 end as size_bytes,
    bound.definition = 'DEFAULT' as is_default, i.inhdetachpending as detach_pending,
    case when isfinite(bound.lower) then extract(epoch from bound.lower)::float8 * 1000 end as lower_ms,
    case when isfinite(bound.upper) then extract(epoch from bound.upper)::float8 * 1000 end as upper_ms,
    isfinite(bound.lower) and bound.lower = date_trunc('month', bound.lower, 'UTC')
      and bound.upper = (bound.lower at time zone 'UTC' + interval '1 month') at time zone 'UTC' as is_month
  from settings
  cross join pg_inherits as i
  join pg_class as c on c.oid = i.inhrelid
  join pg_namespace as n on n.oid = c.relnamespace
  cross join lateral (
    select case when settings.done is not null then pg_get_expr(c.relpartbound, 0) end as definition
  ) as printed
  cross join lateral regexp_match(printed.definition, $re$^FOR VALUES FROM \\((.+)\\) TO \\((.+)\\)$$re$) as ends
  cross join lateral (
    select printed.definition,
      case when ends[1] like '''%' then trim(both '''' from ends[1])::timestamptz end as lower,
      case when ends[2] like '''%' then trim(both '''' from ends[2])::timestamptz end as upper
  ) as bound
  where i.inhparent = $1
  order by bound.definition = 'DEFAULT', bound.lower nulls first, c.oid`;

function relation(row: PartitionRow): DefaultPartition {
  return {
    oid: row.oid,
    schema: row.schema,
    name: row.name,
    estimatedRows: row.estimated_rows ?? undefined,
    sizeBytes: row.size_bytes ?? undefined,
  };
}

function instant(milliseconds: number | null): Date | undefined {
  return milliseconds === null ? undefined : new Date(Math.floor(milliseconds));
}
