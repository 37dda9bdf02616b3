import type { ClientBase } from 'pg';
import { withConnection } from '../database/connect.js';
import type { ConnectionSettings } from '../database/connection-settings.js';
import { exactReader, type ExactBloat } from './exact-bloat.js';
import { readIndexes, type IndexFilter, type LogicalIndex } from './index-catalog.js';
import { countLeaves, scanStrip, type LeafCounts } from './leaf-states.js';
import { readBloat, type BloatEstimate } from './read-bloat.js';
import { readStatisticsSince } from './statistics-age.js';

export interface ListIndexesOptions extends IndexFilter {
  readonly connection: ConnectionSettings | string;
  /** Reads every page of every btree with pgstatindex(), where the extension and the role allow it. Default false. */
  readonly exact?: boolean | undefined;
  readonly now?: Date | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface ListIndexesResult {
  readonly indexes: readonly ListedIndex[];
  /** Since when scans are counted: the last reset of the statistics, or crash; undefined when it is not known. */
  readonly scansSince: Date | undefined;
  /** What this role or this server does not show, in sentences; empty when all was seen. */
  readonly notices: readonly string[];
}

export interface ListedIndex {
  readonly index: LogicalIndex;
  readonly leaves: LeafCounts;
  /** Scans by month, a character each: see scanStrip. */
  readonly strip: string;
  readonly bloat: IndexBloat;
}

/** Of all leaves together. */
export interface IndexBloat {
  /** Part of the size that a rebuild gives back, 0 to 1; undefined when there is no estimate. */
  readonly bloatRatio: number | undefined;
  readonly bloatBytes: number | undefined;
  /** Why it is undefined, or not to be trusted yet. */
  readonly reason: string | undefined;
  readonly stale: boolean;
  readonly exact: boolean;
  /** By the oid of the leaf. */
  readonly byLeaf: ReadonlyMap<number, BloatEstimate & { readonly exact: ExactBloat | undefined }>;
}

/**
 * Lists every index as people think of it: a partitioned one is one entry. Reads the catalog in one snapshot, writes
 * nothing, and takes no lock that anybody waits for.
 *
 * @throws ConnectError and what withConnection throws
 */
export async function listIndexes(options: ListIndexesOptions): Promise<ListIndexesResult> {
  const { connection, signal } = options;
  return withConnection(connection, { applicationName: 'studymate-db index list', signal }, ({ client }) =>
    readListedIndexes(client, options),
  );
}

/** The same on a client of the caller's, outside a transaction. */
export async function readListedIndexes(
  client: ClientBase,
  options: Omit<ListIndexesOptions, 'connection'>,
): Promise<ListIndexesResult> {
  await client.query('begin isolation level repeatable read read only');
  try {
    return await readListedIndexesInTransaction(client, options);
  } finally {
    await client.query('rollback').catch(() => undefined);
  }
}

/** The same in a transaction of the caller's, which is one snapshot if it is repeatable read. */
export async function readListedIndexesInTransaction(
  client: ClientBase,
  { exact = false, now = new Date(), signal, ...filter }: Omit<ListIndexesOptions, 'connection'>,
): Promise<ListIndexesResult> {
  const all = await readIndexes(client, filter);
  const oids = all.flatMap(({ leaves }) => leaves.map(({ oid }) => oid));
  const estimates = await readBloat(client, oids);
  const notices: string[] = [];
  const exacts = exact
    ? await readExact(client, all, estimates, notices, signal)
    : new Map<number, ExactBloat>();
  const standalone = all.filter(({ table }) => table.isPartition);
  const indexes = all.map((index) => ({
    index,
    leaves: countLeaves(index, standalone, now),
    strip: index.partitioned ? scanStrip(index, now) : '',
    bloat: bloatOf(index, estimates, exacts),
  }));
  return { indexes, scansSince: await readStatisticsSince(client), notices };
}

async function readExact(
  client: ClientBase,
  indexes: readonly LogicalIndex[],
  estimates: ReadonlyMap<number, BloatEstimate>,
  notices: string[],
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<number, ExactBloat>> {
  const exacts = new Map<number, ExactBloat>();
  const reader = await exactReader(client);
  if (reader.unavailable !== undefined) {
    notices.push(`nothing exact: ${reader.unavailable}`);
    return exacts;
  }
  for (const { method, leaves } of indexes) {
    if (method !== 'btree') continue;
    for (const { oid, valid } of leaves) {
      signal?.throwIfAborted();
      const fillfactor = estimates.get(oid)?.fillfactor ?? 0.9;
      if (valid) exacts.set(oid, await reader.read({ oid, fillfactor }));
    }
  }
  return exacts;
}

function bloatOf(
  { leaves }: LogicalIndex,
  estimates: ReadonlyMap<number, BloatEstimate>,
  exacts: ReadonlyMap<number, ExactBloat>,
): IndexBloat {
  const byLeaf = new Map<number, BloatEstimate & { readonly exact: ExactBloat | undefined }>();
  for (const { oid } of leaves) {
    const estimate = estimates.get(oid);
    if (estimate !== undefined) byLeaf.set(oid, { ...estimate, exact: exacts.get(oid) });
  }
  // An empty partition was never analyzed, and has nothing to give back.
  const weighty = [...byLeaf.values()].filter(({ sizeBytes }) => sizeBytes > 8192 * 2);
  const ratios = weighty.map((leaf) => [leaf.sizeBytes, ratioOf(leaf)] as const);
  const unknown = weighty.find((leaf) => ratioOf(leaf) === undefined);
  const stale = weighty.find((leaf) => leaf.stale !== undefined && leaf.exact === undefined);
  const size = ratios.reduce((sum, [bytes]) => sum + bytes, 0);
  const bloat = ratios.reduce((sum, [bytes, ratio]) => sum + bytes * (ratio ?? 0), 0);
  return {
    bloatRatio: unknown === undefined ? (size > 0 ? bloat / size : 0) : undefined,
    bloatBytes: unknown === undefined ? Math.round(bloat) : undefined,
    reason: unknown?.reason ?? stale?.stale,
    stale: unknown === undefined && stale !== undefined,
    exact: weighty.length > 0 && weighty.every(({ exact }) => exact !== undefined),
    byLeaf,
  };
}

/**
 * The pages that were counted tell what is empty, the fresh estimate what was deduplicated once: the greater of the two
 * is what a rebuild gives back.
 */
function ratioOf({
  bloatRatio,
  stale,
  exact,
}: BloatEstimate & { readonly exact: ExactBloat | undefined }): number | undefined {
  if (exact === undefined) return bloatRatio;
  return stale === undefined ? Math.max(exact.bloatRatio, bloatRatio ?? 0) : exact.bloatRatio;
}
