import { groupBy } from '../../catalog/group-by.js';
import { OperationError } from '../../errors.js';
import { findUnusedIndexes } from '../../indexes/find-unused.js';
import { readForeignKeys } from '../../indexes/foreign-keys.js';
import { readIndexes } from '../../indexes/index-catalog.js';
import { dropStatement, undoStatements } from '../../indexes/index-statements.js';
import { readUsageSnapshots, type UsageSnapshot } from '../../indexes/usage-snapshots.js';
import { bytes, count, decimal, text } from '../columns.js';
import { wholeNumber } from '../parameters.js';
import { defineReadReport } from '../report.js';

const DAY_MS = 86_400_000;

export const unusedIndexes = defineReadReport({
  name: 'unused-indexes',
  group: 'database',
  title: { en: 'Unused indexes', ko: '사용하지 않는 인덱스' },
  question: {
    en: 'Which indexes has no query used for so many days, on any server?',
    ko: '어떤 서버에서도 오랫동안 사용되지 않은 인덱스는 무엇인가요?',
  },
  definition: [
    'From the readings of «index snapshot», which cron takes every day on each server: days are counted only while somebody looked, and anew when an index was scanned or is new.',
    'A reset or a crash, after which the server counts from zero, is seen; the time before it that was not read is not counted.',
    'unused days: of the server that was observed least.',
    'Never listed: what keeps something unique, stands behind a constraint or the replica identity, or is the only index of a foreign key.',
    'Where the readings do not reach back far enough, the report refuses: an empty list would be a claim.',
    'undo: brings the index back as it is.',
  ],
  parameters: {
    days: wholeNumber(
      { en: 'unused for days', ko: '미사용 일수' },
      {
        least: 1,
        most: 3_660,
        standard: 35,
      },
    ),
  },
  columns: {
    schema: text('schema', '스키마'),
    table: text('table', '테이블'),
    index: text('index', '인덱스'),
    unusedDays: decimal('unused days', '미사용 일수'),
    sizeBytes: bytes('size', '크기'),
    scans: count('scans so far', '지금까지 스캔 수'),
    dropStatement: text('drop', '삭제 문'),
    undoStatement: text('undo', '복구 문'),
  },
  read: async ({ client }, { days }) => {
    const snapshots = await readUsageSnapshots(client);
    assertObserved(snapshots, days);
    const unused = findUnusedIndexes(await readIndexes(client), await readForeignKeys(client), snapshots, {
      minimumDays: days,
    });
    return unused.map(({ index, unusedDays, savesBytes }) => ({
      schema: index.schema,
      table: index.table.name,
      index: index.name,
      unusedDays,
      sizeBytes: savesBytes,
      scans: index.scans,
      dropStatement: dropStatement(index),
      undoStatement: undoStatements(index).join('; '),
    }));
  },
});

/** @throws OperationError REPORT_UNAVAILABLE when some server was observed for fewer days */
function assertObserved(snapshots: readonly UsageSnapshot[], days: number): void {
  const byServer = groupBy(
    snapshots,
    ({ server }) => server,
    (snapshot) => snapshot,
  );
  const least = byServer.size === 0 ? 0 : Math.min(...[...byServer.values()].map(observedDays));
  if (least >= days) return;
  throw new OperationError(
    'REPORT_UNAVAILABLE',
    `unused-indexes has observed ${least.toFixed(1)} days only`,
    {
      detail: `It was asked for ${days}.`,
      hint: 'Let cron run «studymate-db index snapshot» every day, or ask for fewer days.',
    },
  );
}

/** As findUnusedIndexes counts them: between two readings, or since the counters began anew after the first. */
function observedDays(snapshots: readonly UsageSnapshot[]): number {
  return snapshots.reduce((observed, { takenAt, countedSince }, position) => {
    const earlier = snapshots[position - 1]?.takenAt;
    if (earlier === undefined) return 0;
    const from = countedSince !== undefined && countedSince > earlier ? countedSince : earlier;
    return observed + (takenAt.getTime() - from.getTime()) / DAY_MS;
  }, 0);
}
