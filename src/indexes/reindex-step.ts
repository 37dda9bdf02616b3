import type { ClientBase } from 'pg';
import { elapsedMs } from '../database/duration.js';
import { quoteQualified } from '../database/identifier.js';
import { withLockRetry } from '../database/lock-retry.js';
import type { RunLedger } from '../database/run-ledger.js';
import type { StudymateError } from '../errors.js';
import { analyzeTable } from './concurrent-analyze.js';
import { indexStepError } from './concurrent-error.js';
import { afterCancel, type PhysicalIndex } from './concurrent-leftovers.js';
import { rebuildIndex } from './concurrent-rebuild.js';
import type { ConcurrentContext } from './concurrent-statement.js';
import { PACK_ACTION, REINDEX_ACTION } from './reindex-history.js';
import type { ReindexCandidate, ReindexSelection } from './reindex-plan.js';

export interface ReindexStep {
  readonly candidate: ReindexCandidate;
  readonly result: 'done' | 'failed' | 'interrupted';
  readonly durationMs: number;
  /** Undefined unless it was done. */
  readonly sizeAfterBytes: number | undefined;
  /** Undefined unless it failed. */
  readonly error: StudymateError | undefined;
}

/** Brings statistics up to date. @returns why it could not */
export async function analyzeForReindex(
  { session, onEvent }: ConcurrentContext,
  ledger: RunLedger,
  table: ReindexSelection['unsure'][number],
): Promise<StudymateError | undefined> {
  const object = `${table.schema}.${table.name}`;
  onEvent?.({ type: 'step-started', action: 'analyze', object, reason: 'its statistics do not tell' });
  const startedAt = performance.now();
  let error: StudymateError | undefined;
  try {
    await session.client.query(`set lock_timeout = '10s'`);
    await analyzeTable(session.client, table);
  } catch (failure) {
    error = indexStepError(failure, { object, signal: session.signal });
  } finally {
    await session.client.query(`set lock_timeout = '200ms'`).catch(() => undefined);
  }
  const durationMs = elapsedMs(startedAt);
  await ledger.step({
    action: 'analyze',
    object,
    result: error === undefined ? 'done' : 'failed',
    durationMs,
    error,
  });
  onEvent?.({ type: 'step-ended', action: 'analyze', object, durationMs, error });
  return error;
}

/** Rebuilds one index and writes it to the ledger. @throws what concerns the whole run */
export async function performReindex(
  context: ConcurrentContext,
  ledger: RunLedger,
  candidate: ReindexCandidate,
): Promise<{ step: ReindexStep; leftovers: readonly PhysicalIndex[] }> {
  const { session, onEvent, lock } = context;
  const { client, signal } = session;
  const { schema, name, sizeBytes, predictedBytes, reason, bloatRatio, method } = candidate;
  const object = `${schema}.${name}`;
  const action = candidate.fillfactor === undefined ? REINDEX_ACTION : PACK_ACTION;
  onEvent?.({ type: 'step-started', action, object, reason, sizeBytes });
  const startedAt = performance.now();
  let failure: unknown;
  let leftovers: readonly PhysicalIndex[] = [];
  try {
    if (candidate.fillfactor !== undefined) {
      const index = quoteQualified(schema, name);
      await withLockRetry(
        session,
        { ...lock, onRetry: (retry) => onEvent?.({ type: 'lock-retry', object, ...retry }) },
        () => client.query(`alter index ${index} set (fillfactor = ${candidate.fillfactor})`),
      );
    }
    ({ error: failure, leftovers } = await rebuildIndex(context, candidate));
  } catch (error) {
    failure = error;
  }
  const durationMs = elapsedMs(startedAt);
  const interrupted = signal?.aborted === true && failure !== undefined;
  const error =
    failure === undefined || interrupted ? undefined : indexStepError(failure, { object, signal });
  const result = interrupted ? 'interrupted' : error === undefined ? 'done' : 'failed';
  const sizeAfterBytes = result === 'done' ? await afterCancel(() => sizeOf(client, candidate)) : undefined;
  await afterCancel(() =>
    ledger.step({
      action,
      object,
      result: result === 'done' ? 'done' : 'failed',
      durationMs,
      detail: {
        reason,
        method,
        bloatRatio,
        sizeBytes,
        predictedBytes,
        sizeAfterBytes,
        leftovers: leftovers.map((leftover) => leftover.name),
      },
      error: error ?? failure,
    }),
  );
  onEvent?.({ type: 'step-ended', action, object, durationMs, sizeBytes: sizeAfterBytes, error });
  return { step: { candidate, result, durationMs, sizeAfterBytes, error }, leftovers };
}

async function sizeOf(client: ClientBase, index: ReindexCandidate): Promise<number | undefined> {
  const { rows } = await client.query<{ size: number }>(
    `select pg_relation_size(c.oid)::float8 as size
       from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = $1 and c.relname = $2`,
    [index.schema, index.name],
  );
  return rows[0]?.size;
}
