import { elapsedMs } from '../database/duration.js';
import { withLockRetry, type LockRetry } from '../database/lock-retry.js';
import type { MaintenanceSession } from '../database/maintenance-session.js';
import { hasSqlState, SQLSTATE } from '../database/sqlstate.js';
import type { StudymateError } from '../errors.js';
import { FIRST_BATCH_SIZE, nextBatchSize, SMALLEST_BATCH_SIZE } from './batch-size.js';
import type { ExpiryListener } from './events.js';
import type { Guards, Stop } from '../database/maintenance-guards.js';
import type { ExpiryPolicy } from './policy.js';
import { expiryStatements, type ExpiryStatements } from './statements.js';

/** Keys read at once. Enough that the scan that finds them hardly counts, few enough to take turns. */
const PAGE_SIZE = 100_000;
const READ_TIMEOUT_MS = 600_000;
/** A batch aims at a small part of this. */
const WRITE_TIMEOUT_MS = 10_000;
/** Longest wait for a row: then the batch leaves out what is locked. */
const ROW_LOCK_TIMEOUT_MS = 100;

/** One table's work, a page of keys at a time. */
export interface TableExpiry {
  readonly policy: ExpiryPolicy;
  readonly statements: ExpiryStatements;
  /** Rows marked or deleted so far. */
  rowCount: number;
  /** Rows that were due and were locked, or no longer due, when their batch came. */
  skipped: number;
  batches: number;
  durationMs: number;
  longestBatchMs: number;
  batchSize: number;
  state: 'going' | 'done' | 'failed';
  error: StudymateError | undefined;
}

export interface ExpireContext {
  readonly session: MaintenanceSession;
  /** Rows whose time ended at this instant or before are due, by the server's clock, as text. */
  readonly cutoff: string;
  readonly guards: Guards;
  readonly lockRetries: number;
  readonly onEvent: ExpiryListener | undefined;
}

export function beginTable(policy: ExpiryPolicy): TableExpiry {
  return {
    policy,
    statements: expiryStatements(policy),
    rowCount: 0,
    skipped: 0,
    batches: 0,
    durationMs: 0,
    longestBatchMs: 0,
    batchSize: FIRST_BATCH_SIZE,
    state: 'going',
    error: undefined,
  };
}

/**
 * Expires up to a page of rows, each batch a transaction of its own, and asks the guards before each. The keys are
 * read once, so no batch walks over what those before it left dead; each write asks again whether its rows are due.
 *
 * @returns why it stopped, or undefined when the page is through; the table is done when there was no more than that
 */
export async function expirePage(table: TableExpiry, context: ExpireContext): Promise<Stop | undefined> {
  const { guards, session, onEvent } = context;
  const startedAt = performance.now();
  try {
    const stopBefore = await guards.pass();
    if (stopBefore !== undefined) return stopBefore;
    const keys = await readKeys(table, context);
    await session.client.query(
      `set lock_timeout = ${ROW_LOCK_TIMEOUT_MS}; set statement_timeout = ${WRITE_TIMEOUT_MS}`,
    );
    for (let at = 0; at < keys.length;) {
      const stop = at === 0 ? undefined : await guards.pass();
      if (stop !== undefined) return stop;
      const batch = keys.slice(at, at + table.batchSize);
      if (await expireBatch(table, batch, context)) at += batch.length;
    }
    if (keys.length < PAGE_SIZE) {
      table.state = 'done';
      onEvent?.({ type: 'table-done', table: table.policy.table, rowCount: table.rowCount });
    }
    return undefined;
  } finally {
    table.durationMs += performance.now() - startedAt;
  }
}

async function readKeys(table: TableExpiry, context: ExpireContext): Promise<string[]> {
  const { client } = context.session;
  await client.query(`set statement_timeout = ${READ_TIMEOUT_MS}`);
  const { rows } = await patiently(table, context, () =>
    client.query<{ keys: string }>(table.statements.listKeys, [context.cutoff, PAGE_SIZE]),
  );
  const keys = rows[0]?.keys ?? '{}';
  return keys === '{}' ? [] : keys.slice(1, -1).split(',');
}

/** @returns false when the batch took too long and was rolled back: smaller ones are to be tried */
async function expireBatch(
  table: TableExpiry,
  keys: readonly string[],
  context: ExpireContext,
): Promise<boolean> {
  const startedAt = performance.now();
  try {
    const rowCount = await writeBatch(table, [context.cutoff, `{${keys.join(',')}}`], context);
    const durationMs = elapsedMs(startedAt);
    table.rowCount += rowCount;
    table.skipped += keys.length - rowCount;
    table.batches += 1;
    table.longestBatchMs = Math.max(table.longestBatchMs, durationMs);
    // A short last batch says nothing about a long one.
    if (keys.length === table.batchSize) table.batchSize = nextBatchSize(table.batchSize, durationMs);
    context.onEvent?.({ type: 'batch', table: table.policy.table, rowCount: table.rowCount, durationMs });
    return true;
  } catch (error) {
    context.session.signal?.throwIfAborted();
    if (!hasSqlState(error, SQLSTATE.queryCanceled) || table.batchSize <= SMALLEST_BATCH_SIZE) throw error;
    table.batchSize = nextBatchSize(table.batchSize, WRITE_TIMEOUT_MS);
    return false;
  }
}

/** First without locking rows one by one; only where somebody is in the way, around them. */
async function writeBatch(
  table: TableExpiry,
  parameters: readonly string[],
  context: ExpireContext,
): Promise<number> {
  const { session, onEvent } = context;
  const { change, changeUnlocked } = table.statements;
  try {
    return (await session.client.query(change, [...parameters])).rowCount ?? 0;
  } catch (error) {
    if (!hasSqlState(error, SQLSTATE.lockNotAvailable, SQLSTATE.deadlockDetected)) throw error;
  }
  onEvent?.({ type: 'rows-locked', table: table.policy.table });
  const { rowCount } = await patiently(table, context, () =>
    session.client.query(changeUnlocked, [...parameters]),
  );
  return rowCount ?? 0;
}

/** No row is waited for here: who is in the way holds the table. */
async function patiently<T>(
  { policy }: TableExpiry,
  { session, lockRetries, onEvent }: ExpireContext,
  work: () => Promise<T>,
): Promise<T> {
  const onRetry = (retry: LockRetry): void =>
    onEvent?.({ type: 'lock-retry', table: policy.table, ...retry });
  return (await withLockRetry(session, { retries: lockRetries, onRetry }, work)).result;
}
