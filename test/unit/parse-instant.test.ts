import fc from 'fast-check';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { parseInstant, readInstant } from '../../src/database/parse-instant.js';

// The driver's own: that of the library's pools is parseInstant.
const parseAsDriver = (pg.types.getTypeParser as (oid: number) => (text: string) => Date)(1184);

/** As PostgreSQL writes a timestamptz: without zeros at the end of the second. */
const written = fc
  .record({
    instant: fc.date({
      min: new Date(-62_000_000_000_000),
      max: new Date(300_000_000_000_000),
      noInvalidDate: true,
    }),
    microsecond: fc.integer({ min: 0, max: 999_999 }),
    zone: fc.constantFrom('+00', '+00', '+00', '+09', '-03:30', '+05:53:28'),
    era: fc.constantFrom('', '', '', ' BC'),
  })
  .map(({ instant, microsecond, zone, era }) => {
    const [, year = '', rest = ''] = /^(?:\+0)?(\d+)-(.*)\.\d+Z$/.exec(instant.toISOString()) ?? [];
    const fraction = microsecond === 0 ? '' : `.${String(microsecond).padStart(6, '0').replace(/0+$/, '')}`;
    return `${year}-${rest.replace('T', ' ')}${fraction}${zone}${era}`;
  });

describe('the text of an instant', () => {
  it('becomes what the driver makes of it, in every year, zone and era', () => {
    fc.assert(
      fc.property(written, (text) => {
        expect(parseInstant(text)).toEqual(parseAsDriver(text));
        expect(readInstant(text)).toEqual(parseAsDriver(text));
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    'infinity',
    '-infinity',
    '0001-01-01 00:00:00+00',
    '9999-12-31 23:59:59.999999+00',
    '10000-01-01 00:00:00+00',
  ])('%s is no exception', (text) => {
    expect(parseInstant(text)).toEqual(parseAsDriver(text));
    expect(readInstant(text)).toEqual(parseAsDriver(text));
  });

  it.each([
    '',
    'yesterday',
    '2026-02-30 00:00:00+00',
    '2026-13-01 00:00:00+00',
    '2026-01-01 24:00:00+00',
    '2026-01-01 00:00:60+00',
    '2026-01-0x 00:00:00+00',
    '2026-01-01 00:00:00.1234567+00',
    '2026-01-01 00:00:00.+00',
    '2026-01-01 00:00:00; drop+00',
    ' infinity',
  ])('«%s» from outside is none', (text) => {
    expect(readInstant(text)).toBeUndefined();
  });
});
