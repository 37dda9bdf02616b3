import type { ClientBase } from 'pg';
import { OperationError, StudymateError } from '../errors.js';
import { readPartitionSet } from '../partitioning/partition-set.js';
import type { PartitionPolicy } from '../partitioning/policy.js';
import { countDefaultRows } from './default-rows.js';
import type { PartitionState } from './plan-rollover.js';

/** Reads what planRollover() needs. */
export async function readState(
  client: ClientBase,
  policy: PartitionPolicy,
  now: Date,
): Promise<PartitionState> {
  const live = await readPartitionSet(client, policy);
  const archive = await readPartitionSet(client, { schema: policy.schema, table: policy.archiveTable });
  return { now, policy, live, archive, defaultRows: await countDefaultRows(client, live) };
}

export async function serverTime(client: ClientBase): Promise<Date> {
  const { rows } = await client.query<{ ms: number }>(
    `select extract(epoch from now())::float8 * 1000 as ms`,
  );
  return new Date(rows[0]?.ms ?? Number.NaN);
}

/** One table may be in trouble; without any, or without the ledger, this is no database of ours. */
export async function assertMigrated(
  client: ClientBase,
  policies: readonly PartitionPolicy[],
): Promise<void> {
  const { rows } = await client.query<{ found: boolean }>(
    `select to_regclass('studymate.runs') is not null as found`,
  );
  let missing: StudymateError | undefined;
  if (rows[0]?.found !== true) {
    missing = new OperationError('PARTITION_TABLE_MISSING', 'there is no table studymate.runs', {
      hint: 'Apply the migrations with «studymate-db migrate», or point the database URL at the right database.',
    });
  }
  for (const policy of policies) {
    try {
      await readPartitionSet(client, policy);
      if (missing === undefined) return;
    } catch (error) {
      if (!(error instanceof StudymateError)) throw error;
      missing ??= error;
    }
  }
  if (missing !== undefined) throw missing;
}
