import type { ClientBase } from 'pg';
import { groupBy } from '../catalog/group-by.js';
import {
  indexLeaf,
  logicalIndex,
  type LeafRow,
  type MissingRow,
  type RootRow,
} from './index-catalog-rows.js';
import { indexLeavesQuery, logicalIndexesQuery, missingLeavesQuery } from './index-catalog-queries.js';

/** One key column or expression of an index. */
export interface IndexKey {
  /** Name of the column; undefined for an expression. */
  readonly column: string | undefined;
  /** Text of the expression as the server prints it; undefined for a column. */
  readonly expression: string | undefined;
  readonly opclassOid: number;
  /** 0 where the type has none. */
  readonly collationOid: number;
  readonly descending: boolean;
  readonly nullsFirst: boolean;
}

/** A physical index: the only leaf of a plain index, or the one of a partition. */
export interface IndexLeaf {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly tableOid: number;
  readonly tableSchema: string;
  readonly tableName: string;
  /** As in pg_get_expr(relpartbound); undefined for a table that is no partition. */
  readonly partitionBound: string | undefined;
  /** Lower bound of a partition by range of time, inclusive. */
  readonly lowerBound: Date | undefined;
  /** Upper bound, exclusive. */
  readonly upperBound: Date | undefined;
  readonly sizeBytes: number;
  /** Since the statistics began; what they began with is told by readStatisticsAge. */
  readonly scans: number;
  readonly tuplesRead: number;
  /** PostgreSQL 16 and later; undefined when never scanned. */
  readonly lastScanAt: Date | undefined;
  readonly valid: boolean;
  readonly ready: boolean;
  readonly live: boolean;
}

/** An index as people think of it: of a plain table, or of a partitioned table with all its leaves. */
export interface LogicalIndex {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly table: {
    readonly oid: number;
    readonly schema: string;
    readonly name: string;
    readonly partitioned: boolean;
    /** The index stands alone on a partition: local, half made, or left over by a killed rebuild. */
    readonly isPartition: boolean;
    /** Summed over its leaves; undefined when none was ever analyzed. */
    readonly estimatedRows: number | undefined;
    readonly owner: string;
  };
  /** The access method: btree, gin, gist, hash, brin, … */
  readonly method: string;
  /** As pg_get_indexdef writes it. */
  readonly definition: string;
  readonly unique: boolean;
  readonly primary: boolean;
  readonly exclusion: boolean;
  readonly replicaIdentity: boolean;
  readonly nullsNotDistinct: boolean;
  /** The constraint it stands behind. */
  readonly constraint: string | undefined;
  /** A foreign key of some table refers to what it keeps unique. */
  readonly referenced: boolean;
  readonly comment: string | undefined;
  readonly keys: readonly IndexKey[];
  /** Columns of INCLUDE. */
  readonly include: readonly string[];
  readonly predicate: string | undefined;
  /** Storage parameters, such as `fillfactor=70`. */
  readonly options: readonly string[];
  /** The root's own flag: of a partitioned index it may be false while all leaves are valid. */
  readonly valid: boolean;
  readonly partitioned: boolean;
  /** Exactly one for a plain index. In the order of their partitions' bounds, the default last. */
  readonly leaves: readonly IndexLeaf[];
  /** Partitions that have no leaf of this index. */
  readonly missingOn: readonly { readonly oid: number; readonly schema: string; readonly name: string }[];
  /** Summed over the leaves. */
  readonly sizeBytes: number;
  readonly scans: number;
  readonly tuplesRead: number;
}

export interface IndexFilter {
  readonly schema?: string | undefined;
  /** Name of the table, or of the partitioned table. */
  readonly table?: string | undefined;
}

/**
 * Every index of the database but the server's and extensions' own, one entry a logical index, by schema, table and
 * name. Needs no privilege: definitions, sizes and scans are visible to every role. One snapshot if the caller is in
 * a repeatable read transaction.
 */
export async function readIndexes(
  client: ClientBase,
  { schema, table }: IndexFilter = {},
): Promise<readonly LogicalIndex[]> {
  const filter = [schema ?? null, table ?? null];
  const roots = await client.query<RootRow>(logicalIndexesQuery, filter);
  const leaves = await client.query<LeafRow>(indexLeavesQuery(await lastScanExpression(client)), filter);
  const missing = await client.query<MissingRow>(missingLeavesQuery, filter);
  const leavesOf = groupBy(leaves.rows, ({ root_oid }) => root_oid, indexLeaf);
  const missingOf = groupBy(
    missing.rows,
    ({ root_oid }) => root_oid,
    ({ oid, schema: partitionSchema, name }) => ({ oid, schema: partitionSchema, name }),
  );
  return roots.rows.map((row) =>
    logicalIndex(row, leavesOf.get(row.oid) ?? [], missingOf.get(row.oid) ?? []),
  );
}

async function lastScanExpression(client: ClientBase): Promise<string> {
  const { rows } = await client.query<{ version: number }>(
    `select current_setting('server_version_num')::int as version`,
  );
  return (rows[0]?.version ?? 0) >= 160_000 ? 'extract(epoch from s.last_idx_scan)::float8' : 'null::float8';
}
