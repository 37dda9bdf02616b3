import { formatMonth, monthOf } from '../../partitioning/month.js';
import { partitionPolicies } from '../../partitioning/policy.js';
import { bytes, count, instant, nullable, text } from '../columns.js';
import { defineReadReport } from '../report.js';
import { readMonthFigures, type MonthFigures } from './month-figures.js';

export const partitions = defineReadReport({
  name: 'partitions',
  group: 'database',
  title: { en: 'Months of partitioned tables', ko: '월별 파티션' },
  question: {
    en: 'What does each month hold, and where is it?',
    ko: '각 월의 데이터는 얼마나 되고 어디에 있나요?',
  },
  definition: [
    'One row for each partition of the tables that are partitioned by month, and of their archives, with its bounds as the catalog has them: from inclusive, until exclusive. Months are those of UTC.',
    'state: past, current, premade (it has not begun), default (rows of no month, which maintenance moves), other (bounds that are no month), detach pending (its rows are visible in no table).',
    'rows: an estimate, the density at the last VACUUM or ANALYZE times the present size; empty when it was never analyzed and holds something.',
    'A month that was detached, or copied out of the database, is not shown.',
  ],
  parameters: {},
  columns: {
    table: text('table', '테이블'),
    month: nullable(text('month', '월')),
    place: text('place', '위치'),
    state: text('state', '상태'),
    partition: text('partition', '파티션'),
    from: nullable(instant('from', '시작')),
    until: nullable(instant('until', '끝 (제외)')),
    rows: nullable(count('rows (estimate)', '행 수(추정)')),
    tableBytes: bytes('table', '테이블'),
    indexBytes: bytes('indexes', '인덱스'),
    toastBytes: bytes('TOAST', 'TOAST'),
    totalBytes: bytes('total', '합계'),
  },
  plots: [
    {
      type: 'bar',
      title: { en: 'Bytes by partition', ko: '파티션별 크기' },
      x: 'partition',
      y: ['tableBytes', 'indexBytes', 'toastBytes'],
      stacked: true,
    },
  ],
  read: async ({ client, now }) => {
    const months: MonthFigures[] = [];
    for (const policy of partitionPolicies) months.push(...(await readMonthFigures(client, policy)));
    return months.map((figures) => ({
      table: figures.table,
      month: figures.month === undefined ? null : formatMonth(figures.month),
      place: figures.place,
      state: stateOf(figures, now),
      partition: figures.partition,
      from: figures.lowerBound ?? null,
      until: figures.upperBound ?? null,
      rows: figures.rows,
      tableBytes: figures.tableBytes,
      indexBytes: figures.indexBytes,
      toastBytes: figures.toastBytes,
      totalBytes: figures.totalBytes,
    }));
  },
});

function stateOf({ detachPending, isDefault, month }: MonthFigures, now: Date): string {
  if (detachPending) return 'detach pending';
  if (isDefault) return 'default';
  if (month === undefined) return 'other';
  const current = monthOf(now);
  return month > current ? 'premade' : month < current ? 'past' : 'current';
}
