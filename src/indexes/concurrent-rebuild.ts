import { elapsedMs } from '../database/duration.js';
import { quoteIdentifier, quoteQualified } from '../database/identifier.js';
import { hasSqlState, SQLSTATE } from '../database/sqlstate.js';
import { OperationError } from '../errors.js';
import { leafName } from './concurrent-names.js';
import {
  afterCancel,
  dropOwnLeftovers,
  readTableIndexes,
  type PhysicalIndex,
} from './concurrent-leftovers.js';
import { runConcurrently, type ConcurrentContext } from './concurrent-statement.js';

export interface BuildResult {
  readonly durationMs: number;
  /** Why there is no new index; undefined when there is. The signal's reason when it was interrupted. */
  readonly error: unknown;
  /** What it left and could not drop, as a transaction on the table does not end: every write may pay for it. */
  readonly leftovers: readonly PhysicalIndex[];
}

/**
 * Rebuilds one physical index with REINDEX CONCURRENTLY. When that fails or is cancelled, what it left is dropped; an
 * index that was valid stays so.
 *
 * @throws what concerns the whole run: a lost connection, a bug
 */
export async function rebuildIndex(
  context: ConcurrentContext,
  index: Pick<PhysicalIndex, 'schema' | 'name' | 'tableOid'>,
): Promise<BuildResult> {
  const name = quoteQualified(index.schema, index.name);
  return build(context, index, `reindex index concurrently ${name}`);
}

/**
 * Builds the leaf of a partitioned index on one partition, not attached yet.
 *
 * @param tail what follows the table in the definition of the partitioned index
 * @throws what rebuildIndex throws
 */
export async function buildLeaf(
  context: ConcurrentContext,
  index: { readonly name: string; readonly unique: boolean; readonly tail: string },
  partition: { readonly oid: number; readonly schema: string; readonly name: string },
): Promise<BuildResult> {
  const name = leafName(partition.name, index.name);
  return buildIndex(context, { ...index, name }, partition);
}

/** Builds an index of a plain table or a partition. @throws what rebuildIndex throws */
export async function buildIndex(
  context: ConcurrentContext,
  { name, unique, tail }: { readonly name: string; readonly unique: boolean; readonly tail: string },
  table: { readonly oid: number; readonly schema: string; readonly name: string },
): Promise<BuildResult> {
  return build(
    context,
    { schema: table.schema, name, tableOid: table.oid },
    `create ${unique ? 'unique ' : ''}index concurrently ${quoteIdentifier(name)}
     on ${quoteQualified(table.schema, table.name)} ${tail}`,
  );
}

async function build(
  context: ConcurrentContext,
  { schema, name, tableOid }: Pick<PhysicalIndex, 'schema' | 'name' | 'tableOid'>,
  sql: string,
): Promise<BuildResult> {
  const { client } = context.session;
  const object = `${schema}.${name}`;
  const before = await readTableIndexes(client, tableOid);
  const built = async (): Promise<PhysicalIndex | undefined> =>
    (await readTableIndexes(client, tableOid)).find(
      (index) =>
        index.name === name && index.valid && !before.some(({ oid, valid }) => oid === index.oid && valid),
    );
  const startedAt = performance.now();
  const result = (error: unknown, leftovers: readonly PhysicalIndex[]): BuildResult => ({
    durationMs: elapsedMs(startedAt),
    error,
    leftovers,
  });
  try {
    await runConcurrently(context, { sql, object });
  } catch (error) {
    // Somebody else has that name, and may be building it.
    if (error instanceof Error && hasSqlState(error.cause, SQLSTATE.duplicateTable)) return result(error, []);
    const ended = await afterCancel(async () => {
      const leftovers = await dropOwnLeftovers(context, { name, tableOid }, before);
      return { leftovers, swapped: (await built()) !== undefined };
      // Without a connection nothing can be cleaned; heal does it.
    }).catch(() => undefined);
    if (ended === undefined) throw error;
    for (const { schema: leftSchema, name: leftName } of ended.leftovers) {
      context.onEvent?.({
        type: 'notice',
        notice: `${leftSchema}.${leftName} is left: a transaction on its table does not end; «studymate-db index heal» drops it`,
      });
    }
    // It may have failed after the new index had taken its place, only waiting to drop the old one.
    return result(ended.swapped ? undefined : error, ended.leftovers);
  }
  if ((await afterCancel(built)) !== undefined) return result(undefined, []);
  return result(
    new OperationError('INDEX_STEP_FAILED', `${object} is not valid after its build`, {
      hint: 'Run «studymate-db index heal».',
    }),
    [],
  );
}
