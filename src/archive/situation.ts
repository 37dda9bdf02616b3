import type { ClientBase } from 'pg';
import { quoteIdentifier } from '../database/identifier.js';
import type { OperationError } from '../errors.js';
import { monthOf } from '../partitioning/month.js';
import type { PartitionPolicy } from '../partitioning/policy.js';
import { partitionSql, readArchiveTable, type ArchiveTable } from './archive-table.js';
import { resolveCutoff } from './cutoff.js';
import { decideActions, type ArchiveAction, type Granularity } from './decide-actions.js';
import { selectPolicies, type ArchiveScope } from './options.js';
import { findTableObstacle } from './preflight.js';

/** What is asked of a table. */
export interface Task {
  readonly policy: PartitionPolicy;
  readonly cutoff: Date;
  readonly granularity: Granularity;
  readonly now: Date;
}

export interface Situation extends Task {
  readonly table: ArchiveTable;
  /** Why nothing can be done. */
  readonly obstacle: OperationError | undefined;
  readonly actions: readonly ArchiveAction[];
}

/** @throws UsageError USAGE_INVALID_OPTION */
export async function resolveTasks(client: ClientBase, scope: ArchiveScope): Promise<readonly Task[]> {
  const { granularity = 'month', olderThan, tables } = scope;
  const policies = selectPolicies(tables);
  const now = scope.now ?? (await serverClock(client));
  return policies.map((policy) => ({
    policy,
    granularity,
    now,
    cutoff: resolveCutoff(olderThan, { now, retentionMonths: policy.retentionMonths }),
  }));
}

async function serverClock(client: ClientBase): Promise<Date> {
  const { rows } = await client.query<{ ms: number }>(
    'select extract(epoch from clock_timestamp())::float8 * 1000 as ms',
  );
  return new Date(rows[0]?.ms ?? Number.NaN);
}

/** The state of a table and what follows from it: always read from the catalog, never from the ledger. */
export async function readSituation(
  client: ClientBase,
  task: Task,
  options: { readonly withSizes?: boolean } = {},
): Promise<Situation> {
  const table = await readArchiveTable(client, task.policy, options);
  const obstacle = await findTableObstacle(client, table);
  const { live, archive } = table;
  const lateMonths = obstacle === undefined ? await readLateMonths(client, table, task.now) : [];
  const actions = obstacle === undefined ? decideActions({ ...task, live, archive, lateMonths }) : [];
  return { ...task, table, obstacle, actions };
}

/** Of rows in the default partition, up to the current month. Years before 1 and -infinity have no month. */
async function readLateMonths(
  client: ClientBase,
  { live }: ArchiveTable,
  now: Date,
): Promise<readonly Date[]> {
  if (live.defaultPartition === undefined) return [];
  const control = quoteIdentifier(live.controlColumn);
  const { rows } = await client.query<{ ms: number }>(
    `select distinct extract(epoch from date_trunc('month', ${control}, 'UTC'))::float8 * 1000 as ms
     from only ${partitionSql(live.defaultPartition)}
     where ${control} >= '0001-01-01 00:00:00+00' and ${control} < $1
     order by 1`,
    [monthOf(now).toISOString()],
  );
  return rows.map(({ ms }) => new Date(ms));
}
