export interface RobustLine {
  readonly slope: number;
  readonly at: (x: number) => number;
}

/**
 * The line through points by Theil and Sen: the median of the slopes between any two, and the median of what is left. Up
 * to 29 % of the points may be anything without moving it far: a campaign, a month of an outage. Pure.
 *
 * @param points at different x
 * @returns undefined for fewer than two
 */
export function fitRobustLine(points: readonly (readonly [x: number, y: number])[]): RobustLine | undefined {
  const slopes = points.flatMap(([x, y], position) =>
    points.slice(position + 1).map(([otherX, otherY]) => (otherY - y) / (otherX - x)),
  );
  const slope = median(slopes);
  if (slope === undefined) return undefined;
  const intercept = median(points.map(([x, y]) => y - slope * x)) ?? 0;
  return { slope, at: (x) => intercept + slope * x };
}

function median(values: readonly number[]): number | undefined {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle];
  const lower = sorted[sorted.length % 2 === 0 ? middle - 1 : middle];
  return upper === undefined || lower === undefined ? undefined : (lower + upper) / 2;
}
