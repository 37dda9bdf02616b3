import { describe, expect, test } from 'vitest';
import { applyIgnores } from '../../src/doctor/apply-ignores.js';
import type { CheckFinding } from '../../src/doctor/finding.js';
import { mapJson } from '../../src/doctor/map-json.js';
import { parseRules, type IgnoreRule } from '../../src/doctor/rules.js';
import { resolveThresholds } from '../../src/doctor/thresholds.js';
import type { UsageError } from '../../src/errors.js';

const checks = ['locks', 'index-unused'];

function refusal(text: string): UsageError {
  try {
    parseRules(text, 'rules.json', checks);
  } catch (error) {
    return error as UsageError;
  }
  throw new Error('it was taken');
}

const ignore: IgnoreRule = {
  check: 'index-unused',
  object: 'public.idx_x',
  reason: 'the yearly report uses it',
  until: '2026-12-31',
};

describe('a rules file', () => {
  test('may have ignores, thresholds, both or none', () => {
    const text = JSON.stringify({ ignore: [ignore], thresholds: { sequenceWarnRatio: 0.5 } });
    expect(parseRules(text, 'rules.json', checks)).toEqual({
      ignore: [ignore],
      thresholds: { sequenceWarnRatio: 0.5 },
    });
    expect(parseRules('{}', 'rules.json', checks)).toEqual({ ignore: [], thresholds: {} });
  });

  test.each([
    ['{"ignore": [\n  {"check": "locks",}\n]}', 'rules.json:2:21'],
    ['{"ignore": [\n  {"check": "locks"\n   "object": "x"}\n]}', 'rules.json:3:4'],
    ['{\n"thresholds": {"lockWaitWarnMs": 05}\n}', 'rules.json:2:34'],
    ['{\n"ignore": [], // for now\n}', 'rules.json:2:15'],
    ['{\n"ignore: []\n}\n', 'rules.json:2:1'],
    ['{"ignore": [', 'rules.json:1:13'],
    ['{}\n{}', 'rules.json:2:1'],
    ['', 'rules.json:1:1'],
  ])('that is not JSON is refused with the line: %j', (text, place) => {
    expect(refusal(text)).toMatchObject({ code: 'CONFIG_INVALID' });
    expect(refusal(text).detail).toContain(place);
  });

  test.each([
    ['reason', { ...ignore, reason: undefined }, 'the ignore has no reason'],
    ['reason', { ...ignore, reason: ' ' }, 'the ignore has no reason'],
    ['until', { ...ignore, until: undefined }, 'the ignore has no until'],
    ['until', { ...ignore, until: '2026-02-30' }, '«2026-02-30» is not a day'],
    ['until', { ...ignore, until: 'never' }, '«never» is not a day'],
    ['object', { ...ignore, object: undefined }, 'the ignore has no object'],
    [
      'check',
      { ...ignore, check: 'index-unsued' },
      'there is no check «index-unsued»; there are locks, index-unused',
    ],
    ['others', { ...ignore, severity: 'warn' }, 'an ignore has no «severity»'],
    ['shape', 'index-unused', 'an ignore is an object'],
  ])('with a wrong ignore (%s) is refused with the line', (_, entry, message) => {
    const detail = refusal(
      `{\n  "ignore": [\n    ${JSON.stringify(ignore)},\n    ${JSON.stringify(entry)}\n  ]\n}`,
    ).detail;
    expect(detail).toMatch(/^rules\.json:4:\d+: /);
    expect(detail).toContain(message);
  });

  test('tells every problem at once', () => {
    const { message, detail } = refusal(
      '{"ignores": [], "ignore": {},\n"thresholds": {"sequenceWarnRatio": 7,\n"slow": 1, "lockWaitWarnMs": "5s"}}',
    );
    expect(message).toBe('the rules file rules.json has 5 problems');
    expect(detail?.split('\n').map((line) => line.replace(/;.*/, ''))).toEqual([
      'rules.json:1:13: «ignores» is neither «ignore» nor «thresholds»',
      'rules.json:1:27: «ignore» is not a list',
      'rules.json:2:37: sequenceWarnRatio: a ratio is between 0 and 1',
      'rules.json:3:9: slow: there is no such threshold',
      'rules.json:3:30: lockWaitWarnMs: it is not a number of 0 or more',
    ]);
  });

  test.each(['[]', '1', 'null', '"x"'])('that is no object is refused: %s', (text) => {
    expect(refusal(text).detail).toContain('it is not an object');
  });
});

test('thresholds given to the library are checked too', () => {
  expect(() => resolveThresholds({ sequenceWarnRatio: Number.NaN })).toThrow('sequenceWarnRatio');
  expect(() => resolveThresholds({ toString: 1 } as never)).toThrow('no such threshold');
});

test('positions are found whatever the text is made of', () => {
  const text = '{ "a" : [ {"b\\"]": "}, {"},\n {} ], "다": [1, true] }';
  const positions = mapJson(text).values;
  expect(
    Object.fromEntries([...positions].map(([path, { line, column }]) => [path, `${line}:${column}`])),
  ).toEqual({
    '': '1:1',
    a: '1:9',
    'a.0': '1:11',
    'a.0.b"]': '1:20',
    'a.1': '2:2',
    다: '2:13',
    '다.0': '2:14',
    '다.1': '2:17',
  });
});

describe('ignores', () => {
  const finding = (object: string, check = 'index-unused'): CheckFinding => ({
    check,
    object,
    severity: 'warn',
    what: 'no scan',
    why: '',
    fix: '',
  });
  const apply = (rules: readonly IgnoreRule[], now: string): ReturnType<typeof applyIgnores> =>
    applyIgnores(
      [finding('public.idx_x'), finding('public.idx_y'), finding('public.idx_x', 'locks')],
      rules,
      new Date(now),
    );

  test('take out what they name, of their check only, up to the end of their day', () => {
    const { findings, ignored } = apply([ignore], '2026-12-31T23:59:59Z');
    expect(findings.map(({ check, object }) => `${check} ${object}`)).toEqual([
      'index-unused public.idx_y',
      'locks public.idx_x',
    ]);
    expect(ignored).toMatchObject([{ object: 'public.idx_x', ignored: ignore }]);
  });

  test('that are over take nothing out, and are findings', () => {
    const { findings, ignored } = apply([ignore], '2027-01-01T00:00:00Z');
    expect(ignored).toEqual([]);
    expect(findings).toHaveLength(4);
    expect(findings[3]).toMatchObject({
      check: 'ignore',
      severity: 'warn',
      object: 'index-unused public.idx_x',
    });
    expect(findings[3]?.what).toContain('1 finding is back');
    expect(findings[3]?.why).toContain('the yearly report uses it');
  });

  test('stand for many with a star, and for a dot only with a dot', () => {
    expect(apply([{ ...ignore, object: 'public.idx_*' }], '2026-12-01').ignored).toHaveLength(2);
    expect(apply([{ ...ignore, object: 'public_idx_x' }], '2026-12-01').ignored).toHaveLength(0);
    expect(apply([{ ...ignore, object: 'idx_x' }], '2026-12-01').ignored).toHaveLength(0);
  });
});
