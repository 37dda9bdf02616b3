import { elapsedMs } from '../database/duration.js';
import { quoteIdentifier, quoteQualified } from '../database/identifier.js';
import { OperationError } from '../errors.js';
import {
  lockAgainstMaintenance,
  objectName,
  recorded,
  type ArchiveRun,
  type RecordedResult,
  type RelationName,
} from './archive-run.js';
import { buildMissingIndexes } from './build-indexes.js';
import { proveBounds } from './prove-bounds.js';

export interface Swap {
  readonly action: 'swap' | 'restore';
  /** All names are quoted and qualified. */
  readonly from: string;
  readonly to: string;
  readonly toOid: number;
  readonly partition: RelationName;
  /** What it is called afterwards, in its own schema. */
  readonly newName: string;
  /** `FOR VALUES FROM (…) TO (…)`, as the catalog has it. */
  readonly bound: string;
  /** In the order in which they are locked, before the two tables. */
  readonly referenced: readonly string[];
  readonly referencedMode: 'share row exclusive' | 'access exclusive';
  /** The default partition of the live table; detaching and attaching lock it as well. */
  readonly defaultPartition: string | undefined;
  readonly detail: Readonly<Record<string, unknown>>;
  /** In the transaction, under the locks, before the partition changes its parent. */
  readonly underLock?: (() => Promise<void>) | undefined;
}

/**
 * Moves a partition from one partitioned table to another, in one transaction and without writing a row. What takes
 * time is done before, with nobody blocked: the bounds are proved by a check, missing indexes are built concurrently.
 *
 * Both tables are locked exclusively. The target too: a transaction that read it before, and reads the other one
 * next, would see the month in neither; it makes us wait instead.
 *
 * @throws OperationError ARCHIVE_LOCK_TIMEOUT, ARCHIVE_NAME_TAKEN; nothing has moved then, and what was prepared is
 * used by the next run
 */
export async function swapPartition(
  run: ArchiveRun,
  swap: Swap,
): Promise<RecordedResult<{ rows: number; detail: Readonly<Record<string, unknown>> }>> {
  const { client } = run.session;
  const { partition, newName, from, to, bound, referenced, referencedMode, defaultPartition } = swap;
  const before = quoteQualified(partition.schema, partition.name);
  const after = quoteQualified(partition.schema, newName);
  await assertNameFree(run, partition.schema, newName);
  const preparedAt = performance.now();
  await proveBounds(run, partition);
  run.onEvent({ type: 'proved', partition: objectName(partition), durationMs: elapsedMs(preparedAt) });
  await buildMissingIndexes(run, partition, swap.toOid);
  const rows = await countRows(run, before);
  const preparationMs = elapsedMs(preparedAt);
  return recorded(run, { action: swap.action, object: objectName(partition) }, async () => {
    await lockAgainstMaintenance(run, [
      before,
      ...(defaultPartition === undefined ? [] : [defaultPartition]),
    ]);
    const [live, archive] = swap.action === 'swap' ? [from, to] : [to, from];
    // In the order in which the application takes them: users, rooms, messages, archive.
    const locks = [
      ...(referenced.length > 0 ? [`lock table ${referenced.join(', ')} in ${referencedMode} mode`] : []),
      `lock table only ${live}, only ${archive} in access exclusive mode`,
    ];
    const change = [
      `alter table ${from} detach partition ${before}`,
      `alter table ${before} rename to ${quoteIdentifier(newName)}`,
      `alter table ${to} attach partition ${after} ${bound}`,
      `alter table ${after} drop constraint archive_bounds`,
    ];
    // One message: under the locks no statement waits for the network to bring the next.
    if (swap.underLock === undefined) await client.query([...locks, ...change].join(';\n'));
    else {
      await client.query(locks.join(';\n'));
      await swap.underLock();
      await client.query(change.join(';\n'));
    }
    return { rows, detail: { ...swap.detail, preparationMs } };
  });
}

/** Outside the locks: so exact as a moving target can be counted. */
async function countRows({ session }: ArchiveRun, partition: string): Promise<number> {
  const { rows } = await session.client.query<{ count: number }>(
    `select count(*)::float8 as count from only ${partition}`,
  );
  return rows[0]?.count ?? 0;
}

async function assertNameFree({ session }: ArchiveRun, schema: string, name: string): Promise<void> {
  const { rows } = await session.client.query(
    `select from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
     where n.nspname = $1 and c.relname = $2`,
    [schema, name],
  );
  if (rows.length === 0) return;
  throw new OperationError('ARCHIVE_NAME_TAKEN', `there is another table ${schema}.${name}`, {
    detail: 'The partition would be called so.',
    hint: 'Rename it or drop it, or attach it with its bounds if its rows belong there; then run again.',
  });
}
