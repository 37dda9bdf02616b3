import { withLockRetry } from '../database/lock-retry.js';
import { quoteQualified } from '../database/identifier.js';
import {
  lockAgainstMaintenance,
  objectName,
  PATIENT_LOCK_TIMEOUT_MS,
  recorded,
  type ArchiveRun,
  type RelationName,
} from './archive-run.js';

/**
 * Gives a partition a validated check of its own bounds, so that attaching it elsewhere scans nothing. Adding the
 * check locks the partition for a moment; validating it takes as long as reading the partition, and blocks neither
 * readers nor writers. What an interrupted run left is used, unless it is not the same check.
 */
export async function proveBounds(run: ArchiveRun, partition: RelationName): Promise<void> {
  const { client } = run.session;
  const table = quoteQualified(partition.schema, partition.name);
  const { result } = await recorded(run, { action: 'prove', object: objectName(partition) }, async () => {
    await lockAgainstMaintenance(run, [table]);
    const { rows } = await client.query<{
      condition: string;
      found: string | null;
      validated: boolean | null;
    }>(boundsQuery, [partition.oid]);
    const { condition = '', found = null, validated = null } = rows[0] ?? {};
    if (found !== null && found === condition) return { validated: validated === true, unrecorded: true };
    const drop = found === null ? '' : 'drop constraint archive_bounds, ';
    await client.query(
      `alter table ${table} ${drop}add constraint archive_bounds check ${condition} not valid`,
    );
    return { validated: false, unrecorded: true };
  });
  if (result.validated) return;
  await withLockRetry(run.session, { lockTimeoutMs: PATIENT_LOCK_TIMEOUT_MS, retries: 2 }, () =>
    client.query(`alter table ${table} validate constraint archive_bounds`),
  );
}

const boundsQuery = `
  select pg_get_partition_constraintdef(c.oid) as condition,
    substring(pg_get_constraintdef(k.oid) from '^CHECK \\((.*)\\)(?: NOT VALID)?$') as found,
    k.convalidated as validated
  from pg_class as c
  left join pg_constraint as k on k.conrelid = c.oid and k.conname = 'archive_bounds' and k.contype = 'c'
  where c.oid = $1`;
