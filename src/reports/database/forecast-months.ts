import { addMonths, monthOf } from '../../partitioning/month.js';
import { fitRobustLine } from './robust-line.js';

/** A month of all partitioned tables together, wherever its partitions are. */
export interface MonthTotal {
  /** By the instant it begins. */
  readonly month: Date;
  /** Null: not known. */
  readonly rows: number | null;
  /** With TOAST, without indexes: the same bytes live and archived. */
  readonly tableBytes: number;
  readonly totalBytes: number;
  /** The part that is live. */
  readonly liveTableBytes: number;
  readonly liveTotalBytes: number;
}

export interface ForecastInput {
  readonly months: readonly MonthTotal[];
  /** With everything that is in no month. */
  readonly databaseBytes: number;
  /** The server's own tables in it, which do not grow with the data. */
  readonly catalogBytes: number;
  readonly now: Date;
  /** Whole months that the line is fitted to, the last ones. */
  readonly lastMonths: number;
  readonly aheadMonths: number;
}

export interface ForecastMonth {
  readonly month: Date;
  readonly state: 'past' | 'current' | 'forecast';
  readonly rows: number | null;
  /** Null: of a month to come. */
  readonly bytes: number | null;
  /** What the line says of it; null where there is no line. */
  readonly fittedBytes: number | null;
  /** Of the current month as it is, of those to come at their end; null for the past. */
  readonly databaseBytes: number | null;
}

/** Fewer points make no line that one of them could not turn round. */
export const LEAST_MONTHS = 3;

/** The last months and those to come, in their order. Pure. */
export function forecastMonths(input: ForecastInput): readonly ForecastMonth[] {
  const { months, databaseBytes, catalogBytes, now, lastMonths, aheadMonths } = input;
  const current = monthOf(now);
  const holding = months.filter(({ tableBytes, month }) => tableBytes > 0 && month <= current);
  const first = holding.reduce((earliest, { month }) => (month < earliest ? month : earliest), current);
  const whole = months
    .filter(({ month }) => month >= first && month < current)
    .toSorted((one, other) => one.month.getTime() - other.month.getTime())
    .slice(-lastMonths);
  const withIndexes = indexOverhead(whole);
  const line =
    whole.length < LEAST_MONTHS
      ? undefined
      : fitRobustLine(
          whole.map(({ month, tableBytes }) => [monthsBetween(first, month), tableBytes * withIndexes]),
        );
  const fitted = (month: Date): number | null =>
    line === undefined ? null : Math.max(0, Math.round(line.at(monthsBetween(first, month))));

  const soFar = months.find(({ month }) => month.getTime() === current.getTime());
  const rows: ForecastMonth[] = [
    ...whole.map((total) => ({ ...past(total), fittedBytes: fitted(total.month), databaseBytes: null })),
    {
      month: current,
      state: 'current',
      rows: soFar === undefined ? 0 : soFar.rows,
      bytes: soFar?.totalBytes ?? 0,
      fittedBytes: fitted(current),
      databaseBytes,
    },
  ];
  if (line === undefined) return rows;

  const elapsed = (now.getTime() - current.getTime()) / (addMonths(current, 1).getTime() - current.getTime());
  const inMonths = months.reduce((sum, { totalBytes }) => sum + totalBytes, 0);
  const rest = Math.max(0, databaseBytes - catalogBytes - inMonths);
  const restPerMonth = rest / (monthsBetween(first, current) + elapsed);
  let size =
    databaseBytes +
    Math.max(0, (fitted(current) ?? 0) - (soFar?.tableBytes ?? 0) * withIndexes) +
    restPerMonth * (1 - elapsed);
  for (let ahead = 1; ahead <= aheadMonths; ahead++) {
    const month = addMonths(current, ahead);
    const added = fitted(month);
    size += (added ?? 0) + restPerMonth;
    rows.push({
      month,
      state: 'forecast',
      rows: null,
      bytes: null,
      fittedBytes: added,
      databaseBytes: Math.round(size),
    });
  }
  return rows;
}

function past({ month, rows, totalBytes }: MonthTotal): Pick<ForecastMonth, 'month' | 'rows' | 'bytes'> & {
  readonly state: 'past';
} {
  return { month, state: 'past', rows, bytes: totalBytes };
}

/** What a byte of a table takes with its indexes: as live months have them, as new ones are live. */
function indexOverhead(months: readonly MonthTotal[]): number {
  const sum = (valueOf: (month: MonthTotal) => number): number =>
    months.reduce((total, month) => total + valueOf(month), 0);
  const liveTable = sum(({ liveTableBytes }) => liveTableBytes);
  if (liveTable > 0) return sum(({ liveTotalBytes }) => liveTotalBytes) / liveTable;
  const table = sum(({ tableBytes }) => tableBytes);
  return table > 0 ? sum(({ totalBytes }) => totalBytes) / table : 1;
}

function monthsBetween(from: Date, to: Date): number {
  return (to.getUTCFullYear() - from.getUTCFullYear()) * 12 + to.getUTCMonth() - from.getUTCMonth();
}
