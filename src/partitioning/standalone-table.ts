import type { ClientBase } from 'pg';
import { quoteIdentifier, quoteQualified } from '../database/identifier.js';
import { hasSqlState, SQLSTATE } from '../database/sqlstate.js';
import { OperationError } from '../errors.js';
import { modelCommands } from './model-commands.js';
import { readPartitionModel, type PartitionModel } from './partition-model.js';
import type { PartitionSet } from './partition-set.js';

export interface StandaloneTable {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
}

/**
 * Makes a table that can be attached: its columns, checks and indexes from the partitioned table, everything else
 * from the model. Not like the model altogether: a check of the model's own bounds must not come along.
 *
 * @throws OperationError PARTITION_NAME_TAKEN
 */
export async function createStandaloneTable(
  client: ClientBase,
  set: PartitionSet,
  name: string,
  model: PartitionModel | undefined,
  comment: string | undefined,
): Promise<StandaloneTable> {
  await assertNameFree(client, set, name);
  try {
    // An identity would be one more sequence, and extended statistics of the parent are none of its partitions'.
    await client.query(
      `create ${model?.unlogged === true ? 'unlogged ' : ''}table ${quoteQualified(set.schema, name)}
         (like ${quoteQualified(set.schema, set.table)}
            including all excluding identity excluding comments excluding statistics)
         ${model?.access_method ? `using ${quoteIdentifier(model.access_method)}` : ''}
         ${model?.tablespace ? `tablespace ${quoteIdentifier(model.tablespace)}` : ''}`,
    );
  } catch (error) {
    if (hasSqlState(error, SQLSTATE.duplicateTable)) throw nameTaken(set, name, error);
    throw error;
  }
  const table = { oid: (await findTable(client, set.schema, name)) ?? 0, schema: set.schema, name };
  if (model !== undefined) await takeAfter(client, table, model, comment);
  return table;
}

/** Gives a table that is not attached what the model has of its own. */
export async function takeAfter(
  client: ClientBase,
  table: StandaloneTable,
  model: PartitionModel,
  comment: string | undefined,
): Promise<void> {
  const now = await readPartitionModel(client, table.oid);
  if (now === undefined) return;
  const commands = modelCommands(table, now, model, comment);
  if (commands.length > 0) await client.query(commands.join(';\n'));
}

/** Once attached, its indexes are partitions of the same indexes as the model's: by the same it is identified. */
export async function identifyLike(
  client: ClientBase,
  table: StandaloneTable,
  model: PartitionModel | undefined,
): Promise<void> {
  if (model?.replica_identity !== 'i') return;
  const { rows } = await client.query<{ name: string }>(
    `select c.relname as name
     from pg_index as i
     join pg_inherits as p on p.inhrelid = i.indexrelid
     join pg_class as c on c.oid = i.indexrelid
     where i.indrelid = $1 and p.inhparent = $2`,
    [table.oid, model.replica_identity_index],
  );
  const [index] = rows;
  if (index === undefined) return;
  await client.query(
    `alter table ${quoteQualified(table.schema, table.name)} replica identity using index ${quoteIdentifier(index.name)}`,
  );
}

/** @throws OperationError PARTITION_NAME_TAKEN */
export async function assertNameFree(client: ClientBase, set: PartitionSet, name: string): Promise<void> {
  if ((await findTable(client, set.schema, name)) !== undefined) throw nameTaken(set, name);
}

async function findTable(client: ClientBase, schema: string, name: string): Promise<number | undefined> {
  const { rows } = await client.query<{ oid: number }>(
    `select c.oid from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
     where n.nspname = $1 and c.relname = $2`,
    [schema, name],
  );
  return rows[0]?.oid;
}

function nameTaken(set: PartitionSet, name: string, cause?: unknown): OperationError {
  return new OperationError('PARTITION_NAME_TAKEN', `there is another table ${set.schema}.${name}`, {
    detail: `It is not the partition of ${set.schema}.${set.table} that its name promises.`,
    hint: 'Attach it with its bounds if its rows belong there, or rename or drop it; then run again.',
    cause,
  });
}
