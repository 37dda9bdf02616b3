import { elapsedMs } from '../database/duration.js';
import { createPartition } from '../partitioning/create-partition.js';
import { partitionName } from '../partitioning/partition-name.js';
import { recorded, objectName, type ArchiveRun } from './archive-run.js';
import { partitionSql, rootSql, type ArchiveTable } from './archive-table.js';
import type { ArchiveAction } from './decide-actions.js';
import { dropEmptied } from './drop-emptied.js';
import type { ArchiveStep } from './events.js';
import { moveRows } from './move-rows.js';
import { findPartitionObstacle, relationOf } from './preflight.js';
import { swapPartition } from './swap-partition.js';

type Doable = Exclude<ArchiveAction, { kind: 'refused' }>;

/** What a step came to, without what all steps have. */
export type StepOutcome = Pick<ArchiveStep, 'rows' | 'lockWaitMs' | 'heldMs'>;

export async function performAction(
  run: ArchiveRun,
  table: ArchiveTable,
  action: Doable,
): Promise<StepOutcome> {
  return action.kind === 'swap' ? swapMonth(run, table, action) : moveAway(run, table, action);
}

async function swapMonth(
  run: ArchiveRun,
  table: ArchiveTable,
  { partition, archiveName }: Extract<Doable, { kind: 'swap' }>,
): Promise<StepOutcome> {
  const obstacle = findPartitionObstacle(table, partition);
  if (obstacle !== undefined) throw obstacle;
  const { live, archive, referenced } = table;
  const { result, lockWaitMs, heldMs } = await swapPartition(run, {
    action: 'swap',
    from: rootSql(live),
    to: rootSql(archive),
    toOid: archive.oid,
    partition,
    newName: archiveName,
    bound: relationOf(table, partition.oid).bound ?? '',
    referenced,
    referencedMode: 'share row exclusive',
    defaultPartition: live.defaultPartition && partitionSql(live.defaultPartition),
    detail: { table: objectName({ schema: live.schema, name: live.table }), archived: archiveName },
  });
  return { rows: result.rows, lockWaitMs, heldMs };
}

async function moveAway(
  run: ArchiveRun,
  table: ArchiveTable,
  action: Extract<Doable, { kind: 'move' | 'drain' }>,
): Promise<StepOutcome> {
  const { live, archive } = table;
  const { partition, make, before } = action;
  if (make !== undefined) await makeMonth(run, table, make);
  return moveRows(run, {
    action: action.kind,
    partition,
    source: partitionSql(partition),
    target: rootSql(archive),
    columns: table.columns,
    controlColumn: live.controlColumn,
    from: action.kind === 'drain' ? action.month : undefined,
    before,
    detail: { table: objectName({ schema: live.schema, name: live.table }) },
  });
}

/** With the foreign keys of the live table, while it has no row that would have to be proved. */
async function makeMonth(run: ArchiveRun, { archive, live }: ArchiveTable, month: Date): Promise<void> {
  const object = objectName({ schema: archive.schema, name: partitionName(archive.table, month) });
  await recorded(run, { action: 'make', object }, async () => {
    await createPartition(run.session, archive, month, { foreignKeysOf: live.oid });
    return { detail: { table: objectName({ schema: live.schema, name: live.table }) } };
  });
}

/** After every row of a live partition has moved. */
export async function dropAfterMove(
  run: ArchiveRun,
  { live }: ArchiveTable,
  action: Extract<Doable, { kind: 'move' }>,
): Promise<Pick<ArchiveStep, 'result' | 'lockWaitMs' | 'heldMs' | 'durationMs' | 'reason'>> {
  const startedAt = performance.now();
  const { result, lockWaitMs, heldMs } = await dropEmptied(run, rootSql(live), action.partition);
  const durationMs = elapsedMs(startedAt);
  if (result.dropped) return { result: 'done', lockWaitMs, heldMs, durationMs };
  return {
    result: 'skipped',
    lockWaitMs: undefined,
    heldMs: undefined,
    durationMs,
    reason: 'an older transaction may still see its rows, or one came late; the next run drops it',
  };
}
