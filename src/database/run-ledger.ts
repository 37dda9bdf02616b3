import type { ClientBase } from 'pg';
import { InterruptedError, StudymateError } from '../errors.js';
import { isServerError } from './sqlstate.js';

/** What a run did to one table, partition or index: a row of studymate.run_steps. */
export interface RunStep {
  readonly action: string;
  /** Schema-qualified name. */
  readonly object: string;
  readonly result: 'done' | 'failed' | 'skipped';
  readonly rowCount?: number | undefined;
  readonly durationMs: number;
  readonly lockWaitMs?: number | undefined;
  readonly heldMs?: number | undefined;
  readonly attempts?: number | undefined;
  readonly detail?: Readonly<Record<string, unknown>> | undefined;
  readonly error?: unknown;
}

export interface RunLedger {
  readonly runId: string;
  /** Writes a row. Inside the transaction that does the step, so that one never stands without the other. */
  step(step: RunStep): Promise<void>;
}

/**
 * Keeps a row in studymate.runs while `work` runs. A failure to write that row at the end does not hide the outcome
 * of the work itself.
 */
export async function withRunLedger<T>(
  client: ClientBase,
  run: {
    readonly command: string;
    readonly options?: Readonly<Record<string, unknown>>;
    readonly toolVersion: string;
  },
  work: (ledger: RunLedger) => Promise<T>,
): Promise<T> {
  const { rows } = await client.query<{ id: string }>(
    'insert into studymate.runs (command, options, tool_version) values ($1, $2, $3) returning id',
    [run.command, JSON.stringify(run.options ?? {}), run.toolVersion],
  );
  const runId = rows[0]?.id ?? '';
  const finish = async (result: 'done' | 'failed' | 'interrupted', error?: unknown): Promise<void> => {
    await client
      .query(
        `update studymate.runs
         set finished_at = clock_timestamp(), result = $2, error_code = $3, error_message = $4
         where id = $1`,
        [runId, result, errorCode(error), errorMessage(error)],
      )
      .catch(() => undefined);
  };
  try {
    const value = await work({ runId, step: (step) => writeStep(client, runId, step) });
    await finish('done');
    return value;
  } catch (error) {
    await finish(error instanceof InterruptedError ? 'interrupted' : 'failed', error);
    throw error;
  }
}

async function writeStep(client: ClientBase, runId: string, step: RunStep): Promise<void> {
  await client.query(
    `insert into studymate.run_steps
       (run_id, action, object, result, row_count, duration_ms, lock_wait_ms, held_ms, attempts, detail,
        error_code, error_message)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [
      runId,
      step.action,
      step.object,
      step.result,
      step.rowCount ?? null,
      step.durationMs,
      step.lockWaitMs ?? null,
      step.heldMs ?? null,
      step.attempts ?? null,
      JSON.stringify(step.detail ?? {}),
      errorCode(step.error),
      errorMessage(step.error),
    ],
  );
}

function errorCode(error: unknown): string | null {
  if (error instanceof StudymateError) return (error as StudymateError).code;
  return isServerError(error) ? error.code : null;
}

function errorMessage(error: unknown): string | null {
  if (error === undefined) return null;
  return error instanceof Error ? error.message : JSON.stringify(error);
}
