import { readIndexes, type IndexLeaf } from '../../indexes/index-catalog.js';
import { boolean, bytes, count, instant, nullable, ratio, text } from '../columns.js';
import { defineReadReport } from '../report.js';

/** From this version on the server keeps when an index was scanned last. */
const LAST_SCAN_VERSION = 160_000;

export const indexSizes = defineReadReport({
  name: 'index-sizes',
  group: 'database',
  title: { en: 'Sizes and use of indexes', ko: '인덱스 크기와 사용' },
  question: {
    en: 'Which indexes take the space, and are they used?',
    ko: '어떤 인덱스가 공간을 차지하고, 실제로 사용되나요?',
  },
  definition: [
    'A partitioned index is one row with the indexes of all its partitions.',
    'size: of the index itself; its free space map, some 24 kB where there is one, is in table-sizes only.',
    'scans: since the server has counted, on this server only; a replica counts its own.',
    'last used: the start of the last transaction that scanned it; kept since PostgreSQL 16.',
    'unique: it keeps something unique, and does so without ever being scanned.',
    'share: of all indexes listed.',
  ],
  parameters: {},
  columns: {
    schema: text('schema', '스키마'),
    table: text('table', '테이블'),
    index: text('index', '인덱스'),
    method: text('method', '방식'),
    isUnique: boolean('unique', '고유'),
    partitions: count('partitions', '파티션'),
    sizeBytes: bytes('size', '크기'),
    share: nullable(ratio('share', '비중')),
    scans: count('scans', '스캔 수'),
    lastUsedAt: nullable(instant('last used', '마지막 사용')),
  },
  plots: [
    {
      type: 'bar',
      title: { en: 'Bytes by index', ko: '인덱스별 크기' },
      x: 'index',
      y: ['sizeBytes'],
    },
  ],
  warnings: (_rows, _values, { serverVersion }) =>
    serverVersion < LAST_SCAN_VERSION
      ? ['This server does not keep when an index was used last: PostgreSQL 16 and later do.']
      : [],
  read: async ({ client }) => {
    const indexes = await readIndexes(client);
    const total = indexes.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    return indexes
      .toSorted((one, other) => other.sizeBytes - one.sizeBytes)
      .map((index) => ({
        schema: index.schema,
        table: index.table.name,
        index: index.name,
        method: index.method,
        isUnique: index.unique,
        partitions: index.partitioned ? index.leaves.length : 0,
        sizeBytes: index.sizeBytes,
        share: total > 0 ? index.sizeBytes / total : null,
        scans: index.scans,
        lastUsedAt: lastScan(index.leaves),
      }));
  },
});

function lastScan(leaves: readonly IndexLeaf[]): Date | null {
  const times = leaves.flatMap(({ lastScanAt }) => lastScanAt?.getTime() ?? []);
  return times.length === 0 ? null : new Date(Math.max(...times));
}
