import { withConnection } from '../database/connect.js';
import { elapsedMs } from '../database/duration.js';
import { withMaintenanceSession, type MaintenanceSession } from '../database/maintenance-session.js';
import type { MaintenanceSessionOptions } from '../database/maintenance-session.js';
import { withRunLedger, type RunLedger } from '../database/run-ledger.js';
import type { StudymateError } from '../errors.js';
import { packageVersion } from '../package-root.js';
import { beginTable, expirePage, type ExpireContext, type TableExpiry } from './expire-table.js';
import { expiryError } from './expiry-error.js';
import { createGuards, type Stop } from '../database/maintenance-guards.js';
import { expirySettings, type ExpiryOptions } from './options.js';
import { MAINTENANCE_TIMEOUTS, planExpiry, readCutoffs, readOldestDue } from './due-rows.js';
import { expiryPolicies, type ExpiryPolicy } from './policy.js';

export interface ExpiryResult {
  readonly dryRun: boolean;
  /** A line a table, in the order of their turns. */
  readonly tables: readonly ExpiredTable[];
  /** Why rows that are due were left; undefined when the run got through. */
  readonly stopped: Stop | undefined;
  /** What this role could not see. */
  readonly warnings: readonly string[];
  readonly durationMs: number;
}

export interface ExpiredTable {
  readonly schema: string;
  readonly table: string;
  readonly action: ExpiryPolicy['action'];
  readonly state: 'done' | 'stopped' | 'failed' | 'due';
  /** Marked or deleted; with `dryRun`, due. */
  readonly rowCount: number;
  /** Left for the next run: locked by others when their batch came, or given more time meanwhile. */
  readonly skipped: number;
  readonly batches: number;
  readonly durationMs: number;
  readonly longestBatchMs: number;
  /** `expires_at` of the oldest row that is due and is left. Undefined when there is none, or it is not known. */
  readonly oldestDue: Date | undefined;
  readonly error: StudymateError | undefined;
}

export type ExpireRowsOptions = ExpiryOptions & Omit<MaintenanceSessionOptions, 'applicationName'>;

/**
 * Deletes refresh tokens, sessions and notifications, and marks matching requests and recordings, whose `expires_at`
 * has passed by the server's clock. In batches of 300 ms, each committed for itself: interrupted at any moment it
 * leaves what is done done, and the next run goes on. Holds the maintenance lease. Rows locked by others are left out.
 *
 * A table that fails does not stop the others; its error is in the result.
 *
 * @throws BusyError BUSY_MAINTENANCE_RUNNING; UsageError USAGE_INVALID_OPTION; what withConnection throws
 */
export async function expireRows(options: ExpireRowsOptions): Promise<ExpiryResult> {
  const settings = expirySettings(options);
  const applicationName = 'studymate-db expiry run';
  if (options.dryRun === true) {
    const { connection, signal } = options;
    return withConnection(connection, { applicationName, signal }, ({ client }) =>
      planExpiry(client, settings),
    );
  }
  return withMaintenanceSession({ ...options, applicationName }, (session) =>
    expireUnderLease(session, options),
  );
}

/**
 * The same in a session that holds the lease already. Aborted, it does not throw: it returns what was done until then.
 */
export async function expireUnderLease(
  session: MaintenanceSession,
  options: ExpiryOptions,
): Promise<ExpiryResult> {
  const settings = expirySettings(options);
  const { client, signal } = session;
  if (options.dryRun === true) return planExpiry(client, settings);
  const startedAt = performance.now();
  const tables = expiryPolicies.map(beginTable);
  const guards = createGuards(client, settings, {
    deadline: startedAt + settings.maxDurationMs,
    signal,
    onEvent: options.onEvent,
  });
  let stopped: Stop | undefined;
  let oldest: ReadonlyMap<ExpiryPolicy, Date> = new Map();
  const run = { command: 'expiry run', options: { ...settings }, toolVersion: packageVersion() };
  try {
    await withRunLedger(client, run, async (ledger) => {
      try {
        const cutoffs = await readCutoffs(client, settings);
        const contextOf = ({ policy }: TableExpiry): ExpireContext => ({
          session,
          cutoff: cutoffs[policy.action],
          guards,
          lockRetries: settings.lockRetries,
          onEvent: options.onEvent,
        });
        stopped = await takeTurns(tables, contextOf);
        const left = tables.filter(({ state }) => state !== 'done').map(({ policy }) => policy);
        oldest = await readOldestDue(client, left, cutoffs);
      } catch (error) {
        await endTables(session, ledger, tables, undefined).catch(() => undefined);
        throw error;
      }
      await endTables(session, ledger, tables, stopped);
      const failed = tables.filter(({ state }) => state === 'failed').map(({ policy }) => policy.table);
      if (failed.length > 0) throw new ExpiryFailed(`not expired: ${failed.join(', ')}`);
    });
  } catch (error) {
    if (signal?.aborted === true) stopped = { reason: 'interrupted', detail: 'the run was interrupted' };
    else if (!(error instanceof ExpiryFailed)) throw error;
  }
  return {
    dryRun: false,
    tables: tables.map((table) => summarize(table, oldest.get(table.policy))),
    stopped,
    warnings: guards.warnings,
    durationMs: elapsedMs(startedAt),
  };
}

/** For the ledger only: what failed is in the result. */
class ExpiryFailed extends Error {}

/** A page each in turn, so that a table with much to do does not keep the others from theirs, run after run. */
async function takeTurns(
  tables: readonly TableExpiry[],
  contextOf: (table: TableExpiry) => ExpireContext,
): Promise<Stop | undefined> {
  for (;;) {
    const going = tables.filter(({ state }) => state === 'going');
    if (going.length === 0) return undefined;
    for (const table of going) {
      const context = contextOf(table);
      const { client, signal } = context.session;
      try {
        const stop = await expirePage(table, context);
        if (stop !== undefined) return stop;
      } catch (error) {
        signal?.throwIfAborted();
        // Without a session there is no next table.
        await client.query('select 1').catch(() => {
          throw error;
        });
        table.state = 'failed';
        table.error = expiryError(error);
        context.onEvent?.({ type: 'table-failed', table: table.policy.table, error: table.error });
      }
    }
  }
}

/** Gives the session back as it was, and keeps a row a table in the ledger. */
async function endTables(
  { client }: MaintenanceSession,
  ledger: RunLedger,
  tables: readonly TableExpiry[],
  stopped: Stop | undefined,
): Promise<void> {
  await client.query(MAINTENANCE_TIMEOUTS);
  for (const { policy, state, rowCount, durationMs, error, skipped, batches } of tables) {
    await ledger.step({
      action: policy.action,
      object: `${policy.schema}.${policy.table}`,
      result: state === 'failed' ? 'failed' : state === 'going' && batches === 0 ? 'skipped' : 'done',
      rowCount,
      durationMs,
      detail: { skipped, batches, ...(state === 'going' && { stopped: stopped?.reason ?? 'interrupted' }) },
      error,
    });
  }
}

function summarize(table: TableExpiry, oldestDue: Date | undefined): ExpiredTable {
  const { policy, state, rowCount, skipped, batches, durationMs, longestBatchMs, error } = table;
  return {
    schema: policy.schema,
    table: policy.table,
    action: policy.action,
    state: state === 'going' ? 'stopped' : state,
    rowCount,
    skipped,
    batches,
    durationMs: Math.round(durationMs),
    longestBatchMs: Math.round(longestBatchMs),
    oldestDue,
    error,
  };
}
