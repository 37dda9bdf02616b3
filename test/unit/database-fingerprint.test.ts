import { describe, expect, it } from 'vitest';
import { fingerprint, normalizeSql } from '../../src/database/query-event.js';

describe('a fingerprint', () => {
  it.each([
    [
      'lists of another length',
      'select 1 from t where id in ($1)',
      'select 1 from t where id in ($1, $2, $3)',
    ],
    [
      'more rows',
      'insert into t (a, b) values ($1, $2)',
      'insert into t (a, b) values ($1, $2), ($3, $4), ($5, $6)',
    ],
    [
      'other literals',
      `select * from t where a = 'it''s' and b = 1`,
      `select * from t where a = '' and b = 23.5`,
    ],
    ['other white space', 'select\n  1', 'select 1'],
  ])('is the same for %s', (_, one, other) => {
    expect(fingerprint(one)).toBe(fingerprint(other));
  });

  it.each([
    ['tables', 'select * from t1', 'select * from t2'],
    ['quoted names', 'select "a1" from t', 'select "a2" from t'],
    ['names with quotes in them', `select "it's", "a" from t`, `select "it's", "b" from t`],
    ['conditions', 'select * from t where a = $1', 'select * from t where b = $1'],
  ])('is another for other %s', (_, one, other) => {
    expect(fingerprint(one)).not.toBe(fingerprint(other));
  });

  it('is made of a text without values', () => {
    expect(normalizeSql(`select "t1".* from "t1" where name = 'Kim' and id in ($1, $2) limit 10`)).toBe(
      'select "t1".* from "t1" where name = ? and id in (?) limit ?',
    );
  });
});
