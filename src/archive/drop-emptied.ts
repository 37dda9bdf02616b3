import { quoteQualified } from '../database/identifier.js';
import {
  lockAgainstMaintenance,
  objectName,
  PATIENT_LOCK_TIMEOUT_MS,
  recorded,
  type ArchiveRun,
  type RecordedResult,
  type RelationName,
} from './archive-run.js';

/**
 * Drops a partition whose rows have all been moved, once nobody can see a row in it any more: dropping is not
 * transactional for readers, so a snapshot from before the move would find its rows in neither table. Vacuum decides:
 * it truncates the file to nothing when, and only when, no snapshot needs what was there.
 *
 * @returns `dropped` false when it has to stay for now: an older transaction is open, or a row came late
 */
export async function dropEmptied(
  run: ArchiveRun,
  root: string,
  partition: RelationName,
): Promise<RecordedResult<{ readonly dropped: boolean }>> {
  const { client } = run.session;
  const table = quoteQualified(partition.schema, partition.name);
  // Vacuum takes the lock of maintenance alone, and gives up truncating as soon as anybody waits for it.
  await client.query(`set lock_timeout = ${PATIENT_LOCK_TIMEOUT_MS}`);
  try {
    await client.query(`vacuum (truncate true, index_cleanup on) ${table}`);
  } finally {
    await client.query(`set lock_timeout = ${run.lockTimeoutMs}`).catch(() => undefined);
  }
  const isEmpty = async (): Promise<boolean> => {
    const { rows } = await client.query<{ empty: boolean }>('select pg_relation_size($1::oid) = 0 as empty', [
      partition.oid,
    ]);
    return rows[0]?.empty === true;
  };
  if (!(await isEmpty())) return { result: { dropped: false }, lockWaitMs: 0, heldMs: 0, attempts: 0 };
  return recorded(run, { action: 'drop', object: objectName(partition) }, async () => {
    await lockAgainstMaintenance(run, [table]);
    await client.query(`lock table only ${root}, only ${table} in access exclusive mode`);
    // A row may have come while we waited.
    if (!(await isEmpty())) return { dropped: false, unrecorded: true };
    await client.query(`drop table ${table}`);
    return { dropped: true };
  });
}
