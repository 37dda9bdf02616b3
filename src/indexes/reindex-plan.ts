import { formatBytes } from '../database/bytes.js';
import { OperationError } from '../errors.js';
import { leafState } from './leaf-states.js';
import type { IndexLeaf, LogicalIndex } from './index-catalog.js';
import type { IndexBloat, ListedIndex } from './list-indexes.js';
import type { RebuildHistory } from './reindex-history.js';
import type { ReindexSettings } from './reindex-options.js';

/** A physical index to rebuild. */
export interface ReindexCandidate {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly tableOid: number;
  /** Qualified name of the table or partition. */
  readonly table: string;
  readonly method: string;
  readonly reason: 'bloated' | 'named' | 'closed month';
  readonly sizeBytes: number;
  /** As it would be after the rebuild; undefined where there is no estimate. */
  readonly predictedBytes: number | undefined;
  /** Part of the size that the rebuild gives back, 0 to 1. */
  readonly bloatRatio: number | undefined;
  /** It is packed full: nothing is inserted into it any more. */
  readonly fillfactor: 100 | undefined;
}

export interface ReindexSelection {
  /** Named ones in the order of the catalog; by rule, what gives back most comes first. */
  readonly candidates: readonly ReindexCandidate[];
  /** Qualified names of what is not rebuilt although it is named or looks like it, with the reason. */
  readonly skipped: readonly { readonly object: string; readonly reason: string }[];
  /** Tables and partitions whose statistics do not tell: to be analyzed, and looked at again. */
  readonly unsure: readonly { readonly oid: number; readonly schema: string; readonly name: string }[];
}

/** Rows may come late; a month is closed a day after it is over. */
const CLOSED_AFTER_MS = 86_400_000;

/**
 * Chooses what to rebuild. Pure.
 *
 * @param analyzed oids of tables that were analyzed in this run: what is still not sure of them is skipped
 * @throws OperationError INDEX_MISSING when an index that is named is not there, or is there twice
 */
export function selectReindex(
  listed: readonly ListedIndex[],
  history: RebuildHistory,
  settings: ReindexSettings,
  analyzed: ReadonlySet<number> = new Set(),
): ReindexSelection {
  const now = settings.clock();
  const wanted = settings.indexes.length > 0 ? namedLeaves(listed, settings.indexes) : allLeaves(listed);
  const candidates: ReindexCandidate[] = [];
  const skipped: { object: string; reason: string }[] = [];
  const unsure = new Map<number, ReindexSelection['unsure'][number]>();
  for (const { index, leaf, bloat } of wanted) {
    const object = `${leaf.schema}.${leaf.name}`;
    const skip = (reason: string): void => void skipped.push({ object, reason });
    const estimate = estimateOf(leaf, bloat);
    const closed =
      settings.closedMonths &&
      index.method === 'btree' &&
      leaf.upperBound !== undefined &&
      leaf.upperBound.getTime() + CLOSED_AFTER_MS <= now.getTime() &&
      !(estimate.packed && history.packed.has(object));
    const byRule = !settings.named && !closed;
    if (byRule && index.method !== 'btree') continue;
    if (leaf.sizeBytes < settings.minimumBytes) continue;
    if (index.exclusion) {
      if (settings.named) skip('an exclusion constraint cannot be rebuilt concurrently');
      continue;
    }
    if (leafState(leaf, now) === 'invalid') {
      skip('invalid: for «studymate-db index heal»');
      continue;
    }
    const mustKnow = !closed && settings.minimumBloat > 0;
    if (mustKnow && (estimate.ratio === undefined || estimate.stale !== undefined)) {
      const visible = estimate.reason?.startsWith('not visible') !== true;
      // What looks well though half of it is not counted yet is no candidate of today.
      if (visible && !analyzed.has(leaf.tableOid) && index.method === 'btree')
        unsure.set(leaf.tableOid, { oid: leaf.tableOid, schema: leaf.tableSchema, name: leaf.tableName });
      else skip(estimate.reason ?? estimate.stale ?? 'not estimated');
      continue;
    }
    if (mustKnow && (estimate.ratio ?? 0) < settings.minimumBloat) continue;
    if (leaf.sizeBytes > settings.maxBytes) {
      skip(`${formatBytes(leaf.sizeBytes)} is larger than the ${formatBytes(settings.maxBytes)} allowed`);
      continue;
    }
    if (byRule && history.recent.has(object)) {
      skip(`rebuilt in the last ${settings.cooldownDays} days`);
      continue;
    }
    if (settings.freeBytes !== undefined && settings.freeBytes < 2 * leaf.sizeBytes) {
      skip(
        `twice its ${formatBytes(leaf.sizeBytes)} is more than the ${formatBytes(settings.freeBytes)} free`,
      );
      continue;
    }
    candidates.push({
      oid: leaf.oid,
      schema: leaf.schema,
      name: leaf.name,
      tableOid: leaf.tableOid,
      table: `${leaf.tableSchema}.${leaf.tableName}`,
      method: index.method,
      reason: closed ? 'closed month' : settings.named ? 'named' : 'bloated',
      sizeBytes: leaf.sizeBytes,
      predictedBytes: predictedBytes(leaf, estimate, closed),
      bloatRatio: estimate.ratio,
      fillfactor: closed ? 100 : undefined,
    });
  }
  if (!settings.named) candidates.sort((one, other) => saving(other) - saving(one) || one.oid - other.oid);
  return { candidates, skipped, unsure: [...unsure.values()] };
}

interface Wanted {
  readonly index: LogicalIndex;
  readonly leaf: IndexLeaf;
  readonly bloat: IndexBloat;
}

function allLeaves(listed: readonly ListedIndex[]): readonly Wanted[] {
  return listed.flatMap(({ index, bloat }) => index.leaves.map((leaf) => ({ index, leaf, bloat })));
}

function namedLeaves(listed: readonly ListedIndex[], names: readonly string[]): readonly Wanted[] {
  const isNamed = (name: string, relation: { schema: string; name: string }): boolean =>
    relation.name === name || `${relation.schema}.${relation.name}` === name;
  return [...new Set(names)].flatMap((name) => {
    const roots = listed.filter(({ index }) => isNamed(name, index)).map((entry) => allLeaves([entry]));
    const leaves = allLeaves(listed.filter(({ index }) => index.partitioned)).filter(({ leaf }) =>
      isNamed(name, leaf),
    );
    const found = [...roots, ...leaves.map((leaf) => [leaf])];
    const [only] = found;
    if (found.length === 1 && only !== undefined) return only;
    throw new OperationError(
      'INDEX_MISSING',
      found.length === 0 ? `there is no index ${name}` : `there are ${found.length} indexes called ${name}`,
      {
        hint:
          found.length === 0
            ? '«studymate-db index list» shows what there is.'
            : 'Write schema.name, or choose with --schema.',
      },
    );
  });
}

interface Estimate {
  readonly ratio: number | undefined;
  readonly expectedBytes: number | undefined;
  readonly reason: string | undefined;
  readonly stale: string | undefined;
  readonly fillfactor: number;
  /** Its own storage parameter says so; whether it was rebuilt since, the ledger knows. */
  readonly packed: boolean;
}

function estimateOf({ oid }: IndexLeaf, { byLeaf }: IndexBloat): Estimate {
  const found = byLeaf.get(oid);
  const { exact } = found ?? {};
  const stale = exact === undefined ? found?.stale : undefined;
  const ratio =
    exact === undefined
      ? found?.bloatRatio
      : Math.max(exact.bloatRatio, found?.stale === undefined ? (found?.bloatRatio ?? 0) : 0);
  return {
    ratio,
    expectedBytes: exact === undefined ? found?.expectedBytes : undefined,
    reason: ratio === undefined ? found?.reason : undefined,
    stale,
    fillfactor: found?.fillfactor ?? 0.9,
    packed: found?.fillfactor === 1,
  };
}

function predictedBytes(leaf: IndexLeaf, estimate: Estimate, closed: boolean): number | undefined {
  const { ratio, fillfactor } = estimate;
  const expected = estimate.expectedBytes ?? (ratio === undefined ? undefined : leaf.sizeBytes * (1 - ratio));
  return expected === undefined ? undefined : Math.round(closed ? expected * fillfactor : expected);
}

function saving({ sizeBytes, predictedBytes: predicted = sizeBytes }: ReindexCandidate): number {
  return sizeBytes - predicted;
}
