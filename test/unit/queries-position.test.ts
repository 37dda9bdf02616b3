import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatCursor } from '../../src/database/keyset-cursor.js';
import { formatPosition, parsePosition, type TimeOrder } from '../../src/queries/position.js';

const order: TimeOrder = [
  { column: 'm.created_at', direction: 'desc' },
  { column: 'm.id', direction: 'desc' },
];
const other: TimeOrder = [
  { column: 'm.created_at', direction: 'asc' },
  { column: 'm.id', direction: 'asc' },
];
const instants = [
  '2026-11-30 18:54:09.00702+00',
  '2026-11-30 18:54:09+00',
  '1000-01-01 00:00:00+00',
  '9999-12-31 23:59:59.999999+00',
  '2026-11-30 18:54:09.5+09',
  '10000-01-01 00:00:00+00',
  '0044-03-15 12:00:00+00 BC',
  'infinity',
  '-infinity',
];

describe('the cursor of a page', () => {
  it.each(instants)('gives back %s and the id, and is text for URLs', (at) => {
    for (const id of ['1', '9223372036854775807']) {
      const cursor = formatPosition(order, at, id);
      expect(encodeURIComponent(cursor)).toBe(cursor);
      expect(parsePosition(order, cursor)).toMatchObject({ at, id });
      // As all were before they were plain text.
      expect(parsePosition(order, formatCursor(order, [at, id]))).toMatchObject({ at, id });
    }
  });

  it('keeps the instant to the millisecond for those who need it', () => {
    const at = '2026-11-30 18:54:09.00702+00';
    const position = parsePosition(order, formatPosition(order, at, '7'));
    expect(position?.instantMs).toBe(Date.parse('2026-11-30T18:54:09.007Z'));
  });

  it.each(instants)('is refused for another order, and when a part of it is missing (%s)', (at) => {
    const cursor = formatPosition(order, at, '834');
    for (const wrong of [
      cursor.slice(0, -1),
      cursor.slice(1),
      cursor.slice(0, 14),
      `${cursor}abcd`,
      formatPosition(other, at, '834'),
    ])
      expect(() => parsePosition(order, wrong)).toThrow(expect.objectContaining({ code: 'CURSOR_INVALID' }));
  });

  it('is refused, and never taken for another, whatever is written in its place', () => {
    const cursor = formatPosition(order, '2026-11-30 18:54:09.00702+00', '834');
    const changed = fc
      .record({ at: fc.nat(cursor.length - 1), to: fc.string({ minLength: 1, maxLength: 2 }) })
      .map(({ at, to }) => cursor.slice(0, at) + to + cursor.slice(at + 1));
    const refusedOrWhole = (text: string): void => {
      let position;
      try {
        position = parsePosition(order, text);
      } catch (error) {
        expect(error).toMatchObject({ code: 'CURSOR_INVALID' });
        return;
      }
      // A digit for a digit is another place.
      expect(position?.at).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?\+00$/);
      expect(position?.id).toMatch(/^\d{1,19}$/);
    };
    fc.assert(fc.property(fc.oneof(changed, fc.string()), refusedOrWhole), { numRuns: 2_000 });
  });
});
