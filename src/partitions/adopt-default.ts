import type { ClientBase } from 'pg';
import { quoteIdentifier, quoteQualified } from '../database/identifier.js';
import { hasSqlState, SQLSTATE } from '../database/sqlstate.js';
import { attachPartition } from '../partitioning/attach-partition.js';
import { monthBounds, readModel } from '../partitioning/create-partition.js';
import { lockOnly, lockReferencedTables } from '../partitioning/lock-tables.js';
import { readPartitionModel } from '../partitioning/partition-model.js';
import { partitionName } from '../partitioning/partition-name.js';
import type { DefaultPartition, PartitionSet } from '../partitioning/partition-set.js';
import {
  assertNameFree,
  createStandaloneTable,
  identifyLike,
  takeAfter,
} from '../partitioning/standalone-table.js';
import { moveRows } from './move-rows.js';
import type { RolloverStep } from './plan-rollover.js';
import { stepTransaction, type StepContext, type StepTally } from './step-context.js';

/**
 * Makes the default partition itself the partition of the month that fills it, and an empty one in its place, in one
 * transaction. No row of the month is written. Everybody waits for one scan of it, by which the server proves that
 * its rows are of that month: 0.2 s a million rows. No check constraint can prove it before: while the partition is
 * still the default one, it would refuse the rows of other months.
 *
 * Rows of other months, if there are any, move to the new default partition.
 */
export async function adoptDefault(
  context: StepContext,
  step: RolloverStep,
  defaultPartition: DefaultPartition,
  tally: StepTally,
): Promise<void> {
  const { session, live } = context;
  const { client } = session;
  const root = { schema: live.schema, name: live.table };
  const month = {
    oid: defaultPartition.oid,
    schema: live.schema,
    name: partitionName(live.table, step.month),
  };
  const bounds = monthBounds(step.month);
  await stepTransaction(context, step, `${month.schema}.${month.name}`, tally, async (locking) => {
    await assertNameFree(client, live, month.name);
    const model = await readModel(client, live, step.month);
    const traits = await readPartitionModel(client, defaultPartition.oid);
    locking();
    await lockReferencedTables(client, [live.oid], 'access exclusive');
    await lockOnly(client, root, 'access exclusive');
    await lockOnly(client, defaultPartition, 'access exclusive');
    await rename(client, live, defaultPartition, month.name);
    const fresh = await createStandaloneTable(
      client,
      live,
      defaultPartition.name,
      traits,
      traits?.comment ?? undefined,
    );
    await client.query(
      `alter table ${quoteQualified(root.schema, root.name)}
       detach partition ${quoteQualified(month.schema, month.name)}`,
    );
    if (model !== undefined) await takeAfter(client, month, model.traits, model.comment);
    await client.query('savepoint attach');
    try {
      await attachPartition(client, live, month, bounds);
    } catch (error) {
      if (!hasSqlState(error, SQLSTATE.checkViolation)) throw error;
      await client.query('rollback to savepoint attach');
      await moveRows(client, live, month, fresh, { ...bounds, outside: true });
      await attachPartition(client, live, month, bounds);
    }
    await client.query(
      `alter table ${quoteQualified(root.schema, root.name)}
       attach partition ${quoteQualified(fresh.schema, fresh.name)} default`,
    );
    await identifyLike(client, month, model?.traits);
    await identifyLike(client, fresh, traits);
    return step.rows;
  });
}

/** With its indexes, which are called after their table; into the schema of the other months. */
async function rename(
  client: ClientBase,
  live: PartitionSet,
  { oid, schema, name }: DefaultPartition,
  newName: string,
): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `select c.relname as name from pg_index as i join pg_class as c on c.oid = i.indexrelid where i.indrelid = $1`,
    [oid],
  );
  const indexes = rows.filter((index) => index.name.startsWith(`${name}_`));
  const commands = [
    `alter table ${quoteQualified(schema, name)} rename to ${quoteIdentifier(newName)}`,
    ...indexes.map((index) => {
      const renamed = quoteIdentifier(newName + index.name.slice(name.length));
      return `alter index ${quoteQualified(schema, index.name)} rename to ${renamed}`;
    }),
    ...(schema === live.schema
      ? []
      : [`alter table ${quoteQualified(schema, newName)} set schema ${quoteIdentifier(live.schema)}`]),
  ];
  await client.query(commands.join(';\n'));
}
