import type { IndexKey, IndexLeaf, LogicalIndex } from './index-catalog.js';

export interface RootRow {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly table_oid: number;
  readonly table_schema: string;
  readonly table_name: string;
  readonly table_partitioned: boolean;
  readonly table_is_partition: boolean;
  readonly owner: string;
  readonly estimated_rows: number | null;
  readonly method: string;
  readonly definition: string;
  readonly is_unique: boolean;
  readonly is_primary: boolean;
  readonly is_exclusion: boolean;
  readonly replica_identity: boolean;
  readonly nulls_not_distinct: boolean;
  readonly constraint: string | null;
  readonly referenced: boolean;
  readonly comment: string | null;
  readonly keys: readonly KeyRow[];
  readonly include: readonly string[];
  readonly predicate: string | null;
  readonly options: readonly string[];
  readonly valid: boolean;
  readonly partitioned: boolean;
}

interface KeyRow extends Omit<IndexKey, 'column' | 'expression'> {
  readonly column: string | null;
  readonly expression: string | null;
}

export interface LeafRow {
  readonly root_oid: number;
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly table_oid: number;
  readonly table_schema: string;
  readonly table_name: string;
  readonly partition_bound: string | null;
  readonly lower_epoch: number | null;
  readonly upper_epoch: number | null;
  readonly size_bytes: number;
  readonly scans: number;
  readonly tuples_read: number;
  readonly last_scan_at: number | null;
  readonly valid: boolean;
  readonly ready: boolean;
  readonly live: boolean;
}

export interface MissingRow {
  readonly root_oid: number;
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
}

export function logicalIndex(
  row: RootRow,
  leaves: readonly IndexLeaf[],
  missingOn: LogicalIndex['missingOn'],
): LogicalIndex {
  const sum = (valueOf: (leaf: IndexLeaf) => number): number =>
    leaves.reduce((total, leaf) => total + valueOf(leaf), 0);
  return {
    oid: row.oid,
    schema: row.schema,
    name: row.name,
    table: {
      oid: row.table_oid,
      schema: row.table_schema,
      name: row.table_name,
      partitioned: row.table_partitioned,
      isPartition: row.table_is_partition,
      estimatedRows: row.estimated_rows ?? undefined,
      owner: row.owner,
    },
    method: row.method,
    definition: row.definition,
    unique: row.is_unique,
    primary: row.is_primary,
    exclusion: row.is_exclusion,
    replicaIdentity: row.replica_identity,
    nullsNotDistinct: row.nulls_not_distinct,
    constraint: row.constraint ?? undefined,
    referenced: row.referenced,
    comment: row.comment ?? undefined,
    keys: row.keys.map(({ column, expression, ...key }) => ({
      column: column ?? undefined,
      expression: expression ?? undefined,
      ...key,
    })),
    include: row.include,
    predicate: row.predicate ?? undefined,
    options: row.options,
    valid: row.valid,
    partitioned: row.partitioned,
    leaves,
    missingOn,
    sizeBytes: sum(({ sizeBytes }) => sizeBytes),
    scans: sum(({ scans }) => scans),
    tuplesRead: sum(({ tuplesRead }) => tuplesRead),
  };
}

export function indexLeaf(row: LeafRow): IndexLeaf {
  return {
    oid: row.oid,
    schema: row.schema,
    name: row.name,
    tableOid: row.table_oid,
    tableSchema: row.table_schema,
    tableName: row.table_name,
    partitionBound: row.partition_bound ?? undefined,
    lowerBound: instant(row.lower_epoch),
    upperBound: instant(row.upper_epoch),
    sizeBytes: row.size_bytes,
    scans: row.scans,
    tuplesRead: row.tuples_read,
    lastScanAt: instant(row.last_scan_at),
    valid: row.valid,
    ready: row.ready,
    live: row.live,
  };
}

function instant(epochSeconds: number | null): Date | undefined {
  return epochSeconds === null ? undefined : new Date(epochSeconds * 1000);
}
