import { withConnection } from '../database/connect.js';
import { findRedundantIndexes } from './find-redundant.js';
import { findUncoveredForeignKeys } from './find-uncovered.js';
import { findUnusedIndexes } from './find-unused.js';
import { readForeignKeys } from './foreign-keys.js';
import {
  bloatFinding,
  brokenFinding,
  nullHeavyFinding,
  redundantFinding,
  sequentialFinding,
  uncoveredFinding,
  unusedFinding,
  type IndexFinding,
} from './index-findings.js';
import { readListedIndexes, type ListedIndex, type ListIndexesOptions } from './list-indexes.js';
import { findNullHeavyIndexes } from './null-heavy.js';
import { findSequentiallyRead, readTableScans } from './table-scans.js';
import { readUsageSnapshots, type UsageSnapshot } from './usage-snapshots.js';

export interface ReportIndexesOptions extends ListIndexesOptions {
  /** Smallest bloat worth a line, 0 to 1; default 0.3. */
  readonly minimumBloat?: number | undefined;
  /** Smallest size worth a line about bloat or nulls, in bytes; default 1 MB. */
  readonly minimumBytes?: number | undefined;
  /** Observed days without a scan until an index counts as unused; default 35. */
  readonly unusedDays?: number | undefined;
}

export interface ReportIndexesResult {
  readonly findings: readonly IndexFinding[];
  readonly scansSince: Date | undefined;
  /** Readings of «index snapshot», by server. */
  readonly readings: readonly {
    readonly server: string;
    readonly count: number;
    readonly from: Date;
    readonly to: Date;
  }[];
  readonly notices: readonly string[];
}

/**
 * What there is to do about the indexes of a database, each with the reason and the statement. Reads only.
 */
export async function reportIndexes(options: ReportIndexesOptions): Promise<ReportIndexesResult> {
  const {
    connection,
    signal,
    minimumBloat = 0.3,
    minimumBytes = 1024 * 1024,
    unusedDays,
    ...filter
  } = options;
  return withConnection(
    connection,
    { applicationName: 'studymate-db index report', signal },
    async ({ client }) => {
      const { indexes: listed, scansSince, notices } = await readListedIndexes(client, { ...filter, signal });
      const indexes = listed.map(({ index }) => index);
      const foreignKeys = await readForeignKeys(client, filter);
      const snapshots = await readUsageSnapshots(client);
      const nullHeavy = await findNullHeavyIndexes(client, indexes);
      const scans = findSequentiallyRead(await readTableScans(client, filter));
      return {
        findings: [
          ...listed.flatMap(brokenFinding),
          ...findUncoveredForeignKeys(foreignKeys, indexes).map(uncoveredFinding),
          ...listed.flatMap((entry) => bloatFinding(entry, minimumBloat, minimumBytes)),
          ...findRedundantIndexes(indexes).map(redundantFinding),
          ...findUnusedIndexes(indexes, foreignKeys, snapshots, { minimumDays: unusedDays }).map(
            unusedFinding,
          ),
          ...nullHeavy.filter(({ index }) => index.sizeBytes >= minimumBytes).map(nullHeavyFinding),
          ...scans.map(sequentialFinding),
        ],
        scansSince,
        readings: summarize(snapshots),
        notices: [...notices, ...unseen(listed), ...observationNotice(snapshots)],
      };
    },
  );
}

function unseen(listed: readonly ListedIndex[]): readonly string[] {
  const reasons = listed.flatMap(({ bloat: { byLeaf } }) =>
    [...byLeaf.values()].flatMap(({ reason }) =>
      reason?.startsWith('not visible') === true ? [reason] : [],
    ),
  );
  return [...new Set(reasons)].map((reason) => `bloat ${reason}`);
}

function observationNotice(snapshots: readonly UsageSnapshot[]): readonly string[] {
  return snapshots.length > 1
    ? []
    : ['unused indexes: nothing was observed yet; let cron run «studymate-db index snapshot» every day'];
}

function summarize(snapshots: readonly UsageSnapshot[]): ReportIndexesResult['readings'] {
  return [...new Set(snapshots.map(({ server }) => server))].map((server) => {
    const own = snapshots.filter((snapshot) => snapshot.server === server);
    const times = own.map(({ takenAt }) => takenAt.getTime());
    return {
      server,
      count: own.length,
      from: new Date(Math.min(...times)),
      to: new Date(Math.max(...times)),
    };
  });
}
