import { describe, expect, it } from 'vitest';
import { render, type Outcome } from '../../src/cli/output.js';

const outcome: Outcome = {
  data: { people: 2 },
  columns: [
    { key: 'name', label: 'name' },
    { key: 'count', label: 'count', align: 'right' },
  ],
  rows: [
    { name: '김민지', count: 7 },
    { name: 'Emma | "x", y', count: 1234 },
  ],
  summary: '2 people',
};

/** Cells a terminal gives to a text of Hangul and ASCII. */
function cells(text: string): number {
  return Array.from(text).reduce((sum, character) => sum + (/[\uac00-\ud7a3]/.test(character) ? 2 : 1), 0);
}

describe('the output of a command', () => {
  it('aligns Hangul in tables, and numbers to the right', () => {
    const [header = '', korean = '', english = ''] = render(outcome, 'table').split('\n');
    expect(new Set([header, korean, english].map(cells)).size).toBe(1);
    expect(korean).toBe('김민지             7');
  });

  it('writes the whole result as JSON and the rows as lines', () => {
    expect(JSON.parse(render(outcome, 'json'))).toEqual({ people: 2 });
    expect(render(outcome, 'ndjson')).toBe(
      '{"name":"김민지","count":7}\n{"name":"Emma | \\"x\\", y","count":1234}\n',
    );
  });

  it('quotes CSV, and disarms what a spreadsheet would run', () => {
    expect(render(outcome, 'csv')).toBe('name,count\n김민지,7\n"Emma | ""x"", y",1234\n');
    const rows = ['=1+1', '+1', '-1', '@x', '-2.5', '\tx'].map((name) => ({ name, count: 0 }));
    const names = render({ ...outcome, rows }, 'csv')
      .split('\n')
      .slice(1, -1);
    expect(names).toEqual(["'=1+1,0", "'+1,0", '-1,0', "'@x,0", '-2.5,0', "'\tx,0"]);
  });

  it('escapes what would break a Markdown table', () => {
    expect(render(outcome, 'markdown')).toBe(
      '| name | count |\n| --- | ---: |\n| 김민지 | 7 |\n| Emma \\| "x", y | 1234 |\n',
    );
  });

  it('writes times in UTC to the second, and nothing for null', () => {
    const rows = [{ name: new Date('2026-01-02T03:04:05.678Z'), count: null }];
    expect(render({ ...outcome, rows }, 'csv')).toBe('name,count\n2026-01-02T03:04:05Z,\n');
  });
});
