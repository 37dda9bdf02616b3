import type { IndexKey, IndexLeaf, LogicalIndex } from './index-catalog.js';

/**
 * `hot`: scanned since the statistics began; `cold`: not; `premade`: of a month that has not begun;
 * `invalid`: no query uses it, every write may pay for it.
 */
export type LeafState = 'hot' | 'cold' | 'premade' | 'invalid';

export interface LeafCounts {
  readonly hot: number;
  readonly cold: number;
  readonly premade: number;
  readonly invalid: number;
  /** Partitions that have no leaf at all. */
  readonly missing: number;
  /** Partitions that have such an index, but not attached to this one. */
  readonly unattached: number;
}

export function leafState(leaf: IndexLeaf, now: Date): LeafState {
  if (!leaf.valid || !leaf.ready || !leaf.live) return 'invalid';
  if (leaf.scans > 0) return 'hot';
  return leaf.lowerBound !== undefined && leaf.lowerBound > now ? 'premade' : 'cold';
}

/** @param standalone the indexes that stand alone on partitions, among which unattached ones are looked for */
export function countLeaves(index: LogicalIndex, standalone: readonly LogicalIndex[], now: Date): LeafCounts {
  const states = index.leaves.map((leaf) => leafState(leaf, now));
  const count = (state: LeafState): number => states.filter((other) => other === state).length;
  const unattached = index.missingOn.filter(({ oid }) =>
    standalone.some((other) => other.table.oid === oid && canAttach(other, index)),
  ).length;
  return {
    hot: count('hot'),
    cold: count('cold'),
    premade: count('premade'),
    invalid: count('invalid'),
    missing: index.missingOn.length - unattached,
    unattached,
  };
}

/** Whether ALTER INDEX … ATTACH PARTITION would take it: the same but for the name, the storage and INCLUDE's order. */
export function canAttach(leaf: LogicalIndex, parent: LogicalIndex): boolean {
  return (
    leaf.method === parent.method &&
    leaf.unique === parent.unique &&
    leaf.nullsNotDistinct === parent.nullsNotDistinct &&
    leaf.exclusion === parent.exclusion &&
    leaf.predicate === parent.predicate &&
    leaf.include.join() === parent.include.join() &&
    leaf.keys.length === parent.keys.length &&
    leaf.keys.every((key, position) => sameKey(key, parent.keys[position]))
  );
}

function sameKey(key: IndexKey, other: IndexKey | undefined): boolean {
  return (
    key.column === other?.column &&
    key.expression === other?.expression &&
    key.opclassOid === other?.opclassOid &&
    key.collationOid === other.collationOid &&
    key.descending === other.descending &&
    key.nullsFirst === other.nullsFirst
  );
}

const heights = '▁▂▃▄▅▆▇█';

/**
 * A character a leaf, oldest month first: its scans on a scale of doublings, `·` for none, `+` for a month that has
 * not begun, `!` for an invalid one.
 */
export function scanStrip(index: LogicalIndex, now: Date): string {
  const most = Math.max(...index.leaves.map(({ scans }) => scans), 1);
  const mark = (leaf: IndexLeaf): string => {
    switch (leafState(leaf, now)) {
      case 'invalid':
        return '!';
      case 'premade':
        return '+';
      case 'cold':
        return '·';
      case 'hot': {
        const share = Math.log2(leaf.scans + 1) / Math.log2(most + 1);
        return heights[Math.min(heights.length - 1, Math.floor(share * heights.length))] ?? '';
      }
    }
  };
  return index.leaves.map(mark).join('');
}
