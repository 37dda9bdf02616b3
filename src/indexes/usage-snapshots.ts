import type { ClientBase } from 'pg';
import { groupBy } from '../catalog/group-by.js';
import { quoteQualified } from '../database/identifier.js';
import type { LogicalIndex } from './index-catalog.js';

/** What the counters of one server said at one time. */
export interface UsageSnapshot {
  readonly server: string;
  readonly takenAt: Date;
  /** When the counters last began: a reset, or a crash. */
  readonly countedSince: Date | undefined;
  /** By the qualified name of the physical index. */
  readonly scans: ReadonlyMap<string, number>;
  /** The physical indexes that a logical one had then, both by their qualified names. */
  readonly leaves: ReadonlyMap<string, readonly string[]>;
}

/** How an index is called in snapshots: quoted and qualified. */
export function snapshotName({ schema, name }: { readonly schema: string; readonly name: string }): string {
  return quoteQualified(schema, name);
}

/**
 * Writes a reading and forgets those that are older than `keepDays`, in one transaction.
 *
 * @param client on the primary; the reading itself may come from a replica
 */
export async function writeUsageSnapshot(
  client: ClientBase,
  reading: {
    readonly server: string;
    readonly countedSince: Date | undefined;
    readonly indexes: readonly LogicalIndex[];
    readonly keepDays: number;
  },
): Promise<void> {
  const leaves = reading.indexes.flatMap((index) => index.leaves.map((leaf) => [index, leaf] as const));
  await client.query('begin');
  try {
    await client.query(
      `delete from studymate.index_snapshots where taken_at < clock_timestamp() - make_interval(days => $1)`,
      [reading.keepDays],
    );
    await client.query(
      `with snapshot as (
         insert into studymate.index_snapshots (server, counted_since) values ($1, $2) returning id
       )
       insert into studymate.index_usage (snapshot_id, leaf, index, scans, tuples_read, size_bytes)
       select snapshot.id, leaf.* from snapshot, unnest($3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::bigint[]) as leaf`,
      [
        reading.server,
        reading.countedSince ?? null,
        leaves.map(([, leaf]) => snapshotName(leaf)),
        leaves.map(([index]) => snapshotName(index)),
        leaves.map(([, leaf]) => leaf.scans),
        leaves.map(([, leaf]) => leaf.tuplesRead),
        leaves.map(([, leaf]) => leaf.sizeBytes),
      ],
    );
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  }
}

/** All readings, oldest first. */
export async function readUsageSnapshots(client: ClientBase): Promise<readonly UsageSnapshot[]> {
  const { rows } = await client.query<{
    server: string;
    taken_at: Date;
    counted_since: Date | null;
    usage: readonly (readonly [leaf: string, index: string, scans: number])[] | null;
  }>(
    `select s.server, s.taken_at, s.counted_since,
            (select json_agg(json_build_array(u.leaf, u.index, u.scans))
               from studymate.index_usage u
              where u.snapshot_id = s.id) as usage
       from studymate.index_snapshots s
      order by s.taken_at, s.id`,
  );
  return rows.map(({ server, taken_at: takenAt, counted_since: countedSince, usage }) => ({
    server,
    takenAt,
    countedSince: countedSince ?? undefined,
    scans: new Map((usage ?? []).map(([leaf, , scans]) => [leaf, scans])),
    leaves: groupBy(
      usage ?? [],
      ([, index]) => index,
      ([leaf]) => leaf,
    ),
  }));
}
