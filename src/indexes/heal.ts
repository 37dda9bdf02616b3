import { withConnection } from '../database/connect.js';
import type { MaintenanceSession } from '../database/maintenance-session.js';
import {
  withIndexRun,
  withIndexSession,
  type IndexLockOptions,
  type IndexSessionOptions,
} from './concurrent-run.js';
import { planHealSteps, type HealPlan, type LeftAlone } from './heal-plan.js';
import type { HealStep } from './planned-heal-step.js';
import { readHealSnapshot } from './heal-snapshot.js';
import { performHealStep, type HealStepResult } from './heal-step.js';
import type { IndexFilter } from './index-catalog.js';

export interface HealOptions extends IndexFilter, IndexLockOptions {}

export interface HealResult {
  readonly steps: readonly HealStepResult[];
  readonly leftAlone: readonly LeftAlone[];
  /** What this role cannot see. */
  readonly notices: readonly string[];
  readonly failed: number;
  /** Cut short by the signal: what is in `steps` was done. */
  readonly interrupted: boolean;
}

/**
 * Says what healIndexes would do. Writes nothing, takes no lock that anybody waits for, and no lease: what a run of
 * ours builds right now is told from what a killed one left.
 */
export function planHeal(
  options: IndexFilter & Pick<IndexSessionOptions, 'connection' | 'signal'>,
): Promise<HealPlan> {
  const { connection, signal, ...filter } = options;
  return withConnection(
    connection,
    { applicationName: 'studymate-db index heal', signal },
    async ({ client }) => planHealSteps(await readHealSnapshot(client, filter)),
  );
}

/**
 * Mends what killed, cancelled and half-done work left of indexes and partitions: finalizes pending detaches, drops the
 * copies of killed rebuilds, rebuilds invalid indexes, builds and attaches missing leaves, makes a partitioned index
 * valid when its leaves are. Nothing is dropped but such copies, and nothing that another session may be building.
 * Idempotent; interrupted or killed anywhere, the next run goes on. What fails is in the result and stops nothing else.
 *
 * @throws BusyError BUSY_MAINTENANCE_RUNNING; what withMaintenanceSession throws
 */
export function healIndexes(options: HealOptions & IndexSessionOptions): Promise<HealResult> {
  return withIndexSession('index heal', options, (session) => healUnderLease(session, options));
}

/** healIndexes() within a session that already holds the lease. Aborted, it returns what was done until then. */
export async function healUnderLease(
  session: MaintenanceSession,
  options: HealOptions = {},
): Promise<HealResult> {
  const { schema, table } = options;
  const steps: HealStepResult[] = [];
  let plan: HealPlan = { steps: [], leftAlone: [], notices: [] };
  const tried = new Set<string>();
  try {
    const run = { command: 'index heal', options: { schema, table } };
    await withIndexRun(session, run, options, async (context, ledger) => {
      // Planned anew after each step: what it made possible comes next, and what others did meanwhile counts.
      for (;;) {
        session.signal?.throwIfAborted();
        plan = planHealSteps(await readHealSnapshot(session.client, { schema, table }));
        const step = plan.steps.find((next) => !tried.has(keyOf(next)));
        if (step === undefined) break;
        tried.add(keyOf(step));
        steps.push(await performHealStep(context, ledger, step));
      }
    });
  } catch (error) {
    if (session.signal?.aborted !== true) throw error;
  }
  return {
    steps,
    leftAlone: plan.leftAlone,
    notices: plan.notices,
    failed: steps.filter(({ result }) => result === 'failed').length,
    interrupted: session.signal?.aborted === true,
  };
}

function keyOf({ action, object }: HealStep): string {
  return `${action} ${object}`;
}
