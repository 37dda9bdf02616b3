import type { ClientBase } from 'pg';
import { formatBytes, parseBytes } from '../../database/bytes.js';
import { UsageError } from '../../errors.js';
import { groupBy } from '../../catalog/group-by.js';
import { formatMonth } from '../../partitioning/month.js';
import { partitionPolicies } from '../../partitioning/policy.js';
import { boolean, bytes, count, day, nullable, text, type RowOf } from '../columns.js';
import { wholeNumber, type Parameter } from '../parameters.js';
import { defineReadReport } from '../report.js';
import { forecastMonths, LEAST_MONTHS, type MonthTotal } from './forecast-months.js';
import { readMonthFigures, type MonthFigures } from './month-figures.js';

const diskBytes: Parameter<number | null> = {
  label: { en: 'disk', ko: '디스크' },
  form: 'a size, as in 500GB',
  defaultText: 'not given',
  parse: (value) => {
    try {
      return parseBytes(value, 'diskBytes');
    } catch (error) {
      if (error instanceof UsageError) return undefined;
      throw error;
    }
  },
  default: () => null,
};

const columns = {
  month: day('month', '월'),
  state: text('state', '상태'),
  complete: boolean('complete', '완료'),
  rows: nullable(count('rows (estimate)', '행 수(추정)')),
  bytes: nullable(bytes('bytes', '크기')),
  fittedBytes: nullable(bytes('fitted', '추세')),
  databaseBytes: nullable(bytes('database', '데이터베이스')),
  isDoubled: nullable(boolean('doubled', '두 배')),
  isFull: nullable(boolean('full', '가득 참')),
};

export const storageForecast = defineReadReport({
  name: 'storage-forecast',
  group: 'database',
  title: { en: 'Storage, past and to come', ko: '저장 공간 예측' },
  question: {
    en: 'How fast does the database grow, and when is the disk full?',
    ko: '데이터베이스는 얼마나 빨리 커지고, 디스크는 언제 가득 차나요?',
  },
  definition: [
    'One row for each month (UTC): the last `months` whole ones, the current one, and `ahead` to come. What was copied out of the database, or detached, is not there.',
    'rows, bytes: of all tables partitioned by month, as they are now, live or archived, with indexes. rows is an estimate, empty when a part was never analyzed. The current month is not complete, and not in the fit.',
    `fitted: a line by Theil and Sen through the table bytes of the whole months from the first that holds anything, with the indexes that live months have; from ${LEAST_MONTHS} months on. One odd month does not move it.`,
    'database: as it is, in the row of the current month; in later ones at their end, by adding what is fitted (never less than nothing), and for all tables that are in no month what they have grown by on average since the first one; the server’s own do not grow.',
    'doubled: twice the present size or more. full: as much as `diskBytes` or more, which is what the database may take in all: the server does not know its disk. Nothing is said of WAL, temporary files, and what else is on the disk.',
  ],
  parameters: {
    months: wholeNumber(
      { en: 'months', ko: '지난 개월 수' },
      { least: LEAST_MONTHS, most: 120, standard: 12 },
    ),
    ahead: wholeNumber({ en: 'months ahead', ko: '예측 개월 수' }, { least: 1, most: 120, standard: 24 }),
    diskBytes,
  },
  columns,
  plots: [
    {
      type: 'line',
      title: { en: 'Bytes of a month', ko: '월별 크기' },
      x: 'month',
      y: ['bytes', 'fittedBytes'],
    },
    {
      type: 'line',
      title: { en: 'Bytes of the database', ko: '데이터베이스 크기' },
      x: 'month',
      y: ['databaseBytes'],
    },
  ],
  warnings: (rows, { diskBytes: disk }) => sentences(rows, disk),
  read: async ({ client, now }, { months, ahead, diskBytes: disk }) => {
    const figures: MonthFigures[] = [];
    for (const policy of partitionPolicies) figures.push(...(await readMonthFigures(client, policy)));
    const { databaseBytes, catalogBytes } = await readDatabaseBytes(client);
    const forecast = forecastMonths({
      ...{ databaseBytes, catalogBytes, now, lastMonths: months, aheadMonths: ahead },
      months: totalsOf(figures),
    });
    return forecast.map(({ month, ...row }) => ({
      ...row,
      month: `${formatMonth(month)}-01`,
      complete: row.state === 'past',
      isDoubled: row.databaseBytes === null ? null : row.databaseBytes >= 2 * databaseBytes,
      isFull: row.databaseBytes === null || disk === null ? null : row.databaseBytes >= disk,
    }));
  },
});

async function readDatabaseBytes(
  client: ClientBase,
): Promise<{ readonly databaseBytes: number; readonly catalogBytes: number }> {
  const { rows } = await client.query<{ databaseBytes: number; catalogBytes: number }>(
    `select pg_database_size(current_database())::float8 as "databaseBytes",
       (select sum(pg_total_relation_size(oid)) from pg_class
        where relnamespace = 'pg_catalog'::regnamespace and relkind = 'r' and not relisshared)::float8
         as "catalogBytes"`,
  );
  return rows[0] ?? { databaseBytes: 0, catalogBytes: 0 };
}

function totalsOf(figures: readonly MonthFigures[]): readonly MonthTotal[] {
  const known = figures.flatMap((figure) =>
    figure.month === undefined ? [] : [{ ...figure, month: figure.month }],
  );
  const byMonth = groupBy(
    known,
    ({ month }) => month.getTime(),
    (figure) => figure,
  );
  return [...byMonth].map(([month, parts]) => {
    const sum = (valueOf: (part: MonthFigures) => number): number =>
      parts.reduce((total, part) => total + valueOf(part), 0);
    const ifLive = (place: MonthFigures['place'], value: number): number => (place === 'live' ? value : 0);
    return {
      month: new Date(month),
      rows: parts.some(({ rows }) => rows === null) ? null : sum(({ rows }) => rows ?? 0),
      tableBytes: sum((part) => heapBytes(part)),
      totalBytes: sum(({ totalBytes }) => totalBytes),
      liveTableBytes: sum((part) => ifLive(part.place, heapBytes(part))),
      liveTotalBytes: sum(({ place, totalBytes }) => ifLive(place, totalBytes)),
    };
  });
}

/** An empty table with TOAST has a page of its index all the same. */
function heapBytes({ tableBytes, toastBytes }: MonthFigures): number {
  return tableBytes === 0 ? 0 : tableBytes + toastBytes;
}

function sentences(rows: readonly RowOf<typeof columns>[], disk: number | null): readonly string[] {
  const size = rows.find(({ state }) => state === 'current')?.databaseBytes ?? 0;
  const last = rows.at(-1);
  if (last?.state !== 'forecast')
    return [
      `There is no forecast: fewer than ${LEAST_MONTHS} whole months have passed since the first that holds anything.`,
    ];
  const by = (month: string): string => `by the end of ${month.slice(0, 7)}`;
  const doubled = rows.find(({ isDoubled }) => isDoubled === true);
  const full = rows.find(({ isFull }) => isFull === true);
  return [
    doubled === undefined
      ? `The database, ${formatBytes(size)} now, has not doubled ${by(last.month)}.`
      : `The database, ${formatBytes(size)} now, has doubled ${by(doubled.month)}.`,
    ...(disk === null
      ? []
      : [
          full === undefined
            ? `The disk of ${formatBytes(disk)} is not full ${by(last.month)}.`
            : full.state === 'current'
              ? `The disk of ${formatBytes(disk)} is full now.`
              : `The disk of ${formatBytes(disk)} is full ${by(full.month)}.`,
        ]),
  ];
}
