import type { ClientBase } from 'pg';
import { quoteLiteral, quoteQualified } from '../database/identifier.js';
import { hasSqlState, SQLSTATE } from '../database/sqlstate.js';
import { OperationError } from '../errors.js';
import type { PartitionSet } from './partition-set.js';

/** Instants as text with their offset. */
export interface Bounds {
  /** Inclusive. */
  readonly lower: string;
  /** Exclusive. */
  readonly upper: string;
}

/** @throws OperationError PARTITION_BOUND_TAKEN; what the server throws */
export async function attachPartition(
  client: ClientBase,
  set: Pick<PartitionSet, 'schema' | 'table'>,
  partition: { readonly schema: string; readonly name: string },
  { lower, upper }: Bounds,
): Promise<void> {
  try {
    await client.query(
      `alter table ${quoteQualified(set.schema, set.table)}
       attach partition ${quoteQualified(partition.schema, partition.name)}
       for values from (${quoteLiteral(lower)}) to (${quoteLiteral(upper)})`,
    );
  } catch (error) {
    if (!hasSqlState(error, SQLSTATE.invalidObjectDefinition)) throw error;
    throw new OperationError(
      'PARTITION_BOUND_TAKEN',
      `${set.schema}.${set.table} has another partition in the range of ${partition.name}`,
      {
        detail: (error as Error).message,
        hint: 'Detach the partition that the detail names, or give it the bounds of its month; «studymate-db partition list» shows them.',
        cause: error,
      },
    );
  }
}
