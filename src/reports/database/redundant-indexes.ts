import { findRedundantIndexes } from '../../indexes/find-redundant.js';
import { readIndexes } from '../../indexes/index-catalog.js';
import { dropStatement, undoStatements } from '../../indexes/index-statements.js';
import { bytes, count, decimal, nullable, text } from '../columns.js';
import { defineReadReport } from '../report.js';

export const redundantIndexes = defineReadReport({
  name: 'redundant-indexes',
  group: 'database',
  title: { en: 'Redundant indexes', ko: '중복 인덱스' },
  question: {
    en: 'Which indexes do nothing that another does not do as well?',
    ko: '다른 인덱스가 이미 하고 있는 일만 하는 인덱스는 무엇인가요?',
  },
  definition: [
    'Redundant means for every query and every constraint: same table, method and predicate, and keys that are the same, the same read backwards, or the beginning of the other’s.',
    'Never listed: what stands behind a constraint, a foreign key or the replica identity. An index that is not valid replaces none.',
    'A partitioned index is one row with the indexes of all its partitions.',
    'times as large: size of the other / size of this one; scans of the larger may read more.',
    'undo: brings the index back as it is.',
  ],
  parameters: {},
  columns: {
    schema: text('schema', '스키마'),
    table: text('table', '테이블'),
    index: text('index', '인덱스'),
    replacedBy: text('replaced by', '대체 인덱스'),
    kind: text('kind', '종류'),
    reason: text('reason', '이유'),
    sizeBytes: bytes('size', '크기'),
    sizeRatio: nullable(decimal('times as large', '대체 인덱스 크기(배)')),
    scans: count('scans', '스캔 수'),
    dropStatement: text('drop', '삭제 문'),
    undoStatement: text('undo', '복구 문'),
  },
  read: async ({ client }) =>
    findRedundantIndexes(await readIndexes(client)).map(
      ({ index, by, kind, reason, savesBytes, sizeRatio }) => ({
        schema: index.schema,
        table: index.table.name,
        index: index.name,
        replacedBy: by.name,
        kind,
        reason,
        sizeBytes: savesBytes,
        sizeRatio: sizeRatio ?? null,
        scans: index.scans,
        dropStatement: dropStatement(index),
        undoStatement: undoStatements(index).join('; '),
      }),
    ),
});
