import type { ClientBase } from 'pg';
import { quoteIdentifier, quoteQualified } from '../database/identifier.js';
import { attachPartition, type Bounds } from './attach-partition.js';
import { lockReferencedTables } from './lock-tables.js';
import { monthComment } from './model-commands.js';
import { addMonths, boundText } from './month.js';
import { modelOf, readPartitionModel, type ModelForeignKey, type PartitionModel } from './partition-model.js';
import { partitionName } from './partition-name.js';
import type { PartitionSet } from './partition-set.js';
import { createStandaloneTable, identifyLike, type StandaloneTable } from './standalone-table.js';

export interface CreatePartitionOptions {
  /**
   * OID of a table whose foreign keys the new partition gets besides those it inherits: the live table, when the
   * set is its archive, which has none.
   */
  readonly foreignKeysOf?: number | undefined;
  /**
   * Fills the table before it is attached, when the referenced tables are locked and the set is not yet; what it
   * wrote is seen through the set from the commit on.
   */
  readonly fill?: ((partition: StandaloneTable) => Promise<void>) | undefined;
  /** Called before the first lock is taken that anybody waits for. */
  readonly onLocking?: (() => void) | undefined;
  /** An upper bound within the month, as text with its offset: for a partition that grows by and by. */
  readonly upTo?: string | undefined;
}

export interface CreatedPartition extends StandaloneTable {
  /** Its lower bound; the upper one is the month after. */
  readonly month: Date;
}

/**
 * Makes the partition of a month: a table of its own, in every way like its siblings, then attached. The parent is
 * never locked against readers or writers (SHARE UPDATE EXCLUSIVE; `create table … partition of` would take ACCESS
 * EXCLUSIVE); the default partition is, and the tables that foreign keys point at are against writers, to the end of
 * the transaction.
 *
 * Runs inside the caller's withLockRetry: all or nothing.
 *
 * @param month the start of a month in UTC
 * @throws OperationError PARTITION_NAME_TAKEN by another table; PARTITION_BOUND_TAKEN by a partition that overlaps;
 * the server's 23514 when the default partition holds rows of the month, 55P03 when a lock was not to be had
 */
export async function createPartition(
  session: { readonly client: ClientBase },
  set: PartitionSet,
  month: Date,
  options: CreatePartitionOptions = {},
): Promise<CreatedPartition> {
  const { client } = session;
  const { foreignKeysOf, fill, onLocking, upTo } = options;
  const model = await readModel(client, set, month);
  const keys = await ownForeignKeys(client, set, model?.traits, foreignKeysOf);
  const name = partitionName(set.table, month);
  const table = await createStandaloneTable(client, set, name, model?.traits, model?.comment);
  // Only now: nobody waits for us while the table is made.
  onLocking?.();
  await lockReferencedTables(
    client,
    [set.oid, model?.oid, foreignKeysOf].filter((oid) => oid !== undefined),
  );
  await fill?.(table);
  for (const { name: key, definition } of keys) {
    await client.query(
      `alter table ${quoteQualified(table.schema, name)} add constraint ${quoteIdentifier(key)} ${definition}`,
    );
  }
  const bounds = monthBounds(month);
  await attachPartition(client, set, table, { ...bounds, upper: upTo ?? bounds.upper });
  await identifyLike(client, table, model?.traits);
  return { ...table, month };
}

export function monthBounds(month: Date): Bounds {
  return { lower: boundText(month), upper: boundText(addMonths(month, 1)) };
}

/** What the partition of a month takes after. */
export interface MonthModel {
  readonly oid: number;
  readonly traits: PartitionModel;
  /** What its comment would say about that month. */
  readonly comment: string | undefined;
}

export async function readModel(
  client: ClientBase,
  set: PartitionSet,
  month: Date,
): Promise<MonthModel | undefined> {
  const oid = modelOf(set);
  const traits = oid === undefined ? undefined : await readPartitionModel(client, oid);
  if (oid === undefined || traits === undefined) return undefined;
  const modelMonth = set.partitions.find((partition) => partition.oid === oid)?.month;
  const comment = modelMonth && monthComment(month, traits.comment, modelMonth);
  return { oid, traits, comment };
}

/** Foreign keys that attaching does not give: a sibling's own, and those of `foreignKeysOf`. */
async function ownForeignKeys(
  client: ClientBase,
  set: PartitionSet,
  model: PartitionModel | undefined,
  foreignKeysOf: number | undefined,
): Promise<readonly ModelForeignKey[]> {
  const keysOf = async (oid: number): Promise<readonly ModelForeignKey[]> =>
    (await readPartitionModel(client, oid))?.foreign_keys ?? [];
  const known = new Set((await keysOf(set.oid)).map(({ definition }) => definition));
  const others = foreignKeysOf === undefined ? [] : await keysOf(foreignKeysOf);
  return [...others, ...(model?.foreign_keys ?? [])].filter(({ definition }) => {
    const isNew = !known.has(definition);
    known.add(definition);
    return isNew;
  });
}
