import type { ActivityEvent } from '../activity/events.js';
import type { ArchiveEvent } from '../archive/events.js';
import type { SessionInfo } from '../database/advisory-lock.js';
import type { ConnectionSettings } from '../database/connection-settings.js';
import { UsageError } from '../errors.js';
import type { ExpiryEvent } from '../expiry/events.js';
import { expirySettings, type ExpiryOptions } from '../expiry/options.js';
import type { PartitionEvent } from '../partitions/events.js';
import type { MaintainStep } from './maintain.js';
import { maintainSteps, type MaintainStepName } from './steps.js';

export interface MaintainOptions extends Omit<ExpiryOptions, 'dryRun' | 'onEvent'> {
  readonly connection: ConnectionSettings | string;
  /** Longest wait for another maintenance run, in milliseconds; default 0: cron comes again. */
  readonly waitMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Steps to leave out; default none. */
  readonly skip?: readonly MaintainStepName[] | undefined;
  readonly onEvent?: ((event: MaintainEvent) => void) | undefined;
}

export type MaintainEvent =
  | { readonly type: 'waiting'; readonly holder: SessionInfo | undefined }
  | { readonly type: 'step-started'; readonly step: MaintainStepName }
  | { readonly type: 'reconnecting' }
  | { readonly type: 'rollover'; readonly event: PartitionEvent }
  | { readonly type: 'archive'; readonly event: ArchiveEvent }
  | { readonly type: 'activity'; readonly event: ActivityEvent }
  | { readonly type: 'expiry'; readonly event: ExpiryEvent }
  | ({ readonly type: 'step-ended' } & Pick<MaintainStep, 'step' | 'state' | 'durationMs' | 'error'>);

/** @throws UsageError USAGE_INVALID_OPTION */
export function assertMaintainOptions(options: MaintainOptions): void {
  expirySettings({ ...options, onEvent: undefined });
  if (maintainSteps.every((step) => options.skip?.includes(step) === true)) {
    throw new UsageError('USAGE_INVALID_OPTION', 'every step is left out', {
      hint: `Leave at least one of ${maintainSteps.join(', ')}.`,
    });
  }
}
