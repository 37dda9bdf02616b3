import type { ClientBase } from 'pg';
import { quoteQualified } from '../database/identifier.js';
import { hasSqlState, SQLSTATE } from '../database/sqlstate.js';
import { isLeftoverOf } from './concurrent-names.js';
import type { ConcurrentContext } from './concurrent-statement.js';

export interface PhysicalIndex {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly tableOid: number;
  readonly valid: boolean;
}

const indexesOfTableSql = `
  select i.indexrelid as oid, n.nspname::text as schema, c.relname::text as name, i.indrelid as "tableOid",
         i.indisvalid and i.indisready and i.indislive as valid
    from pg_index i
    join pg_class c on c.oid = i.indexrelid
    join pg_namespace n on n.oid = c.relnamespace
   where i.indrelid = $1
   order by i.indexrelid`;

/** The indexes of one table, partition or TOAST table, valid or not. */
export async function readTableIndexes(
  client: ClientBase,
  tableOid: number,
): Promise<readonly PhysicalIndex[]> {
  return (await client.query<PhysicalIndex>(indexesOfTableSql, [tableOid])).rows;
}

/** So long is waited to clean up at once. What is in the way then is probably what the build itself could not outwait. */
const CLEANUP_WAIT_MS = 3_000;

/**
 * Drops, concurrently, what a build of ours left that failed or was cancelled: the invalid indexes of its name, or of a
 * copy's, that came into being since `before` was read. By name, as somebody else may have begun to build on the table
 * the moment ours let go of it.
 *
 * @returns what could not be dropped, because a transaction on the table does not end
 */
export async function dropOwnLeftovers(
  { session }: ConcurrentContext,
  index: Pick<PhysicalIndex, 'name' | 'tableOid'>,
  before: readonly PhysicalIndex[],
  waitMs = CLEANUP_WAIT_MS,
): Promise<readonly PhysicalIndex[]> {
  const { client } = session;
  const now = await afterCancel(() => readTableIndexes(client, index.tableOid));
  const own = now.filter(
    ({ oid, name, valid }) =>
      !valid &&
      (name === index.name || isLeftoverOf(name, index.name)) &&
      // A rebuild that had come as far as its swap leaves the old index, which was known by another name.
      before.every((known) => known.oid !== oid || known.name !== name),
  );
  const left: PhysicalIndex[] = [];
  for (const leftover of own) {
    if (!(await dropLeftover(client, leftover, waitMs))) left.push(leftover);
  }
  return left;
}

/** @returns whether it is gone; false when a transaction on its table did not end in time */
export async function dropLeftover(
  client: ClientBase,
  { schema, name }: Pick<PhysicalIndex, 'schema' | 'name'>,
  waitMs: number,
): Promise<boolean> {
  try {
    await afterCancel(async () => {
      await client.query(`set lock_timeout = ${Math.trunc(waitMs)}`);
      await client.query(`drop index concurrently if exists ${quoteQualified(schema, name)}`);
    });
    return true;
  } catch (error) {
    if (hasSqlState(error, SQLSTATE.lockNotAvailable, SQLSTATE.deadlockDetected)) return false;
    throw error;
  } finally {
    await client.query(`set lock_timeout = '200ms'`).catch(() => undefined);
  }
}

/** A cancel request that comes late hits whatever runs then: once more, as there is no second one. */
export async function afterCancel<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!hasSqlState(error, SQLSTATE.queryCanceled)) throw error;
    return work();
  }
}
