import { monthBounds } from '../partitioning/create-partition.js';
import type { DefaultPartition } from '../partitioning/partition-set.js';
import { moveRows, sliceRange } from './move-rows.js';
import type { RolloverStep } from './plan-rollover.js';
import { stepTransaction, type StepContext, type StepTally } from './step-context.js';

/**
 * Moves rows that came after their month was archived from the default partition to the archive, a batch a
 * transaction. Locks nothing but the rows; each is in one of the two tables at any instant. What is written
 * meanwhile stays in the default partition for the next run.
 */
export async function archiveLateRows(
  context: StepContext,
  step: RolloverStep,
  defaultPartition: DefaultPartition,
  tally: StepTally,
): Promise<void> {
  const { session, live, archive, rowsPerStep } = context;
  const { client } = session;
  const object = `${archive.schema}.${archive.table}`;
  const slices = await sliceRange(client, live, defaultPartition, monthBounds(step.month), rowsPerStep);
  for (const slice of slices) {
    await stepTransaction(context, step, object, tally, (locking) => {
      locking();
      return moveRows(client, live, defaultPartition, { schema: archive.schema, name: archive.table }, slice);
    });
  }
}
