import { elapsedMs } from '../database/duration.js';
import type { SessionInfo } from '../database/advisory-lock.js';
import { hasSqlState, SQLSTATE } from '../database/sqlstate.js';
import type { StudymateError } from '../errors.js';
import { createPartition } from '../partitioning/create-partition.js';
import { partitionName } from '../partitioning/partition-name.js';
import { adoptDefault } from './adopt-default.js';
import { archiveLateRows } from './archive-late-rows.js';
import { drainMonth } from './drain-month.js';
import type { RolloverStep } from './plan-rollover.js';
import { newTally, stepTransaction, type StepContext, type StepTally } from './step-context.js';
import { asFailure, stepError, type StepResult } from './step-result.js';

/**
 * Does one step of a plan, and tells what became of it.
 *
 * @throws only what ends the whole run; a step that fails is a result, and has changed nothing that is unfinished
 */
export async function performStep(context: StepContext, step: RolloverStep): Promise<StepResult> {
  const startedAt = performance.now();
  const tally = newTally();
  let blockers: readonly SessionInfo[] = [];
  const watched: StepContext = {
    ...context,
    lock: {
      ...context.lock,
      onRetry: (retry) => {
        blockers = retry.blockers;
        context.lock.onRetry?.(retry);
      },
    },
  };
  const target = step.action === 'archive' ? context.archive : context.live;
  const partition = `${target.schema}.${partitionName(target.table, step.month)}`;
  const told = (error?: StudymateError): StepResult => ({
    action: step.action,
    month: step.month,
    reason: step.reason,
    partition,
    result: error === undefined ? 'done' : 'failed',
    ...tally,
    durationMs: elapsedMs(startedAt),
    error: error && asFailure(error),
  });
  try {
    await perform(watched, step, tally);
    return told();
  } catch (cause) {
    const error = stepError(cause, { signal: context.session.signal, blockers });
    await context.ledger.step({
      action: step.action,
      object: partition,
      result: 'failed',
      rowCount: tally.rows,
      durationMs: elapsedMs(startedAt),
      attempts: tally.attempts,
      detail: { reason: step.reason },
      error,
    });
    return told(error);
  }
}

async function perform(context: StepContext, step: RolloverStep, tally: StepTally): Promise<void> {
  const { session, live } = context;
  const { defaultPartition } = live;
  if (step.action === 'adopt' && defaultPartition !== undefined) {
    return adoptDefault(context, step, defaultPartition, tally);
  }
  if (step.action === 'archive' && defaultPartition !== undefined) {
    return archiveLateRows(context, step, defaultPartition, tally);
  }
  // Nobody writes a month that has not begun, so its writers need not be held.
  if (step.action === 'create' && step.reason === 'premake') {
    try {
      const object = `${live.schema}.${partitionName(live.table, step.month)}`;
      await stepTransaction(context, step, object, tally, async (locking) => {
        await createPartition(session, live, step.month, { onLocking: locking });
        return 0;
      });
      return;
    } catch (error) {
      // Somebody did.
      if (!hasSqlState(error, SQLSTATE.checkViolation)) throw error;
    }
  }
  return drainMonth(context, step, tally);
}
