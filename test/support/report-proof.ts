/** Windows in which a report of the report world is counted again, in two time zones. */
export interface ProofCase {
  readonly timeZone: string;
  readonly from: string;
  readonly to: string;
}

/** Of the middle, of archived and live months, of all there is, of a time before anything. */
const windows = [
  { from: '2025-09-10', to: '2025-10-08' },
  { from: '2025-06-15', to: '2025-07-20' },
  { from: '2025-03-01', to: '2026-01-02' },
  { from: '2020-01-01', to: '2020-01-15' },
] as const;

export const proofCases: readonly ProofCase[] = ['Asia/Seoul', 'America/New_York'].flatMap((timeZone) =>
  windows.map((window) => ({ timeZone, ...window })),
);

/** The day it is at an instant in the time zone, as `YYYY-MM-DD`: what the server does, done by another. */
export function localDay(timeZone: string): (instant: Date) => string {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  });
  return (instant) => format.format(instant);
}

/** Days from `from` to the one before `to`. */
export function daysOf({ from, to }: Pick<ProofCase, 'from' | 'to'>): string[] {
  const days: string[] = [];
  for (let at = Date.parse(from); at < Date.parse(to); at += 86_400_000)
    days.push(new Date(at).toISOString().slice(0, 10));
  return days;
}

/** As percentile_cont: between the two values nearest to the share, in proportion; null of nothing. */
export function quantile(values: readonly number[], share: number): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (sorted.length - 1) * share;
  const [below, above] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  return below === undefined || above === undefined ? null : below + (above - below) * (at % 1);
}

/** A share; null of nothing. */
export const shareOf = (part: number, all: number): number | null => (all === 0 ? null : part / all);

/** Rows whose numbers have six digits, as sums of fractions differ in the last ones by their order. */
export function rounded(rows: readonly object[]): object[] {
  return rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([name, value]: [string, unknown]) => [
        name,
        typeof value === 'number' ? Number(value.toFixed(6)) : value,
      ]),
    ),
  );
}
