/** Things that are drawn as often as their weights say. */
export interface Weighted<T> {
  readonly items: readonly T[];
  readonly weights: readonly number[];
  /** Index of an item, 4096 of them: an item stands in as many places as its share. */
  readonly places: Uint16Array;
}

const PLACES = 4096;

/** Each item gets at least one place, however small its weight. */
export function weighted<T>(pairs: readonly (readonly [item: T, weight: number])[]): Weighted<T> {
  return new WeightedItems(pairs);
}

export function equallyWeighted<T>(items: readonly T[]): Weighted<T> {
  return weighted(items.map((item) => [item, 1]));
}

/** @param draw Any whole number of at least 12 random low bits. */
export function pickWeighted<T>(from: Weighted<T>, draw: number): T {
  return from.items[from.places[draw & (PLACES - 1)] as number] as T;
}

/** Its places are dealt out when the first is asked for. A class for the same reason as EncodedTexts. */
class WeightedItems<T> implements Weighted<T> {
  readonly items: readonly T[];
  readonly weights: readonly number[];
  #places: Uint16Array | undefined;

  constructor(pairs: readonly (readonly [item: T, weight: number])[]) {
    this.items = pairs.map(([item]) => item);
    this.weights = pairs.map(([, weight]) => weight);
  }

  get places(): Uint16Array {
    return (this.#places ??= placesOf(this.weights));
  }
}

/** One place each, the rest by the largest remainders: whole numbers, so the same on every machine. */
function placesOf(weights: readonly number[]): Uint16Array {
  if (weights.length > PLACES) throw new Error(`${weights.length} items are more than ${PLACES} places`);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const free = PLACES - weights.length;
  const exact = weights.map((weight) => (weight / total) * free);
  const counts = exact.map((share) => 1 + Math.floor(share));
  const byRemainder = exact
    .map((share, index) => ({ index, remainder: share - Math.floor(share) }))
    .sort((a, b) => b.remainder - a.remainder || a.index - b.index);
  let left = PLACES - counts.reduce((sum, count) => sum + count, 0);
  for (const { index } of byRemainder) {
    if (left-- <= 0) break;
    counts[index] = (counts[index] ?? 0) + 1;
  }
  const places = new Uint16Array(PLACES);
  let next = 0;
  counts.forEach((count, index) => {
    places.fill(index, next, next + count);
    next += count;
  });
  return places;
}
