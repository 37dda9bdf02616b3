import { withConnection } from '../database/connect.js';
import { isDrain, planRollover, type RolloverPlan } from './plan-rollover.js';
import { readState, serverTime } from './read-state.js';
import type { RolloverPartitionsOptions } from './rollover-options.js';
import { selectPolicies } from './select-policies.js';

export interface PlanPartitionsResult {
  readonly now: Date;
  readonly plans: readonly RolloverPlan[];
}

/**
 * What rolloverPartitions() would do now, or with `drainOnly` drainPartitions(). Reads, and takes no lock that
 * anybody waits for.
 *
 * @throws OperationError PARTITION_TABLE_MISSING; UsageError USAGE_INVALID_OPTION; what withConnection throws
 */
export async function planPartitions(
  options: Omit<RolloverPartitionsOptions, 'onEvent' | 'waitMs'> & {
    readonly drainOnly?: boolean | undefined;
  },
): Promise<PlanPartitionsResult> {
  const policies = selectPolicies(options);
  const { connection, signal, drainOnly = false } = options;
  return withConnection(
    connection,
    { applicationName: 'studymate-db partition plan', signal },
    async ({ client }) => {
      await client.query(`set lock_timeout = '1s'`);
      const now = options.now ?? (await serverTime(client));
      const plans: RolloverPlan[] = [];
      for (const policy of policies) {
        const plan = planRollover(await readState(client, policy, now), options);
        plans.push(drainOnly ? { ...plan, steps: plan.steps.filter(isDrain) } : plan);
      }
      return { now, plans };
    },
  );
}
