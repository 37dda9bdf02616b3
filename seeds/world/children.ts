import { countBefore } from './order-by-time.js';

/** Rows of a table of which each belongs to a parent: first those of parent 0, then those of parent 1, and so on. */
export interface Children {
  readonly count: number;
  parent(row: number): number;
  /** Place among the children of its parent, from 0. */
  nth(row: number): number;
}

export function createChildren(parents: number, childrenOf: (parent: number) => number): Children {
  const first = new Int32Array(parents + 1);
  for (let parent = 0; parent < parents; parent++)
    first[parent + 1] = (first[parent] as number) + childrenOf(parent);
  return childrenFrom(first);
}

/** @param first the first row of each parent, and the number of all rows */
export function childrenFrom(first: Int32Array): Children {
  let last = 0;
  const parent = (row: number): number => {
    if (row < (first[last] as number) || row >= (first[last + 1] as number))
      last = countBefore(first, row, true) - 1;
    return last;
  };
  return { count: first.at(-1) as number, parent, nth: (row) => row - (first[parent(row)] as number) };
}

/** Remembers the last one made: several columns of a row share it. */
export function rememberLast<Made>(make: (index: number) => Made): (index: number) => Made {
  let last: { readonly index: number; readonly made: Made } | undefined;
  return (index) => {
    if (last?.index !== index) last = { index, made: make(index) };
    return last.made;
  };
}
