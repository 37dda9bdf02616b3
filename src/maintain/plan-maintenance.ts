import { planActiveDays, type ActivityPlan } from '../activity/plan-active-days.js';
import { planArchive, type ArchivePlan } from '../archive/plan-archive.js';
import { expireRows, type ExpiryResult } from '../expiry/expire.js';
import { planPartitions, type PlanPartitionsResult } from '../partitions/plan-partitions.js';
import { assertMaintainOptions, type MaintainOptions } from './options.js';

export interface MaintainPlan {
  readonly dryRun: true;
  readonly rollover: PlanPartitionsResult | undefined;
  readonly archive: ArchivePlan | undefined;
  readonly activity: ActivityPlan | undefined;
  readonly expiry: ExpiryResult | undefined;
}

/**
 * What `runMaintenance` with the same options would do now. Reads only, and takes no lease.
 *
 * @throws what the plans of the steps throw
 */
export async function planMaintenance(options: MaintainOptions): Promise<MaintainPlan> {
  assertMaintainOptions(options);
  const { connection, signal, skip = [], graceMs } = options;
  return {
    dryRun: true,
    rollover: skip.includes('rollover') ? undefined : await planPartitions({ connection, signal }),
    archive: skip.includes('archive') ? undefined : await planArchive({ connection, signal, estimate: true }),
    activity: skip.includes('activity') ? undefined : await planActiveDays({ connection, signal }),
    expiry: skip.includes('expiry')
      ? undefined
      : await expireRows({ connection, signal, graceMs, dryRun: true }),
  };
}
