export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Values on top of each other; those below zero hang below it. Null takes no room. */
export function stack(values: readonly (number | null)[]): readonly (Span | null)[] {
  let above = 0;
  let below = 0;
  return values.map((value) => {
    if (value === null) return null;
    const from = value < 0 ? below : above;
    const to = from + value;
    if (value < 0) below = to;
    else above = to;
    return { from, to };
  });
}
