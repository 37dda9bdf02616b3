import type { ClientBase } from 'pg';
import { withConnection } from '../database/connect.js';
import { quoteIdentifier } from '../database/identifier.js';
import { boundText, formatMonth } from '../partitioning/month.js';
import { partitionName } from '../partitioning/partition-name.js';
import { objectName } from './archive-run.js';
import { partitionSql } from './archive-table.js';
import type { ArchiveAction, Granularity } from './decide-actions.js';
import type { ArchiveStepAction, ArchiveStepError } from './events.js';
import type { ArchiveConnection, ArchiveScope } from './options.js';
import { findPartitionObstacle } from './preflight.js';
import { readSituation, resolveTasks, type Situation, type Task } from './situation.js';

export interface PlanArchiveOptions extends ArchiveConnection, ArchiveScope {
  /** Rows from the server's statistics, which may be old, instead of counting them; default false. */
  readonly estimate?: boolean | undefined;
}

export interface ArchivePlan {
  readonly dryRun: true;
  readonly granularity: Granularity;
  readonly tables: readonly { readonly table: string; readonly cutoff: Date }[];
  readonly steps: readonly PlannedStep[];
  /** Steps that a run would refuse. */
  readonly refused: number;
}

export interface PlannedStep {
  /** Schema-qualified. */
  readonly table: string;
  readonly action: ArchiveStepAction | 'refused';
  /** As in `2025-01`. */
  readonly month: string | undefined;
  readonly partition: string;
  /** Where its rows will be. */
  readonly archivePartition: string | undefined;
  /** Rows that would move; undefined where nothing is counted or known. */
  readonly rows: number | undefined;
  /** Of the partition, with indexes, in bytes. */
  readonly sizeBytes: number | undefined;
  /** What it would lock, in order, and what that blocks. */
  readonly locks: readonly string[];
  readonly error?: ArchiveStepError | undefined;
}

/**
 * Says what `runArchive` with the same options would do. Reads only, takes no lease, and works on a standby. Counting
 * reads the partitions that are due.
 *
 * @throws UsageError USAGE_INVALID_OPTION; OperationError PARTITION_TABLE_MISSING; what withConnection throws
 */
export async function planArchive(options: PlanArchiveOptions): Promise<ArchivePlan> {
  const { connection, signal, estimate = false } = options;
  return withConnection(
    connection,
    { applicationName: 'studymate-db archive plan', signal },
    async ({ client }) => {
      const tasks = await resolveTasks(client, options);
      const steps: PlannedStep[] = [];
      for (const task of tasks) steps.push(...(await planTable(client, task, estimate)));
      return {
        dryRun: true,
        granularity: options.granularity ?? 'month',
        tables: tasks.map(({ policy, cutoff }) => ({ table: tableName(policy), cutoff })),
        steps,
        refused: steps.filter(({ action }) => action === 'refused').length,
      };
    },
  );
}

export async function planTable(
  client: ClientBase,
  task: Task,
  estimate: boolean,
): Promise<readonly PlannedStep[]> {
  const situation = await readSituation(client, task, { withSizes: true });
  const name = tableName(task.policy);
  if (situation.obstacle !== undefined) {
    return [
      { ...nothing, table: name, partition: name, action: 'refused', error: plain(situation.obstacle) },
    ];
  }
  const steps: PlannedStep[] = [];
  for (const action of situation.actions) steps.push(await planAction(client, situation, action, estimate));
  for (const partition of situation.table.archive.partitions) {
    if ((situation.table.relations.get(partition.oid)?.missingKeys ?? 0) === 0) continue;
    const month = partition.month && formatMonth(partition.month);
    const locks = referencedLocks(situation);
    steps.push({ ...nothing, table: name, action: 'keys', month, partition: objectName(partition), locks });
  }
  return steps;
}

const nothing = {
  month: undefined,
  archivePartition: undefined,
  rows: undefined,
  sizeBytes: undefined,
  locks: [],
} as const;

async function planAction(
  client: ClientBase,
  situation: Situation,
  action: ArchiveAction,
  estimate: boolean,
): Promise<PlannedStep> {
  const { partition } = action;
  const base = {
    ...nothing,
    table: tableName(situation.policy),
    partition: objectName(partition),
    sizeBytes: partition.sizeBytes,
  };
  if (action.kind === 'refused') {
    const month = action.month && formatMonth(action.month);
    return { ...base, action: 'refused', month, error: plain(action.error) };
  }
  const { archive } = situation.table;
  const month = action.kind === 'drain' ? action.month : action.partition.month;
  const refusal = action.kind === 'swap' ? findPartitionObstacle(situation.table, partition) : undefined;
  if (refusal !== undefined) {
    return { ...base, action: 'refused', month: month && formatMonth(month), error: plain(refusal) };
  }
  return {
    ...base,
    action: action.kind,
    month: month && formatMonth(month),
    archivePartition:
      action.kind === 'swap'
        ? `${partition.schema}.${action.archiveName}`
        : action.make && `${archive.schema}.${partitionName(archive.table, action.make)}`,
    rows:
      estimate && action.kind === 'swap'
        ? partition.estimatedRows
        : await countRows(client, situation, action),
    locks: action.kind === 'swap' ? swapLocks(situation, base.partition) : moveLocks(situation, action),
  };
}

async function countRows(
  client: ClientBase,
  { table: { live } }: Situation,
  action: Exclude<ArchiveAction, { kind: 'refused' }>,
): Promise<number> {
  const control = quoteIdentifier(live.controlColumn);
  const from = action.kind === 'drain' ? boundText(action.month) : '-infinity';
  const before =
    action.kind === 'swap' || action.before === undefined ? 'infinity' : action.before.toISOString();
  const { rows } = await client.query<{ count: number }>(
    `select count(*)::float8 as count from only ${partitionSql(action.partition)}
     where ${control} >= $1::timestamptz and (${control} < $2::timestamptz or $2 = 'infinity')`,
    [from, before],
  );
  return rows[0]?.count ?? 0;
}

function swapLocks(situation: Situation, partition: string): readonly string[] {
  const { live, archive } = situation.table;
  return [
    `${partition} SHARE UPDATE EXCLUSIVE while its bounds are proved: blocks nobody`,
    ...referencedLocks(situation),
    `${live.table}, ${archive.table}, ${partition}${live.defaultPartition ? `, ${objectName(live.defaultPartition)}` : ''} ACCESS EXCLUSIVE for some milliseconds: blocks readers and writers`,
  ];
}

function moveLocks(
  situation: Situation,
  action: Extract<ArchiveAction, { kind: 'move' | 'drain' }>,
): readonly string[] {
  const { live } = situation.table;
  const partition = objectName(action.partition);
  return [
    ...(action.make === undefined ? [] : referencedLocks(situation)),
    `the rows that move, a batch at a time: blocks who updates or deletes one of them`,
    ...(action.kind === 'move' && action.before === undefined
      ? [
          `${live.table}, ${partition} ACCESS EXCLUSIVE for some milliseconds, to drop it: blocks readers and writers`,
        ]
      : []),
  ];
}

function referencedLocks({ table: { referenced } }: Situation): readonly string[] {
  if (referenced.length === 0) return [];
  return [`${referenced.join(', ')} SHARE ROW EXCLUSIVE for some milliseconds: blocks writers`];
}

export function tableName({ schema, table }: { readonly schema: string; readonly table: string }): string {
  return objectName({ schema, name: table });
}

function plain({ code, message, detail, hint }: ArchiveStepError): ArchiveStepError {
  return { code, message, detail, hint };
}
