import type { ClientBase } from 'pg';
import { withConnection } from '../database/connect.js';
import type { ConnectionSettings } from '../database/connection-settings.js';
import { quoteQualified } from '../database/identifier.js';
import { hasSqlState, SQLSTATE } from '../database/sqlstate.js';
import { OperationError } from '../errors.js';
import { addMonths, monthOf } from '../partitioning/month.js';
import type { PartitionPolicy } from '../partitioning/policy.js';
import { readPartitionSet, type Partition, type PartitionSet } from '../partitioning/partition-set.js';
import { countDefaultRows, type MonthRows } from './default-rows.js';
import { readDetachedTables } from './detached-tables.js';
import { findTrouble, type PartitionFinding } from './findings.js';
import { readIndexTrouble } from './read-index-trouble.js';
import { serverTime } from './read-state.js';
import { selectPolicies, type PolicyOptions } from './select-policies.js';

export interface ListPartitionsOptions extends PolicyOptions {
  readonly connection: ConnectionSettings | string;
  /** Counts the rows of every partition instead of taking the estimate of the last ANALYZE; default false. */
  readonly exact?: boolean | undefined;
  /** Decides which month is the current one; default: the server's clock. */
  readonly now?: Date | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface ListPartitionsResult {
  readonly now: Date;
  readonly tables: readonly TableListing[];
  /** Of all tables. */
  readonly findings: number;
}

export interface TableListing {
  /** Schema-qualified. */
  readonly table: string;
  readonly archive: string;
  /** Live and archived, oldest first; the default partition last. */
  readonly partitions: readonly ListedPartition[];
  /** The rows of the default partition by month, counted; empty as it should be. */
  readonly defaultRows: readonly MonthRows[];
  readonly findings: readonly PartitionFinding[];
}

export interface ListedPartition {
  /** Of the live table or the archive; schema-qualified. */
  readonly table: string;
  /** Schema-qualified. */
  readonly partition: string;
  /** Inclusive; null where there is none. */
  readonly lowerBound: Date | null;
  /** Exclusive; null where there is none. */
  readonly upperBound: Date | null;
  /** Null when it was never analyzed and is not counted. */
  readonly rows: number | null;
  readonly counted: boolean;
  /** With indexes and TOAST. */
  readonly sizeBytes: number | null;
  /** Months since its own; 0 for the current one, negative for those ahead, null for the default partition. */
  readonly ageMonths: number | null;
  /** What it is for now: «due» is over the retention and waits for archiving. */
  readonly state: 'premade' | 'active' | 'due' | 'archived' | 'default';
}

/**
 * Reads the partitions of the tables and of their archives, and everything that is off about them. Writes nothing and
 * blocks nobody; the default partition is scanned to count its rows, with `exact` all are.
 *
 * @throws OperationError PARTITION_TABLE_MISSING, PARTITION_LOCK_TIMEOUT when a partition is held exclusively for more
 * than five seconds; UsageError USAGE_INVALID_OPTION; what withConnection throws
 */
export async function listPartitions(options: ListPartitionsOptions): Promise<ListPartitionsResult> {
  const policies = selectPolicies(options);
  const { connection, exact = false, signal } = options;
  return withConnection(
    connection,
    { applicationName: 'studymate-db partition list', signal },
    async ({ client }) => {
      await client.query(`set lock_timeout = '5s'`);
      const now = options.now ?? (await serverTime(client));
      const tables: TableListing[] = [];
      try {
        for (const policy of policies) tables.push(await listTable(client, policy, now, exact));
      } catch (error) {
        throw hasSqlState(error, SQLSTATE.lockNotAvailable) ? lockTimeout(error) : error;
      }
      return { now, tables, findings: tables.reduce((sum, { findings }) => sum + findings.length, 0) };
    },
  );
}

async function listTable(
  client: ClientBase,
  policy: PartitionPolicy,
  now: Date,
  exact: boolean,
): Promise<TableListing> {
  const live = await readPartitionSet(client, policy, { withSizes: true });
  const archive = await readPartitionSet(
    client,
    { schema: policy.schema, table: policy.archiveTable },
    { withSizes: true },
  );
  const defaultRows = await countDefaultRows(client, live);
  const indexTrouble = [
    ...(await readIndexTrouble(client, live)),
    ...(await readIndexTrouble(client, archive)),
  ];
  const detachedTables = [
    ...(await readDetachedTables(client, live)),
    ...(await readDetachedTables(client, archive)),
  ];
  const dueFrom = addMonths(monthOf(now), -policy.retentionMonths);
  const partitions: ListedPartition[] = [];
  for (const partition of archive.partitions) {
    partitions.push(await listed(client, archive, partition, now, 'archived', exact));
  }
  for (const partition of live.partitions) {
    partitions.push(await listed(client, live, partition, now, stateOf(partition, now, dueFrom), exact));
  }
  partitions.sort((a, b) => (a.lowerBound?.getTime() ?? -Infinity) - (b.lowerBound?.getTime() ?? -Infinity));
  if (live.defaultPartition !== undefined) {
    const { schema, name, sizeBytes } = live.defaultPartition;
    partitions.push({
      table: `${live.schema}.${live.table}`,
      partition: `${schema}.${name}`,
      lowerBound: null,
      upperBound: null,
      rows: defaultRows.reduce((sum, { rows }) => sum + rows, 0),
      counted: true,
      sizeBytes: sizeBytes ?? null,
      ageMonths: null,
      state: 'default',
    });
  }
  return {
    table: `${live.schema}.${live.table}`,
    archive: `${archive.schema}.${archive.table}`,
    partitions,
    defaultRows,
    findings: findTrouble({ now, policy, live, archive, defaultRows, indexTrouble, detachedTables }),
  };
}

async function listed(
  client: ClientBase,
  set: PartitionSet,
  partition: Partition,
  now: Date,
  state: ListedPartition['state'],
  exact: boolean,
): Promise<ListedPartition> {
  const { schema, name, lowerBound, upperBound, estimatedRows, sizeBytes } = partition;
  return {
    table: `${set.schema}.${set.table}`,
    partition: `${schema}.${name}`,
    lowerBound: lowerBound ?? null,
    upperBound: upperBound ?? null,
    rows: exact ? await countRows(client, schema, name) : (estimatedRows ?? null),
    counted: exact,
    sizeBytes: sizeBytes ?? null,
    ageMonths: lowerBound === undefined ? null : monthsBetween(lowerBound, now),
    state,
  };
}

function stateOf(
  { lowerBound, upperBound }: Partition,
  now: Date,
  dueFrom: Date,
): 'premade' | 'active' | 'due' {
  if (upperBound !== undefined && upperBound <= dueFrom) return 'due';
  return lowerBound !== undefined && lowerBound > now ? 'premade' : 'active';
}

function monthsBetween(earlier: Date, later: Date): number {
  return (
    (later.getUTCFullYear() - earlier.getUTCFullYear()) * 12 + later.getUTCMonth() - earlier.getUTCMonth()
  );
}

async function countRows(client: ClientBase, schema: string, name: string): Promise<number> {
  const { rows } = await client.query<{ count: number }>(
    `select count(*)::float8 as count from ${quoteQualified(schema, name)}`,
  );
  return rows[0]?.count ?? 0;
}

function lockTimeout(cause: unknown): OperationError {
  return new OperationError('PARTITION_LOCK_TIMEOUT', 'a partition is held exclusively by another session', {
    detail: (cause as Error).message,
    hint: 'Run again when it is done; pg_locks shows who it is.',
    cause,
  });
}
