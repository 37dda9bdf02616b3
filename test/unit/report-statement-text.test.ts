import { expect, test } from 'vitest';
import { STATEMENT_LENGTH, statementText } from '../../src/reports/database/statement-text.js';

test.each([
  [
    `select * from users where email = 'kim@example.com' and id = 42`,
    'select * from users where email = ? and id = ?',
  ],
  [`select 'it''s', 1.5e-3, .5, 0xff, 1_000 from t1 where a2=$1`, 'select ?, ?, ?, ?, ? from t1 where a2=$1'],
  [`select e'it\\'s mine', E'\\\\', b'01', N'민지'`, 'select ?, ?, ?, ?'],
  [`select u&'\\0061' "col 7", u&"d\\0061t"`, 'select ? "col 7", u&"d\\0061t"'],
  ['do $$ begin secret; end $$', 'do ?'],
  ['select $본문$ 안녕 $$ 하세요 $본문$, $1', 'select ?, $1'],
  ['select 1 -- of kim@example.com\n from t', 'select ? from t'],
  ['select /* a /* nested */ secret */ x', 'select x'],
  [`select '대화 내용`, 'select ?'],
  [`select e'cut off\\`, 'select ?'],
  ['select $tag$ cut off', 'select ?'],
  ['select x /* cut off', 'select x'],
  // With standard_conforming_strings off this is one literal up to the end.
  [`select 'it\\'s secret', 'more'`, 'select ?'],
  [`select 'a\\b' || name from "회원 2"`, 'select ? || name from "회원 2"'],
  [`alter role app password 'hunter2'`, 'alter role app password ?'],
  ['select a-1, b[2], 표3.열4', 'select a-?, b[?], 표3.열4'],
  ["select interval '1 day', date'2025-01-01', type'x'", 'select interval ?, date?, type?'],
  ["select 'a'\n  'b'", 'select ? ?'],
])('%s', (statement, shown) => {
  expect(statementText(statement)).toBe(shown);
});

test('is cut by characters, never inside one', () => {
  const text = statementText(`select ${'🙂'.repeat(300)}`);
  expect(Array.from(text)).toHaveLength(STATEMENT_LENGTH);
  expect(text.endsWith('🙂…')).toBe(true);
});

test('takes no longer for a hostile text than for another', () => {
  expect(statementText(`select ${"'\\\\".repeat(20_000)}`)).toBe('select ?');
  expect(statementText('/*'.repeat(50_000))).toBe('');
});
