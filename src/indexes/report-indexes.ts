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
  sequentialFindingByPlanner,
  uncoveredFinding,
  unusedFinding,
  withPlannerVerdict,
  type IndexFinding,
} from './index-findings.js';
import type { LogicalIndex } from './index-catalog.js';
import { readListedIndexes, type ListedIndex, type ListIndexesOptions } from './list-indexes.js';
import { groupBy } from '../catalog/group-by.js';
import { readPlannerVerdicts } from './hypothetical.js';
import { findNullHeavyIndexes } from './null-heavy.js';
import type { PlannerVerdicts } from './planner-verdict.js';
import { findSequentiallyRead, readTableScans, type TableScans } from './table-scans.js';
import { readUsageSnapshots, type UsageSnapshot } from './usage-snapshots.js';

export interface ReportIndexesOptions extends ListIndexesOptions {
  /** Smallest bloat worth a line, 0 to 1; default 0.3. */
  readonly minimumBloat?: number | undefined;
  /** Smallest size worth a line about bloat or nulls, in bytes; default 1 MB. */
  readonly minimumBytes?: number | undefined;
  /** Observed days without a scan until an index counts as unused; default 35. */
  readonly unusedDays?: number | undefined;
  /**
   * Most statements of pg_stat_statements that the planner is asked about, where hypopg is installed; those that take
   * most time first. Default 50; 0 asks it about foreign keys alone. No statement is executed.
   */
  readonly statements?: number | undefined;
  /** Fewest calls of a statement that is worth it; default 10. */
  readonly minimumCalls?: number | undefined;
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
    statements,
    minimumCalls,
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
      const uncovered = findUncoveredForeignKeys(foreignKeys, indexes);
      const planner = await readPlannerVerdicts(client, {
        ...{ ...filter, uncovered, statements, minimumCalls, signal },
        taken: namesBySchema(indexes),
      });
      return {
        findings: [
          ...listed.flatMap(brokenFinding),
          ...uncovered.map((entry) =>
            withPlannerVerdict(uncoveredFinding(entry), planner.foreignKeys.get(entry)),
          ),
          ...listed.flatMap((entry) => bloatFinding(entry, minimumBloat, minimumBytes)),
          ...findRedundantIndexes(indexes).map(redundantFinding),
          ...findUnusedIndexes(indexes, foreignKeys, snapshots, { minimumDays: unusedDays }).map(
            unusedFinding,
          ),
          ...nullHeavy.filter(({ index }) => index.sizeBytes >= minimumBytes).map(nullHeavyFinding),
          ...sequentialFindings(scans, planner),
        ],
        scansSince,
        readings: summarize(snapshots),
        notices: [...notices, ...unseen(listed), ...observationNotice(snapshots), ...planner.notices],
      };
    },
  );
}

/** By verdict where the planner knows what helps; those that only the counters tell of follow. */
function sequentialFindings(
  scans: readonly TableScans[],
  { statements }: PlannerVerdicts,
): readonly IndexFinding[] {
  const same = (a: Place, b: Place): boolean => a.schema === b.schema && a.table === b.table;
  return [
    ...statements.map((verdict) =>
      sequentialFindingByPlanner(
        verdict,
        scans.find((counted) => same(counted, verdict)),
      ),
    ),
    ...scans
      .filter((counted) => !statements.some((verdict) => same(counted, verdict)))
      .map(sequentialFinding),
  ];
}

interface Place {
  readonly schema: string;
  readonly table: string;
}

function namesBySchema(indexes: readonly LogicalIndex[]): ReadonlyMap<string, ReadonlySet<string>> {
  const names = groupBy(
    indexes,
    ({ schema }) => schema,
    ({ name }) => name,
  );
  return new Map([...names].map(([schema, all]) => [schema, new Set(all)]));
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
