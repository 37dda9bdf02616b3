import type { ClientBase } from 'pg';
import { OperationError } from '../errors.js';
import type { Partition } from '../partitioning/partition-set.js';
import { objectName, type ArchiveRun } from './archive-run.js';
import { partitionSql, rootSql, type ArchiveTable } from './archive-table.js';
import { moveRows, moveStatement, type RowMove } from './move-rows.js';
import type { StepOutcome } from './perform-action.js';
import { swapPartition } from './swap-partition.js';

/** Attaching to the live table reads its default partition under the locks; this much takes some milliseconds. */
const MAX_DEFAULT_BYTES = 32 * 1024 * 1024;

/**
 * Attaches an archived partition to the live table. Its late rows in the default partition come along: first into the
 * archived partition, in batches; what came since then under the locks.
 */
export async function restorePartition(
  run: ArchiveRun,
  table: ArchiveTable,
  partition: Partition,
  target: { readonly bound: string; readonly name: string },
): Promise<StepOutcome> {
  const { live, archive, columns, referenced } = table;
  const { client } = run.session;
  const detail = { table: objectName({ schema: live.schema, name: live.table }) };
  const late: RowMove | undefined = live.defaultPartition && {
    action: 'drain',
    partition: live.defaultPartition,
    source: partitionSql(live.defaultPartition),
    target: rootSql(archive),
    columns,
    controlColumn: live.controlColumn,
    from: partition.lowerBound,
    before: partition.upperBound,
    detail,
  };
  if (late !== undefined) {
    await assertDefaultSmall(client, late);
    await moveRows(run, late);
  }
  const { result, lockWaitMs, heldMs } = await swapPartition(run, {
    action: 'restore',
    from: rootSql(archive),
    to: rootSql(live),
    toOid: live.oid,
    partition,
    newName: target.name,
    bound: target.bound,
    referenced,
    // Attaching drops the triggers that the foreign keys of the partition have on the tables they point at.
    referencedMode: 'access exclusive',
    defaultPartition: late?.source,
    detail: { ...detail, restored: target.name },
    underLock: async () => {
      if (late === undefined) return;
      await client.query(`set local studymate.moving = 'on'`);
      await client.query(moveStatement(late), [
        '(0,0)',
        '(4294967295,0)',
        late.from?.toISOString(),
        late.before?.toISOString(),
        false,
      ]);
    },
  });
  return { rows: result.rows, lockWaitMs, heldMs };
}

async function assertDefaultSmall(client: ClientBase, { partition }: RowMove): Promise<void> {
  const { rows } = await client.query<{ bytes: number }>(
    'select pg_relation_size($1::oid)::float8 as bytes',
    [partition.oid],
  );
  const bytes = rows[0]?.bytes ?? 0;
  if (bytes <= MAX_DEFAULT_BYTES) return;
  throw new OperationError(
    'ARCHIVE_DEFAULT_TOO_LARGE',
    `${objectName(partition)} is too large to restore beside it`,
    {
      detail: `It has ${Math.round(bytes / 1024 / 1024)} MB, all of which would be read while the table is locked.`,
      hint: 'Empty it first with «studymate-db partition drain» and vacuum it, then restore again.',
    },
  );
}
