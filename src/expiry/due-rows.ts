import type { ClientBase } from 'pg';
import { elapsedMs } from '../database/duration.js';
import type { ExpiryResult } from './expire.js';
import type { ExpirySettings } from './options.js';
import { expiryPolicies, type ExpiryPolicy } from './policy.js';
import { expiryStatements } from './statements.js';

/** As withMaintenanceSession sets them. */
export const MAINTENANCE_TIMEOUTS = `set statement_timeout = 0; set lock_timeout = '200ms'`;

/** For each action, the instant up to which rows are due. */
export type Cutoffs = Readonly<Record<ExpiryPolicy['action'], string>>;

/** By the server's clock, once a run: what expires meanwhile is for the next. */
export async function readCutoffs(
  client: ClientBase,
  { graceMs }: Pick<ExpirySettings, 'graceMs'>,
): Promise<Cutoffs> {
  const { rows } = await client.query<{ mark: string; delete: string }>(
    `select now()::text as mark, (now() - $1 * interval '1 millisecond')::text as delete`,
    [graceMs],
  );
  const [row] = rows;
  if (row === undefined) throw new Error('the server did not tell the time');
  return row;
}

/** How far behind a run is that did not get through. What cannot be told in ten seconds is left out. */
export async function readOldestDue(
  client: ClientBase,
  policies: readonly ExpiryPolicy[],
  cutoffs: Cutoffs,
): Promise<ReadonlyMap<ExpiryPolicy, Date>> {
  const found = new Map<ExpiryPolicy, Date>();
  await client.query('set statement_timeout = 10000');
  for (const policy of policies) {
    const { rows } = await client
      .query<{ oldest: Date | null }>(expiryStatements(policy).oldest, [cutoffs[policy.action]])
      .catch(() => ({ rows: [] }));
    const oldest = rows[0]?.oldest;
    if (oldest instanceof Date) found.set(policy, oldest);
  }
  return found;
}

/** Counts what a run would expire now; writes nothing. */
export async function planExpiry(
  client: ClientBase,
  settings: Pick<ExpirySettings, 'graceMs'>,
): Promise<ExpiryResult> {
  const startedAt = performance.now();
  const cutoffs = await readCutoffs(client, settings);
  const tables: ExpiryResult['tables'][number][] = [];
  for (const policy of expiryPolicies) {
    const { schema, table, action } = policy;
    const countedAt = performance.now();
    const { rows } = await client.query<{ due: string; oldest: Date | null }>(
      expiryStatements(policy).count,
      [cutoffs[action]],
    );
    const oldest = rows[0]?.oldest;
    tables.push({
      schema,
      table,
      action,
      state: 'due',
      rowCount: Number(rows[0]?.due ?? 0),
      skipped: 0,
      batches: 0,
      durationMs: Math.round(elapsedMs(countedAt)),
      longestBatchMs: 0,
      oldestDue: oldest instanceof Date ? oldest : undefined,
      error: undefined,
    });
  }
  return { dryRun: true, tables, stopped: undefined, warnings: [], durationMs: elapsedMs(startedAt) };
}
