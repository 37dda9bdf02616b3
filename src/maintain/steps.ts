import { refreshUserActiveDays } from '../activity/refresh-user-active-days.js';
import { archiveUnderLease } from '../archive/run-archive.js';
import type { MaintenanceSession } from '../database/maintenance-session.js';
import { expireUnderLease } from '../expiry/expire.js';
import { rolloverUnderLease } from '../partitions/rollover.js';
import type { MaintainStep } from './maintain.js';
import type { MaintainOptions } from './options.js';

/**
 * In their order: months are there before rows are moved, and what is archived need not be looked at again. Expiry comes
 * last: it may wait for replicas and take an hour, and the figures of the day must not wait with it.
 */
export const maintainSteps = ['rollover', 'archive', 'activity', 'expiry'] as const;
export type MaintainStepName = (typeof maintainSteps)[number];

type StepOutcome = Pick<MaintainStep, 'state' | MaintainStepName>;

/** @throws what the step could not put into its result */
export async function runStep(
  session: MaintenanceSession,
  step: MaintainStepName,
  options: MaintainOptions,
): Promise<StepOutcome> {
  const { onEvent } = options;
  switch (step) {
    case 'rollover': {
      const rollover = await rolloverUnderLease(session, {
        onEvent: (event) => onEvent?.({ type: 'rollover', event }),
      });
      return { state: rollover.failed > 0 ? 'failed' : 'done', rollover };
    }
    case 'archive': {
      const archive = await archiveUnderLease(session, {
        onEvent: (event) => onEvent?.({ type: 'archive', event }),
      });
      return { state: archive.failed > 0 ? 'failed' : 'done', archive };
    }
    case 'activity': {
      const activity = await refreshUserActiveDays(session, {
        onEvent: (event) => onEvent?.({ type: 'activity', event }),
      });
      return { state: 'done', activity };
    }
    case 'expiry': {
      const expiry = await expireUnderLease(session, {
        ...options,
        onEvent: (event) => onEvent?.({ type: 'expiry', event }),
      });
      const failed = expiry.tables.some(({ state }) => state === 'failed');
      return { state: failed ? 'failed' : expiry.stopped === undefined ? 'done' : 'stopped', expiry };
    }
  }
}
