/**
 * Which of many values are drawn: of each of `buckets` neighbourhoods the first, the least, the greatest, the last and
 * a gap. A line through them covers the same pixels as a line through all.
 *
 * @returns indexes, ascending; all of them when there are few
 */
export function thin(values: readonly (number | null)[], buckets: number): readonly number[] {
  if (values.length <= buckets * 4) return [...values.keys()];
  const kept = new Set<number>();
  for (let bucket = 0; bucket < buckets; bucket++) {
    const from = Math.floor((bucket * values.length) / buckets);
    const until = Math.floor(((bucket + 1) * values.length) / buckets);
    let least = from;
    let greatest = from;
    for (let index = from; index < until; index++) {
      const value = values[index] ?? null;
      if (value === null) kept.add(index);
      else {
        if (value < (values[least] ?? Infinity)) least = index;
        if (value > (values[greatest] ?? -Infinity)) greatest = index;
      }
    }
    for (const index of [from, least, greatest, until - 1]) kept.add(index);
  }
  return [...kept].sort((one, other) => one - other);
}
