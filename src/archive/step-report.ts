import { elapsedMs } from '../database/duration.js';
import { hasSqlState, isServerError, SQLSTATE } from '../database/sqlstate.js';
import { OperationError, type StudymateError } from '../errors.js';
import type { ArchiveRun } from './archive-run.js';
import type { ArchiveStep, ArchiveStepAction } from './events.js';
import type { StepOutcome } from './perform-action.js';

export interface StepIdentity {
  readonly table: string;
  readonly action: ArchiveStepAction;
  readonly month: string | undefined;
  readonly partition: string;
}

/**
 * Does one thing and says how it went. Its failure is written to the ledger and handed back, so that the next month
 * or table goes on; only what ends the session, or an interruption, is thrown.
 */
export async function attemptStep(
  run: ArchiveRun,
  identity: StepIdentity,
  work: () => Promise<Partial<ArchiveStep> & StepOutcome>,
): Promise<ArchiveStep> {
  run.onEvent({ type: 'step-started', action: identity.action, partition: identity.partition });
  const startedAt = performance.now();
  let step: ArchiveStep;
  try {
    step = { ...identity, result: 'done', durationMs: elapsedMs(startedAt), ...(await work()) };
    step = { ...step, durationMs: elapsedMs(startedAt) };
    if (step.result === 'skipped') await recordOutcome(run, step);
  } catch (error) {
    const failure = asStepFailure(run, error, identity);
    step = failedStep(identity, failure, elapsedMs(startedAt));
    await recordOutcome(run, step, failure);
  }
  run.onEvent({ type: 'step-done', ...step });
  return step;
}

/** What was found to be impossible before it was tried. */
export async function refuseStep(
  run: ArchiveRun,
  identity: Omit<StepIdentity, 'action'>,
  error: OperationError,
): Promise<ArchiveStep> {
  const step = failedStep({ ...identity, action: 'refused' }, error, 0);
  await recordOutcome(run, step, error);
  run.onEvent({ type: 'step-done', ...step });
  return step;
}

function failedStep(
  identity: Omit<StepIdentity, 'action'> & Pick<ArchiveStep, 'action'>,
  { code, message, detail, hint }: StudymateError,
  durationMs: number,
): ArchiveStep {
  return {
    ...identity,
    result: 'failed',
    rows: undefined,
    durationMs,
    lockWaitMs: undefined,
    heldMs: undefined,
    error: { code, message, detail, hint },
  };
}

async function recordOutcome(run: ArchiveRun, step: ArchiveStep, error?: StudymateError): Promise<void> {
  await run.ledger.step({
    action: step.action,
    object: step.partition,
    result: step.result,
    durationMs: step.durationMs,
    detail: { table: step.table, ...(step.reason === undefined ? {} : { reason: step.reason }) },
    error,
  });
}

function asStepFailure(run: ArchiveRun, error: unknown, { action, partition }: StepIdentity): StudymateError {
  run.session.signal?.throwIfAborted();
  if (error instanceof OperationError) return error;
  if (!isServerError(error) || hasSqlState(error, SQLSTATE.adminShutdown, SQLSTATE.crashShutdown))
    throw error;
  return new OperationError('ARCHIVE_STEP_FAILED', `could not ${action} ${partition}`, {
    detail: [error.message, error.detail].filter(Boolean).join('\n'),
    hint: 'What was not committed was rolled back. Remove the cause that the detail names, and run again.',
    cause: error,
  });
}
