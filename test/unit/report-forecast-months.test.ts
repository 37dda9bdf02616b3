import { expect, test } from 'vitest';
import { forecastMonths, type MonthTotal } from '../../src/reports/database/forecast-months.js';
import { fitRobustLine } from '../../src/reports/database/robust-line.js';

const month = (number: number): Date => new Date(Date.UTC(2025, number - 1, 1));

/** Live, its indexes as large as half of the table. */
function live(number: number, tableBytes: number, rows: number | null = tableBytes): MonthTotal {
  const totalBytes = tableBytes * 1.5;
  return {
    ...{ month: month(number), rows, tableBytes, totalBytes },
    ...{ liveTableBytes: tableBytes, liveTotalBytes: totalBytes },
  };
}

/** The same rows, in indexes that are packed. */
function archived(number: number, tableBytes: number): MonthTotal {
  const totalBytes = tableBytes * 1.25;
  return { ...live(number, tableBytes), totalBytes, liveTableBytes: 0, liveTotalBytes: 0 };
}

test('months grow as they have grown, and what is in no month as it has on average', () => {
  const rows = forecastMonths({
    months: [
      archived(1, 1000),
      live(2, 1100),
      live(3, 1200),
      live(4, 1300),
      // The current month, half over, and one that was made ahead.
      live(5, 700),
      live(6, 0),
    ],
    databaseBytes: 10_000,
    catalogBytes: 50,
    now: new Date(Date.UTC(2025, 4, 16, 12)),
    lastMonths: 12,
    aheadMonths: 2,
  });
  // In months 1,250 + 1.5 × 4,300 = 7,700; the rest but the catalog, 2,250, came in 4.5 months: 500 a month.
  // Of May 2,100 are expected, 1,050 are there: 1,050 and half of 500 come until its end: 11,300.
  expect(rows).toEqual([
    { month: month(1), state: 'past', rows: 1000, bytes: 1250, fittedBytes: 1500, databaseBytes: null },
    { month: month(2), state: 'past', rows: 1100, bytes: 1650, fittedBytes: 1650, databaseBytes: null },
    { month: month(3), state: 'past', rows: 1200, bytes: 1800, fittedBytes: 1800, databaseBytes: null },
    { month: month(4), state: 'past', rows: 1300, bytes: 1950, fittedBytes: 1950, databaseBytes: null },
    { month: month(5), state: 'current', rows: 700, bytes: 1050, fittedBytes: 2100, databaseBytes: 10_000 },
    // 11,300 + 2,250 + 500, and 2,400 + 500 more.
    { month: month(6), state: 'forecast', rows: null, bytes: null, fittedBytes: 2250, databaseBytes: 14_050 },
    { month: month(7), state: 'forecast', rows: null, bytes: null, fittedBytes: 2400, databaseBytes: 16_950 },
  ]);
});

test('a month of a campaign does not move the line', () => {
  const points = Array.from({ length: 9 }, (_, x) => [x, 100 + 10 * x] as const);
  const line = fitRobustLine(points.map(([x, y]) => [x, x === 4 ? 50_000 : y]));
  expect(line?.slope).toBeCloseTo(10);
  expect(line?.at(20)).toBeCloseTo(300);
  expect(fitRobustLine([[1, 1]])).toBeUndefined();
  expect(fitRobustLine([])).toBeUndefined();
});

test('months before the first that holds anything were no months of growth; fewer than three make no line', () => {
  const input = { databaseBytes: 100, catalogBytes: 90, now: month(6), lastMonths: 12, aheadMonths: 3 };
  const rows = forecastMonths({ ...input, months: [live(1, 0), live(2, 0), live(4, 10), live(5, 20, null)] });
  expect(rows.map(({ state, rows: counted }) => [state, counted])).toEqual([
    ['past', 10],
    ['past', null],
    ['current', 0],
  ]);
  expect(rows.every(({ fittedBytes }) => fittedBytes === null)).toBe(true);
  expect(forecastMonths({ ...input, months: [] })).toEqual([
    { month: month(6), state: 'current', rows: 0, bytes: 0, fittedBytes: null, databaseBytes: 100 },
  ]);
});

test('months that shrink never give anything back, and only the last are looked at', () => {
  const months = [live(1, 9000), live(2, 300), live(3, 200), live(4, 100)];
  const input = { databaseBytes: 14_400, catalogBytes: 0, now: month(5), aheadMonths: 2, months };
  const rows = forecastMonths({ ...input, lastMonths: 3 });
  expect(rows.map(({ state }) => state)).toEqual(['past', 'past', 'past', 'current', 'forecast', 'forecast']);
  expect(rows.map(({ fittedBytes }) => fittedBytes)).toEqual([450, 300, 150, 0, 0, 0]);
  expect(rows.at(-1)?.databaseBytes).toBe(14_400);
});
