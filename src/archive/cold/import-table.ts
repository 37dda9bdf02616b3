import type { ClientBase } from 'pg';
import { elapsedMs } from '../../database/duration.js';
import { hasSqlState, SQLSTATE } from '../../database/sqlstate.js';
import { OperationError } from '../../errors.js';
import { attachPartition } from '../../partitioning/attach-partition.js';
import { monthBounds } from '../../partitioning/create-partition.js';
import { formatMonth } from '../../partitioning/month.js';
import { identifyLike } from '../../partitioning/standalone-table.js';
import { objectName, recorded, type ArchiveRun } from '../archive-run.js';
import { partitionSql, readArchiveTable, type ArchiveTable } from '../archive-table.js';
import { addMissingKeys } from '../foreign-keys.js';
import { manifestContent } from './check-copy.js';
import type { ColdTask } from './cold-run.js';
import { columnConflicts, readColumns, TEXT_SETTINGS } from './columns.js';
import { describeContent, readContent, sameContent } from './content.js';
import {
  countGoneParents,
  describeGoneParents,
  eraseGoneRows,
  readParentKeys,
  type ErasedRows,
  type ParentKey,
} from './gone-parents.js';
import { addKeys, createMonthTable, loadRows, raiseSequence, type MonthTable } from './load-month.js';
import type { Manifest } from './manifest.js';
import { withSavepointRetry } from './savepoint-retry.js';

/** @throws OperationError COLD_COLUMNS_CHANGED when the archive cannot take rows with these columns any more */
export async function assertColumnsFit(
  client: ClientBase,
  { archive }: ArchiveTable,
  manifest: Manifest,
): Promise<void> {
  const conflicts = columnConflicts(manifest.columns, await readColumns(client, archive.oid));
  if (conflicts.length === 0) return;
  throw new OperationError('COLD_COLUMNS_CHANGED', `${archive.table} has other columns than the cold copy`, {
    detail: conflicts.join('\n'),
    hint: 'Nothing was imported. Load the file into a table of its own as its manifest says, and convert it there.',
  });
}

/**
 * Brings a month back in one transaction: a table of its own, filled and proved equal to the copy, then attached and
 * given its foreign keys. Killed before its end, nothing is there. The archive is locked against other maintenance only;
 * users and chat_rooms against writers, for the moment in which the foreign keys are added.
 *
 * @throws OperationError COLD_CONTENT_DIFFERS; COLD_PARENTS_GONE unless `skipErased`; COLD_ROWS_REFUSED;
 * PARTITION_NAME_TAKEN; ARCHIVE_LOCK_TIMEOUT: nothing was imported
 */
export async function importTable(
  run: ArchiveRun,
  table: ArchiveTable,
  manifest: Manifest,
  task: ColdTask,
  skipErased: boolean,
): Promise<ErasedRows> {
  const { client } = run.session;
  const startedAt = performance.now();
  await client.query(`begin isolation level read committed; ${TEXT_SETTINGS}`);
  try {
    // So that definitions read from the catalog are qualified.
    await client.query('set local search_path = pg_catalog');
    const loaded = await createMonthTable(client, table.archive, task.month);
    const keys = await readParentKeys(client, table.live.oid);
    await loadRows(client, loaded, manifest, task);
    await assertLoaded(run, table, loaded, manifest);
    const gone = await countGoneParents(client, partitionSql(loaded), keys);
    if (gone.length > 0 && !skipErased) throw parentsGone(task, describeGoneParents(gone));
    task.phase('attach');
    await withSavepointRetry(run, objectName(loaded), () => attach(run, table, loaded, task));
    const erased = gone.length > 0 ? await eraseGoneRows(client, partitionSql(loaded), keys) : NOTHING_ERASED;
    await client.query(`analyze ${partitionSql(loaded)}`);
    await raiseSequence(client, table.live, manifest.maxId);
    await withSavepointRetry(run, objectName(loaded), async () => {
      await client.query(`lock table ${table.referenced.join(', ')} in share row exclusive mode`);
      await addKeys(client, loaded, keys);
    });
    await run.ledger.step({
      action: 'import',
      object: objectName(loaded),
      result: 'done',
      rowCount: manifest.rows - erased.deleted,
      durationMs: elapsedMs(startedAt),
      detail: { folder: task.folder, contentChecksum: manifest.contentChecksum.value, ...erased },
    });
    await client.query('commit');
    return erased;
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  }
}

export const NOTHING_ERASED: ErasedRows = { deleted: 0, cleared: 0 };

async function assertLoaded(
  { session: { client } }: ArchiveRun,
  { archive }: ArchiveTable,
  loaded: MonthTable,
  manifest: Manifest,
): Promise<void> {
  const content = await readContent(client, partitionSql(loaded), manifest.columns, archive.controlColumn);
  const expected = manifestContent(manifest);
  if (sameContent(content, expected)) return;
  throw new OperationError(
    'COLD_CONTENT_DIFFERS',
    'the rows that were loaded are not those of the manifest',
    {
      detail: `Loaded: ${describeContent(content)}. The manifest: ${describeContent(expected)}.`,
      hint: 'Nothing was imported. The file may have changed while it was read; verify it, and run it again.',
    },
  );
}

function parentsGone({ policy, month }: ColdTask, detail: string): OperationError {
  return new OperationError(
    'COLD_PARENTS_GONE',
    `rows of ${policy.table} ${formatMonth(month)} belong to users or rooms that were deleted since the export`,
    {
      detail,
      hint: 'Nothing was imported. With --skip-erased what deleting them would have done is done to the rows: they are left out, or their pointer is set null.',
    },
  );
}

/** Builds the indexes too: the server makes those that its siblings have. Readers and writers go on meanwhile. */
async function attach(
  { session: { client } }: ArchiveRun,
  { archive }: ArchiveTable,
  loaded: MonthTable,
  { month }: ColdTask,
): Promise<void> {
  try {
    await attachPartition(client, archive, loaded, monthBounds(month));
    await identifyLike(client, loaded, loaded.model);
  } catch (error) {
    if (!hasSqlState(error, SQLSTATE.checkViolation)) throw error;
    throw new OperationError('COLD_CONTENT_DIFFERS', `the cold copy has rows outside ${formatMonth(month)}`, {
      hint: 'Nothing was imported.',
      cause: error,
    });
  }
}

/**
 * Proves the foreign keys of an imported month, which nobody waits for. Rows of a user or room that was deleted while
 * they were loaded go first, as they would have had the keys been there. Does nothing when all is proved.
 */
export async function proveKeys(run: ArchiveRun, task: ColdTask): Promise<ErasedRows> {
  const { client } = run.session;
  const table = await readArchiveTable(client, task.policy);
  const partition = table.archive.partitions.find(({ month }) => month?.getTime() === task.month.getTime());
  if (partition === undefined || table.relations.get(partition.oid)?.missingKeys === 0) return NOTHING_ERASED;
  task.phase('validate');
  const keys: readonly ParentKey[] = await readParentKeys(client, table.live.oid);
  const { result } = await recorded(run, { action: 'erase', object: objectName(partition) }, async () => {
    const erased = await eraseGoneRows(client, partitionSql(partition), keys);
    return { ...erased, rows: erased.deleted, unrecorded: erased.deleted + erased.cleared === 0 };
  });
  await addMissingKeys(run, table, partition);
  return { deleted: result.deleted, cleared: result.cleared };
}
