import type { ClientBase } from 'pg';
import { withConnection } from '../database/connect.js';
import { quoteIdentifier } from '../database/identifier.js';
import type { Partition } from '../partitioning/partition-set.js';
import { partitionSql, readArchiveTable, rootSql, type ArchiveTable } from './archive-table.js';
import { readLastRun, type LastArchiveRun } from './last-run.js';
import type { ArchiveConnection, ArchiveScope } from './options.js';
import { planTable, tableName, type PlannedStep } from './plan-archive.js';
import { resolveTasks } from './situation.js';

export interface ArchiveStatusOptions extends ArchiveConnection, ArchiveScope {
  /** Rows from the server's statistics, which may be old, instead of counting them; default false. */
  readonly estimate?: boolean | undefined;
}

export interface ArchiveStatus {
  readonly tables: readonly ArchiveTableStatus[];
  /** Something is due or refused. */
  readonly due: boolean;
}

export interface ArchiveTableStatus {
  /** Schema-qualified. */
  readonly table: string;
  /** Without those of the default partition; undefined when they were to be estimated and never analyzed. */
  readonly liveRows: number | undefined;
  readonly archivedRows: number | undefined;
  /** Always counted; 0 is as it should be. */
  readonly defaultRows: number;
  /** Of the earliest row that is not archived; undefined when there is none. */
  readonly oldestLive: Date | undefined;
  /** Bounds of the archived partitions, from the first to the end of the last. */
  readonly archivedFrom: Date | undefined;
  readonly archivedTo: Date | undefined;
  readonly cutoff: Date;
  /** What a run would do now. */
  readonly due: readonly PlannedStep[];
  readonly dueRows: number;
  /** Undefined when none was ever recorded. */
  readonly lastRun: LastArchiveRun | undefined;
}

/**
 * Where the rows of each table are, what is due, and how the last run ended. Reads only and works on a standby.
 * Counting reads both tables, unless `estimate` is set.
 *
 * @throws UsageError USAGE_INVALID_OPTION; OperationError PARTITION_TABLE_MISSING; what withConnection throws
 */
export async function archiveStatus(options: ArchiveStatusOptions): Promise<ArchiveStatus> {
  const { connection, signal, estimate = false } = options;
  return withConnection(
    connection,
    { applicationName: 'studymate-db archive status', signal },
    async ({ client }) => {
      const tables: ArchiveTableStatus[] = [];
      for (const task of await resolveTasks(client, options)) {
        const table = await readArchiveTable(client, task.policy);
        const due = await planTable(client, task, estimate);
        const { partitions } = table.archive;
        tables.push({
          table: tableName(task.policy),
          ...(await countRows(client, table, estimate)),
          oldestLive: await readOldest(client, table),
          archivedFrom: partitions[0]?.lowerBound,
          archivedTo: partitions.at(-1)?.upperBound,
          cutoff: task.cutoff,
          due,
          dueRows: due.reduce((sum, { rows = 0 }) => sum + rows, 0),
          lastRun: await readLastRun(client, tableName(task.policy)),
        });
      }
      return { tables, due: tables.some(({ due }) => due.length > 0) };
    },
  );
}

/** In one statement, so that a row that moves meanwhile is counted once. */
async function countRows(
  client: ClientBase,
  { live, archive }: ArchiveTable,
  estimate: boolean,
): Promise<Pick<ArchiveTableStatus, 'liveRows' | 'archivedRows' | 'defaultRows'>> {
  const inDefault = live.defaultPartition
    ? `(select count(*)::float8 from only ${partitionSql(live.defaultPartition)})`
    : '0::float8';
  if (estimate) {
    const { rows } = await client.query<{ n: number }>(`select ${inDefault} as n`);
    return {
      liveRows: sumOfEstimates(live.partitions),
      archivedRows: sumOfEstimates(archive.partitions),
      defaultRows: rows[0]?.n ?? 0,
    };
  }
  const { rows } = await client.query<{ live: number; archived: number; default: number }>(
    `select (select count(*)::float8 from ${rootSql(live)}) as live,
       (select count(*)::float8 from ${rootSql(archive)}) as archived, ${inDefault} as default`,
  );
  const { live: all = 0, archived = 0, default: late = 0 } = rows[0] ?? {};
  return { liveRows: all - late, archivedRows: archived, defaultRows: late };
}

function sumOfEstimates(partitions: readonly Partition[]): number | undefined {
  return partitions.reduce<number | undefined>(
    (sum, { estimatedRows }) =>
      sum === undefined || estimatedRows === undefined ? undefined : sum + estimatedRows,
    0,
  );
}

/** Of the first partition with rows, and of the default one: no index begins with the time. */
async function readOldest(client: ClientBase, { live }: ArchiveTable): Promise<Date | undefined> {
  const oldest =
    live.defaultPartition && (await readEarliest(client, live.defaultPartition, live.controlColumn));
  for (const partition of live.partitions) {
    if (oldest !== undefined && partition.lowerBound !== undefined && partition.lowerBound > oldest) break;
    const earliest = await readEarliest(client, partition, live.controlColumn);
    if (earliest === undefined) continue;
    return oldest === undefined || earliest < oldest ? earliest : oldest;
  }
  return oldest;
}

async function readEarliest(
  client: ClientBase,
  partition: { readonly schema: string; readonly name: string },
  column: string,
): Promise<Date | undefined> {
  const control = quoteIdentifier(column);
  const { rows } = await client.query<{ ms: number | null }>(
    `select extract(epoch from min(${control}))::float8 * 1000 as ms
     from only ${partitionSql(partition)} where isfinite(${control})`,
  );
  const ms = rows[0]?.ms ?? undefined;
  return ms === undefined ? undefined : new Date(Math.floor(ms));
}
