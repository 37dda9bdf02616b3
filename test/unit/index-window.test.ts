import { describe, expect, test } from 'vitest';
import { nextOpening, openWindow, parseMaintenanceWindows } from '../../src/indexes/maintenance-window.js';
import { isLeftoverOf, leafName, leftoverKind } from '../../src/indexes/concurrent-names.js';

const isOpen = (text: string, at: string): boolean =>
  openWindow(parseMaintenanceWindows(text), new Date(at)) !== undefined;

describe('a maintenance window', () => {
  test('is open from its first minute to before its last, in the time of its zone', () => {
    const window = 'Sat 01:00-05:00 Asia/Seoul';
    expect(isOpen(window, '2026-01-02T15:59:59Z')).toBe(false);
    expect(isOpen(window, '2026-01-02T16:00:00Z')).toBe(true);
    expect(isOpen(window, '2026-01-02T19:59:59Z')).toBe(true);
    expect(isOpen(window, '2026-01-02T20:00:00Z')).toBe(false);
    expect(isOpen(window, '2026-01-03T17:00:00Z')).toBe(false);
  });

  test('over midnight belongs to the day on which it begins', () => {
    const window = 'Fri 23:00-04:00 UTC';
    expect(isOpen(window, '2026-01-02T22:59:00Z')).toBe(false);
    expect(isOpen(window, '2026-01-02T23:00:00Z')).toBe(true);
    expect(isOpen(window, '2026-01-03T03:59:00Z')).toBe(true);
    expect(isOpen(window, '2026-01-03T04:00:00Z')).toBe(false);
    expect(isOpen(window, '2026-01-02T01:00:00Z')).toBe(false);
    expect(isOpen('Sat 23:00-04:00', '2026-01-04T00:30:00Z')).toBe(true);
  });

  test('takes ranges and lists of days, around the end of the week too, every day, and midnight', () => {
    expect(isOpen('Sat-Mon 01:00-02:00', '2026-01-05T01:30:00Z')).toBe(true);
    expect(isOpen('Sat-Mon 01:00-02:00', '2026-01-06T01:30:00Z')).toBe(false);
    expect(isOpen('Tue,thu 01:00-02:00', '2026-01-08T01:30:00Z')).toBe(true);
    expect(isOpen('00:00-24:00', '2026-01-08T23:59:59Z')).toBe(true);
    expect(isOpen('22:00-24:00', '2026-01-08T23:59:59Z')).toBe(true);
    expect(isOpen('22:00-24:00', '2026-01-09T00:00:00Z')).toBe(false);
    expect(isOpen('22:00-00:00', '2026-01-09T00:00:00Z')).toBe(false);
  });

  test('of several, one that is open is enough', () => {
    const windows = 'Sat 01:00-05:00 Asia/Seoul; Wed 02:00-03:00 America/New_York';
    expect(isOpen(windows, '2026-01-07T07:30:00Z')).toBe(true);
    expect(isOpen(windows, '2026-01-07T06:30:00Z')).toBe(false);
  });

  test('goes with summer time', () => {
    const window = '02:30-04:00 Europe/Berlin';
    expect(isOpen(window, '2026-01-15T01:30:00Z')).toBe(true);
    expect(isOpen(window, '2026-07-15T01:30:00Z')).toBe(true);
    expect(isOpen(window, '2026-07-15T02:30:00Z')).toBe(false);
    // The hour from 2:00 is skipped on March 29: it opens at 3:00. On October 25 the half hour is there twice.
    expect(isOpen(window, '2026-03-29T00:59:00Z')).toBe(false);
    expect(isOpen(window, '2026-03-29T01:00:00Z')).toBe(true);
    expect(isOpen(window, '2026-10-25T00:45:00Z')).toBe(true);
    expect(isOpen(window, '2026-10-25T01:15:00Z')).toBe(false);
    expect(isOpen(window, '2026-10-25T01:45:00Z')).toBe(true);
  });

  test('tells when it opens next', () => {
    const next = (text: string, at: string): string | undefined =>
      nextOpening(parseMaintenanceWindows(text), new Date(at))?.toISOString();
    expect(next('Sat 01:00-05:00 Asia/Seoul', '2026-01-02T20:00:00Z')).toBe('2026-01-09T16:00:00.000Z');
    expect(next('Sat 01:00-05:00 Asia/Seoul', '2026-01-02T15:59:30Z')).toBe('2026-01-02T16:00:00.000Z');
  });

  test.each([
    '',
    'Sat',
    'Sat 1:00-5:00',
    'Sat 01:00-25:00',
    'Sat 24:00-05:00',
    'Sat 01:60-05:00',
    'Sat 01:00-01:00',
    'Sam 01:00-05:00',
    'Mon-Wed-Fri 01:00-05:00',
    'Sat 01:00-05:00 Asia/Soeul',
    'Sat 01:00-05:00; ',
  ])('is refused when it is written «%s»', (text) => {
    expect(() => parseMaintenanceWindows(text)).toThrow(
      expect.objectContaining({ code: 'USAGE_INVALID_OPTION' }),
    );
  });
});

describe('the names of copies and leaves', () => {
  test('are cut as PostgreSQL cuts them, never within a character', () => {
    const base = `${'가'.repeat(20)}abc`;
    expect(isLeftoverOf(`${'가'.repeat(19)}_ccnew`, base)).toBe(true);
    expect(isLeftoverOf(`${'가'.repeat(18)}_ccnew12`, base)).toBe(true);
    expect(isLeftoverOf(`${'가'.repeat(18)}_ccnew`, base)).toBe(false);
    expect(isLeftoverOf('idx_ccold1', 'idx')).toBe(true);
    expect(isLeftoverOf('idx_ccnew', 'id')).toBe(false);
    expect(isLeftoverOf('idx_ccnewest', 'idx')).toBe(false);
    expect(leftoverKind('a_ccold')).toBe('ccold');
    expect(leftoverKind('a_ccnew_b')).toBeUndefined();
  });

  test('are the same each time, 63 bytes at most, and differ where only their ends do', () => {
    const long = 'x'.repeat(50);
    expect(leafName('messages_y2025m01', 'idx')).toBe('messages_y2025m01_idx');
    const names = [leafName(long, `${long}a`), leafName(long, `${long}b`)];
    expect(new Set(names).size).toBe(2);
    expect(names.map((name) => Buffer.byteLength(name))).toEqual([63, 63]);
    expect(leafName(long, `${long}a`)).toBe(names[0]);
  });
});
