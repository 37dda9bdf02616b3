import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatValue } from '../../src/reports/render/format-value.js';
import { sparkline } from '../../src/reports/render/sparkline.js';
import { fitText, textWidth } from '../../src/reports/render/plot/text-width.js';
import { thin } from '../../src/reports/render/plot/thin.js';
import { formatTick, niceTicks } from '../../src/reports/render/plot/ticks.js';
import { timeTicks } from '../../src/reports/render/plot/time-ticks.js';

describe('a value of a report for people', () => {
  it.each([
    ['count', 1_234_567, '1,234,567'],
    ['count', 0, '0'],
    ['decimal', 0, '0'],
    ['decimal', 4.256, '4.26'],
    ['decimal', 9.996, '10.0'],
    ['decimal', 1234.56, '1,234.6'],
    ['decimal', 0.00123, '0.0012'],
    ['ratio', 0, '0.0%'],
    ['ratio', 0.4217, '42.2%'],
    ['ratio', 0.0001, '<0.1%'],
    ['ratio', 0.9999, '>99.9%'],
    ['ratio', 1, '100.0%'],
    ['ratio', 1.5, '150.0%'],
    ['ratio', -0, '0.0%'],
    ['seconds', 0, '0 s'],
    ['seconds', 0.0001, '<1 ms'],
    ['seconds', 0.35, '350 ms'],
    ['seconds', 12, '12 s'],
    ['seconds', 12.34, '12.3 s'],
    ['seconds', 59.96, '1 min'],
    ['seconds', 725, '12 min 5 s'],
    ['seconds', 3599.6, '1 h'],
    ['seconds', 11_520, '3 h 12 min'],
    ['seconds', 86_399, '1 d'],
    ['seconds', 183_600, '2 d 3 h'],
    ['seconds', -90, '-1 min 30 s'],
    ['bytes', 1_503_238_553, '1.4 GB'],
    ['bytes', -4096, '-4.0 kB'],
    ['day', '2026-01-31', '2026-01-31'],
    ['instant', new Date('2026-01-31T15:04:59.999Z'), '2026-01-31 15:04 UTC'],
    ['boolean', false, 'no'],
    ['text', '=1+1', '=1+1'],
    ['count', null, ''],
  ] as const)('%s %s is «%s»', (kind, value, told) => {
    expect(formatValue(kind, value, 'en')).toBe(told);
  });

  it('is told in Korean', () => {
    const told = [
      formatValue('boolean', true, 'ko'),
      formatValue('boolean', false, 'ko'),
      formatValue('seconds', 11_520, 'ko'),
      formatValue('seconds', 12.34, 'ko'),
      formatValue('count', 12_345, 'ko'),
    ];
    expect(told).toEqual(['예', '아니요', '3시간 12분', '12.3초', '12,345']);
  });
});

describe('a sparkline', () => {
  it('rises from zero, and leaves a gap for null', () => {
    expect(sparkline([0, 1, null, 7, 8])).toBe('▁▂ ██');
    expect(sparkline([-4, 0, 4])).toBe('▁▅█');
    expect(sparkline([0, 0])).toBe('▁▁');
    expect(sparkline([])).toBe('');
  });

  it('does not grow wider than asked, and is never high where values are low', () => {
    expect(sparkline([...Array<number>(300).fill(1), ...Array<number>(300).fill(8)], 10)).toBe('▂▂▂▂▂█████');
    fc.assert(
      fc.property(
        fc.array(fc.option(fc.double({ noNaN: true, min: 0, max: 1e9 })), { maxLength: 200 }),
        (values) => {
          const text = sparkline(values, 40);
          expect(text).toMatch(/^[ ▁▂▃▄▅▆▇█]*$/);
          expect(text.length).toBe(Math.min(values.length, 40));
        },
      ),
    );
  });
});

describe('the scales of a plot', () => {
  it('cover all values with few round steps', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('count', 'decimal', 'ratio', 'seconds', 'bytes' as const),
        fc.array(fc.double({ min: -1e12, max: 1e12, noNaN: true }), { maxLength: 5 }),
        (kind, values) => {
          const ticks = niceTicks(kind, values, 4);
          expect(ticks.length).toBeGreaterThanOrEqual(2);
          expect(ticks.length).toBeLessThanOrEqual(12);
          expect(ticks.every((tick, index) => index === 0 || tick > (ticks[index - 1] ?? 0))).toBe(true);
          const slack = 1e-6 * Math.max(...ticks.map(Math.abs));
          expect(Math.min(0, ...values)).toBeGreaterThanOrEqual((ticks[0] ?? 0) - slack);
          expect(Math.max(0, ...values)).toBeLessThanOrEqual((ticks.at(-1) ?? 0) + slack);
        },
      ),
    );
  });

  it('are round in the units that people see', () => {
    const told = (kind: 'count' | 'seconds' | 'bytes' | 'ratio', most: number) =>
      niceTicks(kind, [most], 4).map((tick) => formatTick(kind, tick, 'en'));
    expect(told('count', 3)).toEqual(['0', '1', '2', '3']);
    expect(told('count', 52_000)).toEqual(['0', '20K', '40K', '60K']);
    expect(told('seconds', 5400)).toEqual(['0 s', '30 min', '1 h', '1 h 30 min']);
    expect(told('bytes', 3 * 1024 ** 3)).toEqual(['0 B', '1 GB', '2 GB', '3 GB']);
    expect(told('ratio', 1)).toEqual(['0%', '25%', '50%', '75%', '100%']);
    expect(formatTick('count', 12_500, 'ko')).toBe('1.25만');
  });

  it('mark whole days, Mondays or months, and say the year once', () => {
    const days = (from: string, to: string, language: 'en' | 'ko') =>
      timeTicks(Date.parse(from), Date.parse(to), 6, { language, days: true }).map(({ label, below }) =>
        below === '' ? label : `${label} (${below})`,
      );
    expect(days('2026-01-01', '2026-01-04', 'en')).toEqual(['1 Jan (2026)', '2 Jan', '3 Jan', '4 Jan']);
    expect(days('2025-12-20', '2026-01-16', 'en')).toEqual([
      '22 Dec (2025)',
      '29 Dec',
      '5 Jan (2026)',
      '12 Jan',
    ]);
    expect(days('2025-10-01', '2026-03-01', 'ko')).toEqual([
      '10월 (2025년)',
      '11월',
      '12월',
      '1월 (2026년)',
      '2월',
      '3월',
    ]);
    expect(days('2026-01-05', '2026-01-05', 'en')).toEqual(['5 Jan (2026)']);
  });

  it('are never crowded', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 36_500 }),
        fc.integer({ min: 0, max: 20_000 }),
        fc.boolean(),
        (start, length, days) => {
          const [from, to] = [start * 86_400_000, (start + length) * 86_400_000];
          const ticks = timeTicks(from, to, 6, { language: 'en', days });
          expect(ticks.length).toBeLessThanOrEqual(7);
          expect(ticks.every(({ at }) => at >= from && at <= to)).toBe(true);
        },
      ),
    );
  });
});

it('thins a series to what a line shows of it: ends, peaks, troughs and gaps stay', () => {
  const values = Array.from({ length: 10_000 }, (_, index) =>
    index === 5003 ? null : Math.sin(index / 300),
  );
  values[7777] = 50;
  values[2222] = -50;
  const kept = thin(values, 100);
  expect(kept.length).toBeLessThanOrEqual(501);
  expect(kept).toEqual(expect.arrayContaining([0, 2222, 5003, 7777, 9999]));
  expect(thin([1, null, 3], 100)).toEqual([0, 1, 2]);
});

it('cuts a text to its place, between letters as people see them', () => {
  expect(textWidth('한국어', 12)).toBeGreaterThan(textWidth('abc', 12));
  expect(fitText('한국어 학습', 200, 12)).toBe('한국어 학습');
  expect(fitText('한국어를 배우는 학습자', 60, 12)).toMatch(/^한국어를?…$/);
  expect(fitText('chat_messages_archive_y2025m04', 140, 12)).toMatch(/^chat_\w+…\w*m04$/);
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 20, max: 200 }), (text, width) => {
      const fitted = fitText(text, width, 12);
      expect(textWidth(fitted, 12)).toBeLessThanOrEqual(width);
      if (fitted !== text) expect(fitted).toContain('…');
    }),
  );
});
