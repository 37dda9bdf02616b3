import { setTimeout as delay } from 'node:timers/promises';
import { quoteQualified } from '../database/identifier.js';
import { attachPartition } from '../partitioning/attach-partition.js';
import { createPartition, monthBounds } from '../partitioning/create-partition.js';
import { lockOnly, lockReferencedTables } from '../partitioning/lock-tables.js';
import { partitionName } from '../partitioning/partition-name.js';
import { hasRows, moveRows, sliceRange } from './move-rows.js';
import type { RolloverStep } from './plan-rollover.js';
import { stepTransaction, type StepContext, type StepTally } from './step-context.js';

/**
 * Makes a month and moves its rows out of the default partition. Everybody waits at the table itself meanwhile: a
 * writer already on its way into the default partition would be refused, a reader already waiting for it would find
 * its rows gone and not look for them in the new partition. Where there are no rows, readers go on.
 *
 * A month of many rows is moved in batches, each a transaction: its partition ends where the batch does, and grows by
 * being detached and attached with a later end. An interrupted run leaves it there, and the next one goes on.
 */
export async function drainMonth(context: StepContext, step: RolloverStep, tally: StepTally): Promise<void> {
  const { session, live, rowsPerStep } = context;
  const { client } = session;
  const { defaultPartition } = live;
  const root = { schema: live.schema, name: live.table };
  const partition = { schema: live.schema, name: partitionName(live.table, step.month) };
  const whole = monthBounds(step.month);
  let exists = step.action === 'extend';
  let holdsRows = step.action === 'drain';
  const slices =
    defaultPartition === undefined
      ? [whole]
      : await sliceRange(client, live, defaultPartition, whole, rowsPerStep);
  for (const [index, { upper }] of slices.entries()) {
    const bounds = { ...whole, upper };
    const object = `${partition.schema}.${partition.name}`;
    const { heldMs } = await stepTransaction(context, step, object, tally, (locking) =>
      exists ? grow(bounds, locking) : make(bounds, locking),
    );
    exists = true;
    // As long as others had to wait, they have the table for themselves.
    if (index < slices.length - 1)
      await delay(Math.min(heldMs, 1_000), undefined, { signal: session.signal });
  }

  async function make(bounds: typeof whole, locking: () => void): Promise<number> {
    let rows = 0;
    await createPartition(session, live, step.month, {
      upTo: bounds.upper,
      onLocking: locking,
      fill: async (table) => {
        await lockOnly(client, root, holdsRows ? 'access exclusive' : 'share row exclusive');
        if (defaultPartition === undefined) return;
        await lockOnly(client, defaultPartition, 'access exclusive');
        if (!holdsRows && (await hasRows(client, live, defaultPartition, bounds))) {
          // They came since the plan was made. Whoever reads the default partition now is in the way of this lock,
          // and the next attempt begins with it.
          holdsRows = true;
          await lockOnly(client, root, 'access exclusive');
        }
        if (holdsRows) rows = await moveRows(client, live, defaultPartition, table, bounds);
      },
    });
    return rows;
  }

  async function grow(bounds: typeof whole, locking: () => void): Promise<number> {
    locking();
    // What its foreign keys point at is locked exclusively when a table that has them is attached.
    await lockReferencedTables(client, [live.oid], 'access exclusive');
    await lockOnly(client, root, 'access exclusive');
    if (defaultPartition !== undefined) await lockOnly(client, defaultPartition, 'access exclusive');
    await client.query(
      `alter table ${quoteQualified(root.schema, root.name)}
       detach partition ${quoteQualified(partition.schema, partition.name)}`,
    );
    const rows = defaultPartition ? await moveRows(client, live, defaultPartition, partition, bounds) : 0;
    await attachPartition(client, live, partition, bounds);
    return rows;
  }
}
