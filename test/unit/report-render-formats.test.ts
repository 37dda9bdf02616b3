import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvCell } from '../../src/reports/render/csv.js';
import { renderCsvMetadata } from '../../src/reports/render/csv-metadata.js';
import { tableOf } from '../../src/reports/render/pivot-rows.js';
import { renderReport } from '../../src/reports/render/render-report.js';
import {
  byLanguage,
  cohortRows,
  cohorts,
  daily,
  dailyRows,
  kindRows,
  kinds,
  languageRows,
  resultOf,
} from '../support/report-samples.js';

const tables = resultOf(kinds, kindRows, { parameters: {} });

/** RFC 4180, with line feeds. */
function parseCsv(text: string): readonly (readonly string[])[] {
  const lines: string[][] = [[]];
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/y;
  while (cell.lastIndex < text.length) {
    const match = cell.exec(text);
    if (match === null) throw new SyntaxError(`no CSV: ${text}`);
    lines.at(-1)?.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '');
    if (match[3]?.endsWith('\n') === true) lines.push([]);
  }
  return lines.slice(0, -1);
}

describe('the machine formats', () => {
  it('tell the whole result as JSON', () => {
    expect(JSON.parse(renderReport(tables, kinds, 'json'))).toEqual(JSON.parse(JSON.stringify(tables)));
    expect(JSON.parse(renderReport(tables, kinds, 'json'))).toMatchObject({
      schemaVersion: 1,
      report: 'kinds',
      generatedAt: '2026-01-29T00:05:00.123Z',
      rows: [{ age: 11_520, share: 0.4217 }, { size: null }],
    });
  });

  it('tell the envelope and then a row a line as NDJSON, also of a column named type', () => {
    const [head, ...rows] = renderReport(tables, kinds, 'ndjson').trimEnd().split('\n');
    expect(JSON.parse(head ?? '')).toMatchObject({ type: 'report', report: 'kinds', warnings: [] });
    expect(JSON.parse(head ?? '')).not.toHaveProperty('rows');
    expect(rows.map((row) => JSON.parse(row) as unknown)).toMatchObject([
      { type: 'row', row: { type: 'table', name: 'chat_messages | 채팅 메시지' } },
      { type: 'row', row: { type: '=SUM(A1)' } },
    ]);
  });

  it('tell names and raw values as CSV, and disarm what a spreadsheet would run', () => {
    expect(renderReport(tables, kinds, 'csv')).toBe(
      `type,name,used,rows,score,share,age,size,since,seen
table,chat_messages | 채팅 메시지,true,3120455,0.8712,0.4217,11520,1503238553,2025-04-01,2026-01-28T15:00:00.000Z
'=SUM(A1),,,,,,,,,
`,
    );
    expect(['+1+1', '-1', '-1.5e-7', '@x', '\t=1', '＝1', 'x=1'].map(csvCell)).toEqual([
      "'+1+1",
      '-1',
      '-1.5e-7',
      "'@x",
      "'\t=1",
      "'＝1",
      'x=1',
    ]);
  });

  it('keep numbers numbers, whatever their sign and size', () => {
    const rows = [{ ...languageRows(1)[0], share: -1.5e-9, rating: 1e21, beginner: -3 }];
    expect(renderReport(resultOf(byLanguage, rows), byLanguage, 'csv')).toContain(
      ',-3,900,300,1e+21,-1.5e-9\n',
    );
  });

  it('tell an empty text from none', () => {
    const rows = [{ ...kindRows[1], type: '', name: '' }, kindRows[1] ?? {}];
    const [, empty, none] = renderReport(resultOf(kinds, rows), kinds, 'csv').split('\n');
    expect([empty, none]).toEqual(['"","",,,,,,,,', "'=SUM(A1),,,,,,,,,"]);
  });

  it('begin with a byte order mark only when asked to', () => {
    expect(renderReport(tables, kinds, 'csv', { byteOrderMark: true })).toBe(
      `\ufeff${renderReport(tables, kinds, 'csv')}`,
    );
  });

  it('bring every text through CSV', () => {
    const text = fc.oneof(fc.string({ unit: 'grapheme' }), fc.stringMatching(/^[=+\-@"',\r\n;\t가-힣]*$/));
    fc.assert(
      fc.property(fc.array(fc.record({ type: text, name: fc.option(text) }), { maxLength: 8 }), (texts) => {
        const rows = texts.map((cells) => ({ ...kindRows[1], ...cells }));
        const [, ...lines] = parseCsv(renderReport(resultOf(kinds, rows), kinds, 'csv'));
        const plain = (cell: string | null) => (cell ?? '').replace(/^'(?=[=+\-@\t\r\n＝＋－＠])/, '');
        expect(lines.map(([type = '', name = '']) => [plain(type), plain(name)])).toEqual(
          texts.map(({ type, name }) => [plain(type), plain(name)]),
        );
        for (const [type = ''] of lines)
          expect(/^[=+\-@\t\r\n]/.test(type) && Number.isNaN(Number(type))).toBe(false);
      }),
    );
  });

  it('tell beside a CSV file what it has no place for, as W3C metadata', () => {
    const metadata = JSON.parse(renderCsvMetadata(tables, kinds, '표 1.csv')) as {
      readonly tableSchema: { readonly columns: readonly object[] };
    };
    expect(metadata).toMatchObject({
      '@context': 'http://www.w3.org/ns/csvw',
      url: encodeURIComponent('표 1.csv'),
      notes: [{ report: 'kinds', rowCount: 2, definition: kinds.definition, server: { version: '17.10' } }],
    });
    expect(metadata.tableSchema.columns[3]).toEqual({
      name: 'rows',
      titles: { und: 'rows', en: 'rows', ko: '행' },
      datatype: 'integer',
      required: false,
      'dc:type': 'count',
    });
  });
});

describe('the Markdown of a report', () => {
  it('has the table with numbers to the right, and all that explains it', () => {
    const result = resultOf(daily, dailyRows(1), { warnings: ['The last day is not over.'] });
    expect(renderReport(result, daily, 'markdown')).toBe(`# Learning sessions

Do the sessions that people plan take place?

> **To know before you read**: The last day is not over.

| day | planned | completed | completion | median length |
| --- | ---: | ---: | ---: | ---: |
| 2026-01-01 | 1,200 | 984 | 82.0% | 30 min |

## How it is counted

- A session belongs to the day it was planned for.
- completion: completed / planned.

## Parameters

- from: 2026-01-01
- until: 2026-01-29
- time zone: Asia/Seoul

Generated: 2026-01-29 00:05 UTC · Server: studymate, PostgreSQL 17.10, primary · Took: 42 ms
`);
  });

  it('shows hostile text as text', () => {
    const rows = [{ ...kindRows[1], type: 'a|b <script> [x](y) `c` *d*\n_e_ idx_users_email', name: '\\|' }];
    expect(renderReport(resultOf(kinds, rows), kinds, 'markdown')).toContain(
      '| a\\|b &lt;script> \\[x\\](y) \\`c\\` \\*d\\*<br>\\_e\\_ idx_users_email | \\\\\\| |',
    );
  });

  it('keeps names of parameters as code', () => {
    const result = resultOf(daily, [], { definition: ['until `to` (*excluded*)'] });
    expect(renderReport(result, daily, 'markdown')).toContain('- until `to` (\\*excluded\\*)\n');
    expect(renderReport(result, daily, 'html')).toContain('<li>until <code>to</code> (*excluded*)</li>');
  });

  it('says so when there is nothing', () => {
    expect(renderReport(resultOf(daily, []), daily, 'markdown', { language: 'ko' })).toContain(
      '# 학습 세션\n\n예약한 세션이 예정대로 진행되고 있나요?\n\n*표시할 데이터가 없습니다*\n',
    );
  });
});

describe('a pivot', () => {
  it('makes a grid, marks what is not over, and says what its columns are', () => {
    const { columns, rows, note, grid } = tableOf(resultOf(cohorts, cohortRows(3)), cohorts, 'en');
    expect(columns.map(({ label, align }) => `${label} ${align}`)).toEqual([
      'week of sign-up left',
      'sign-ups right',
      'week 0 right',
      '1 right',
      '2 right',
    ]);
    expect(rows.map((row) => columns.map(({ key }) => row[key] ?? '-'))).toEqual([
      ['2025-11-03', '1,400', '100.0%', '43.8%', '35.8%*'],
      ['2025-11-10', '1,339', '100.0%', '44.7%*', '-'],
      ['2025-11-17', '1,278', '100.0%*', '-', '-'],
    ]);
    expect(note).toBe('* Its time is not over yet: the number may still change.');
    expect(grid).toEqual({ label: 'week', heads: ['0', '1', '2'] });
  });

  it('orders columns by number, not by their first row, and needs no rows', () => {
    const rows = cohortRows(12, 12).toReversed();
    const { grid } = tableOf(resultOf(cohorts, rows), cohorts, 'en');
    expect(grid?.heads).toEqual(Array.from({ length: 12 }, (_, week) => String(week)));
    expect(tableOf(resultOf(cohorts, []), cohorts, 'en')).toMatchObject({ rows: [], note: null });
  });

  it('refuses two values for one cell', () => {
    const rows = cohortRows(2);
    expect(() => tableOf(resultOf(cohorts, [...rows, ...rows]), cohorts, 'en')).toThrow(TypeError);
  });
});
