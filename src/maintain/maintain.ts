import { setTimeout as delay } from 'node:timers/promises';
import type { ActivityResult } from '../activity/refresh-user-active-days.js';
import type { ArchiveResult } from '../archive/run-archive.js';
import { elapsedMs } from '../database/duration.js';
import {
  withMaintenanceSession,
  type MaintenanceSession,
  type MaintenanceSessionOptions,
} from '../database/maintenance-session.js';
import { ConnectError } from '../errors.js';
import type { ExpiryResult } from '../expiry/expire.js';
import type { RolloverResult } from '../partitions/rollover.js';
import { assertMaintainOptions, type MaintainOptions } from './options.js';
import { readPartitionHealth, type PartitionHealth } from './partition-health.js';
import { stepError, type StepError } from './step-error.js';
import { maintainSteps, runStep, type MaintainStepName } from './steps.js';

export interface MaintainResult {
  readonly startedAt: Date;
  readonly durationMs: number;
  /** In the order of the run: rollover, archive, activity, expiry; those left out are not among them. */
  readonly steps: readonly MaintainStep[];
  /** After the run; undefined when it could not be read. */
  readonly partitions: readonly PartitionHealth[] | undefined;
}

export interface MaintainStep {
  readonly step: MaintainStepName;
  /**
   * `done`; `failed`, as a whole or in part: what failed is in `error` or in the result; `stopped`: expiry left rows for
   * the next run; `interrupted`; `skipped`: it did not begin, as the run had been interrupted.
   */
  readonly state: 'done' | 'failed' | 'stopped' | 'interrupted' | 'skipped';
  readonly durationMs: number;
  /** What the step's own command would return; undefined when it has thrown or not begun. */
  readonly rollover?: RolloverResult | undefined;
  readonly archive?: ArchiveResult | undefined;
  readonly activity?: ActivityResult | undefined;
  readonly expiry?: ExpiryResult | undefined;
  readonly error?: StepError | undefined;
}

/** After a restart of the server, how long to try to get back in, in milliseconds. */
const RECONNECT_MS = 30_000;

/**
 * Runs rollover, archive, activity and expiry in this order, in one session, under one lease. A step that fails keeps
 * none of the others from its turn; when the connection is lost, those that are left run in a new one. Each is safe to be
 * interrupted anywhere and to be run again, so this is too.
 *
 * Aborted after it got the lease, it does not throw: the result says what was done.
 *
 * @throws when no step has begun: BusyError BUSY_MAINTENANCE_RUNNING; UsageError USAGE_INVALID_OPTION; what
 * withMaintenanceSession throws
 */
export async function runMaintenance(options: MaintainOptions): Promise<MaintainResult> {
  assertMaintainOptions(options);
  const { signal, onEvent, skip = [] } = options;
  const startedAt = new Date();
  const start = performance.now();
  const steps: MaintainStep[] = [];
  let left = maintainSteps.filter((step) => !skip.includes(step));
  let partitions: readonly PartitionHealth[] | undefined;

  const work = async (session: MaintenanceSession): Promise<void> => {
    let usable = true;
    while (usable && left.length > 0) {
      const [step, ...others] = left;
      if (step === undefined) break;
      left = others;
      onEvent?.({ type: 'step-started', step });
      const done = await attempt(session, step, options);
      steps.push(done);
      onEvent?.({ type: 'step-ended', ...summaryOf(done) });
      if (signal?.aborted === true) left = [];
      usable = await isUsable(session);
    }
    if (usable && signal?.aborted !== true)
      partitions = await readPartitionHealth(session.client).catch(() => undefined);
  };

  const lease: MaintenanceSessionOptions = {
    connection: options.connection,
    applicationName: 'studymate-db maintain',
    waitMs: options.waitMs,
    signal,
    onWait: (holder) => onEvent?.({ type: 'waiting', holder }),
  };
  const all = [...left];
  await withMaintenanceSession(lease, work);
  while (left.length > 0) {
    onEvent?.({ type: 'reconnecting' });
    try {
      await reconnect({ ...lease, waitMs: Math.max(lease.waitMs ?? 0, RECONNECT_MS) }, work);
    } catch (error) {
      for (const step of left.splice(0))
        steps.push({
          step,
          state: signal?.aborted === true ? 'skipped' : 'failed',
          durationMs: 0,
          error: stepError(error),
        });
    }
  }
  const begun = new Set(steps.map(({ step }) => step));
  for (const step of all) if (!begun.has(step)) steps.push({ step, state: 'skipped', durationMs: 0 });
  return { startedAt, durationMs: elapsedMs(start), steps, partitions };
}

async function attempt(
  session: MaintenanceSession,
  step: MaintainStepName,
  options: MaintainOptions,
): Promise<MaintainStep> {
  const start = performance.now();
  const isAborted = (): boolean => session.signal?.aborted === true;
  try {
    const { state, ...result } = await runStep(session, step, options);
    const wasCut = isAborted() && state !== 'done';
    return { step, state: wasCut ? 'interrupted' : state, durationMs: elapsedMs(start), ...result };
  } catch (error) {
    const durationMs = elapsedMs(start);
    if (isAborted()) return { step, state: 'interrupted', durationMs };
    return { step, state: 'failed', durationMs, error: stepError(error) };
  }
}

/** Brings the session back to how it was made, whatever a step left; false when it is gone. */
async function isUsable({ client }: MaintenanceSession): Promise<boolean> {
  try {
    await client.query(`rollback; set statement_timeout = 0; set lock_timeout = '200ms'`);
    return true;
  } catch {
    return false;
  }
}

async function reconnect(
  lease: MaintenanceSessionOptions,
  work: (session: MaintenanceSession) => Promise<void>,
): Promise<void> {
  const deadline = performance.now() + RECONNECT_MS;
  for (;;) {
    try {
      await withMaintenanceSession(lease, work);
      return;
    } catch (error) {
      if (!(error instanceof ConnectError) || performance.now() > deadline) throw error;
    }
    await delay(500, undefined, { signal: lease.signal });
  }
}

function summaryOf({
  step,
  state,
  durationMs,
  error,
}: MaintainStep): Pick<MaintainStep, 'step' | 'state' | 'durationMs' | 'error'> {
  return { step, state, durationMs, error };
}
