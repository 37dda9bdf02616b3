import type { ForeignKey } from './foreign-keys.js';
import type { LogicalIndex } from './index-catalog.js';
import { snapshotName, type UsageSnapshot } from './usage-snapshots.js';

export interface UnusedIndex {
  readonly index: LogicalIndex;
  /** Days of observation in which no server scanned it; of the server that was observed least. */
  readonly unusedDays: number;
  readonly savesBytes: number;
}

export interface FindUnusedOptions {
  /** Observed days without a scan until an index counts as unused; default 35: a month, and what runs monthly. */
  readonly minimumDays?: number | undefined;
}

const DAY_MS = 86_400_000;

/**
 * Indexes that no query used in an observed window. Observed is the time between two readings in which the server did
 * not forget its counters, and from a reset or a crash to the reading after it. What keeps something unique, stands
 * behind a constraint or the replica identity, or is the only index of a foreign key, is used by every write and never
 * listed; an index is never older than the first reading that has it. Pure.
 */
export function findUnusedIndexes(
  indexes: readonly LogicalIndex[],
  foreignKeys: readonly ForeignKey[],
  snapshots: readonly UsageSnapshot[],
  { minimumDays = 35 }: FindUnusedOptions = {},
): readonly UnusedIndex[] {
  const servers = [...new Set(snapshots.map(({ server }) => server))];
  if (servers.length === 0) return [];
  const unused: UnusedIndex[] = [];
  // The largest first: of two that serve one foreign key, the smaller stays.
  for (const index of indexes.toSorted((one, other) => other.sizeBytes - one.sizeBytes)) {
    const staying = indexes.filter((other) => !unused.some((listed) => listed.index === other));
    if (isNeeded(index, staying, foreignKeys)) continue;
    const unusedDays = Math.min(
      ...servers.map(
        (server) =>
          unusedMs(
            index,
            snapshots.filter((snapshot) => snapshot.server === server),
          ) / DAY_MS,
      ),
    );
    if (unusedDays >= minimumDays) unused.push({ index, unusedDays, savesBytes: index.sizeBytes });
  }
  return unused;
}

function isNeeded(
  index: LogicalIndex,
  indexes: readonly LogicalIndex[],
  foreignKeys: readonly ForeignKey[],
): boolean {
  if (
    index.unique ||
    index.primary ||
    index.exclusion ||
    index.replicaIdentity ||
    index.constraint !== undefined
  ) {
    return true;
  }
  return foreignKeys.some(
    ({ table, columns }) =>
      serves(index, table.oid, columns) &&
      !indexes.some((other) => other !== index && other.valid && serves(other, table.oid, columns)),
  );
}

function serves(index: LogicalIndex, tableOid: number, columns: readonly string[]): boolean {
  const leading = index.keys.slice(0, columns.length).map(({ column }) => column);
  return index.table.oid === tableOid && columns.every((column) => leading.includes(column));
}

/** Milliseconds of observation since the last scan, on one server. */
function unusedMs(index: LogicalIndex, snapshots: readonly UsageSnapshot[]): number {
  const name = snapshotName(index);
  let unused = 0;
  for (const [position, later] of snapshots.entries()) {
    const earlier = snapshots[position - 1];
    const isThere = later.leaves.has(name);
    const wasThere = earlier !== undefined && earlier.leaves.has(name);
    if (!isThere || !wasThere) {
      unused = 0;
      continue;
    }
    const forgotten = later.countedSince !== undefined && later.countedSince > earlier.takenAt;
    if (wasScanned(name, earlier, later, forgotten)) unused = 0;
    else {
      const from = forgotten ? later.countedSince : earlier.takenAt;
      unused += later.takenAt.getTime() - from.getTime();
    }
  }
  return unused;
}

/** By leaf: one that was archived or dropped meanwhile takes its count with it. */
function wasScanned(name: string, earlier: UsageSnapshot, later: UsageSnapshot, forgotten: boolean): boolean {
  return (later.leaves.get(name) ?? []).some((leaf) => {
    const before = forgotten ? 0 : (earlier.scans.get(leaf) ?? 0);
    return later.scans.get(leaf) !== before;
  });
}
