import { describe, expect, it } from 'vitest';
import { formatDuration, parseDurationMs } from '../../src/database/duration.js';
import { UsageError } from '../../src/errors.js';

describe('durations', () => {
  it.each([
    ['200ms', 200],
    ['60s', 60_000],
    ['5min', 300_000],
    ['1h', 3_600_000],
    ['1.5s', 1_500],
    ['250', 250],
    ['0', 0],
  ])('reads %s as PostgreSQL does', (text, milliseconds) => {
    expect(parseDurationMs(text, '--wait')).toBe(milliseconds);
  });

  it.each(['', '-1s', 'soon', '1 day', '10m', '1e3', '999999h', 'NaN', '1s; drop table users'])(
    'refuses «%s»',
    (text) => {
      expect(() => parseDurationMs(text, '--wait')).toThrow(UsageError);
    },
  );

  it.each([
    [0.44, '0.4 ms'],
    [12.4, '12 ms'],
    [3_240, '3.2 s'],
    [125_000, '2 min 5 s'],
  ])('writes %d ms as %s', (milliseconds, text) => {
    expect(formatDuration(milliseconds)).toBe(text);
  });
});
