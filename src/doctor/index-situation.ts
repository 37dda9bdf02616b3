import type { ClientBase } from 'pg';
import { readForeignKeys, type ForeignKey } from '../indexes/foreign-keys.js';
import type { LogicalIndex } from '../indexes/index-catalog.js';
import { readListedIndexes, type ListedIndex } from '../indexes/list-indexes.js';

/** What the checks of indexes ask about: read once for all of them. */
export interface IndexSituation {
  readonly listed: readonly ListedIndex[];
  readonly indexes: readonly LogicalIndex[];
  readonly foreignKeys: readonly ForeignKey[];
}

/** Outside a transaction: the list is read in one of its own. */
export async function readIndexSituation(client: ClientBase, now: Date): Promise<IndexSituation> {
  const { indexes: listed } = await readListedIndexes(client, { now });
  return {
    listed,
    indexes: listed.map(({ index }) => index),
    foreignKeys: await readForeignKeys(client, {}),
  };
}
