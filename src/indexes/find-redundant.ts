import type { IndexKey, LogicalIndex } from './index-catalog.js';

/**
 * Why an index is not needed beside another:
 * `exact`: the same in everything that matters; `reverse`: the same read backwards; `unique covers`: the other has the
 * same keys and is unique as well; `include`: the other has the same keys and carries the columns of INCLUDE;
 * `prefix`: the other begins with its keys.
 */
export type RedundancyKind = 'exact' | 'reverse' | 'unique covers' | 'include' | 'prefix';

export interface RedundantIndex {
  readonly index: LogicalIndex;
  /** What does its work; not redundant itself. */
  readonly by: LogicalIndex;
  readonly kind: RedundancyKind;
  /** A sentence: what the other index does in its place. */
  readonly reason: string;
  /** What dropping gives back, beside the work at every write. */
  readonly savesBytes: number;
  /** Size of the other in relation to this one: how much more a scan of the other may read. Undefined when empty. */
  readonly sizeRatio: number | undefined;
}

/**
 * Proves which indexes do nothing that another does not do as well. Proved means: for every query and every constraint.
 * Two indexes whose columns are in another order, collation, operator class or mixed direction differ, as do those with
 * different predicates. What stands behind a constraint, a foreign key or the replica identity is never redundant,
 * nor is an index that is not valid a stand-in for one. Pure.
 *
 * @returns one entry an index, in the order given
 */
export function findRedundantIndexes(indexes: readonly LogicalIndex[]): readonly RedundantIndex[] {
  const found: RedundantIndex[] = [];
  for (const index of indexes) {
    if (!mayGo(index) || !isUsable(index)) continue;
    const covers = indexes.filter((other) => covering(index, other) !== undefined && isKept(index, other));
    // Of several, one that nothing covers in turn: it is there when the advice is followed to the end.
    const [by] = covers
      .filter((other) => !covers.some((third) => third !== other && outranks(third, other)))
      .toSorted((one, other) => one.sizeBytes - other.sizeBytes || one.oid - other.oid);
    const kind = by && covering(index, by);
    if (by === undefined || kind === undefined) continue;
    found.push({
      index,
      by,
      kind,
      reason: reasonOf(kind, index, by),
      savesBytes: index.sizeBytes,
      sizeRatio: index.sizeBytes > 0 ? by.sizeBytes / index.sizeBytes : undefined,
    });
  }
  return found;
}

function mayGo(index: LogicalIndex): boolean {
  return !(
    index.primary ||
    index.exclusion ||
    index.replicaIdentity ||
    index.referenced ||
    index.constraint !== undefined
  );
}

/** Whether `other` can do everything that `index` does, and how; the two may be so for each other. */
function covering(index: LogicalIndex, other: LogicalIndex): RedundancyKind | undefined {
  if (
    index.oid === other.oid ||
    index.table.oid !== other.table.oid ||
    index.method !== other.method ||
    index.predicate !== other.predicate ||
    other.exclusion ||
    !isUsable(other)
  ) {
    return undefined;
  }
  const direction = compareKeys(index.keys, other.keys);
  if (direction === undefined) return undefined;
  const sameKeys = index.keys.length === other.keys.length;
  if (index.unique && !(other.unique && sameKeys && nullsAgree(index, other))) return undefined;
  const columns = [...other.keys.map(({ column }) => column), ...other.include];
  if (!index.include.every((column) => columns.includes(column))) return undefined;
  if (index.method !== 'btree') {
    // Order means nothing to the others, and their prefixes differ by method: only twins are sure.
    return sameKeys && direction === 'same' && sameSet(index.include, other.include) ? 'exact' : undefined;
  }
  if (!sameKeys) return 'prefix';
  if (other.unique && (!index.unique || index.nullsNotDistinct !== other.nullsNotDistinct))
    return 'unique covers';
  if (!sameSet(index.include, other.include)) return 'include';
  return direction === 'same' ? 'exact' : 'reverse';
}

function isUsable(index: LogicalIndex): boolean {
  return (
    index.valid && index.missingOn.length === 0 && index.leaves.every(({ valid, live }) => valid && live)
  );
}

/** NULLS NOT DISTINCT refuses what the other allows, never the other way round. */
function nullsAgree(index: LogicalIndex, other: LogicalIndex): boolean {
  return index.nullsNotDistinct === other.nullsNotDistinct || other.nullsNotDistinct;
}

/** Whether the keys of the first begin those of the second, all in the same direction or all the other way round. */
function compareKeys(
  keys: readonly IndexKey[],
  others: readonly IndexKey[],
): 'same' | 'reversed' | undefined {
  const pairs = keys.map((key, position) => [key, others[position]] as const);
  const alike = pairs.every(
    ([key, other]) =>
      other !== undefined &&
      key.column === other.column &&
      key.expression === other.expression &&
      key.opclassOid === other.opclassOid &&
      key.collationOid === other.collationOid,
  );
  if (!alike) return undefined;
  const turned = pairs.map(([key, other]) => [
    key.descending !== other?.descending,
    key.nullsFirst !== other?.nullsFirst,
  ]);
  if (turned.every(([descending, nulls]) => !descending && !nulls)) return 'same';
  return turned.every(([descending, nulls]) => descending && nulls) ? 'reversed' : undefined;
}

/** Of two that could stand for each other only one goes. */
function isKept(index: LogicalIndex, other: LogicalIndex): boolean {
  return !mayGo(other) || covering(other, index) === undefined || outranks(other, index);
}

/** Whether the first stays when both could stand for each other: what must stay, else the smaller, else the older. */
function outranks(first: LogicalIndex, second: LogicalIndex): boolean {
  if (covering(second, first) === undefined) return false;
  if (covering(first, second) === undefined) return true;
  if (mayGo(first) !== mayGo(second)) return !mayGo(first);
  if (first.sizeBytes !== second.sizeBytes) return first.sizeBytes < second.sizeBytes;
  return first.oid < second.oid;
}

function reasonOf(kind: RedundancyKind, index: LogicalIndex, by: LogicalIndex): string {
  switch (kind) {
    case 'exact':
      return `${by.name} has the same keys in the same order`;
    case 'reverse':
      return `${by.name} has the same keys, and PostgreSQL reads it backwards`;
    case 'unique covers':
      return `${by.name} has the same keys and keeps them unique${index.unique ? ', nulls too' : ''}`;
    case 'include':
      return `${by.name} has the same keys and carries ${by.include.length > 0 ? by.include.join(', ') : 'no more'} besides`;
    case 'prefix':
      return `${by.name} begins with its ${index.keys.length === 1 ? 'key' : 'keys'}`;
  }
}

function sameSet(first: readonly string[], second: readonly string[]): boolean {
  return first.length === second.length && first.every((name) => second.includes(name));
}
