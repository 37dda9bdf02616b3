import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SeedTable, SeedValue } from '../../seeds/seed-table.js';
import { newRowBuffer } from '../../src/seed/row-buffer.js';
import {
  compileEncoder,
  SeedValueError,
  type EncodedRows,
  type RowEncoder,
} from '../../src/seed/row-encoder.js';
import { TYPE_OID } from '../../src/seed/type-oid.js';

type TypeName = keyof typeof TYPE_OID;

function encoderOf(
  columns: Readonly<Record<string, readonly [TypeName, (row: number) => SeedValue]>>,
  format?: 'text',
): RowEncoder {
  const table: SeedTable = {
    table: 'things',
    rowCount: 1,
    columns: Object.fromEntries(Object.entries(columns).map(([name, [, get]]) => [name, get])),
  };
  const typed = Object.entries(columns).map(([name, [type]]) => ({ name, typeOid: TYPE_OID[type], type }));
  return compileEncoder(table, typed, format);
}

function oneRow(type: TypeName, value: SeedValue, format?: 'text'): Buffer {
  return encoderOf({ value: [type, () => value] }, format).encode(0, 1, newRowBuffer()).chunk;
}

/** The bytes of a row of one field, without the field count and the length. */
function field(type: TypeName, value: SeedValue): string {
  const chunk = oneRow(type, value);
  expect([chunk.readInt16BE(0), chunk.readInt32BE(2)]).toEqual([1, chunk.length - 6]);
  return chunk.subarray(6).toString('hex');
}

describe('COPY BINARY', () => {
  it.each<[TypeName, SeedValue, string]>([
    ['bool', true, '01'],
    ['int2', -2, 'fffe'],
    ['int4', 0x7fffffff, '7fffffff'],
    ['int8', -1, 'ffffffffffffffff'],
    ['int8', Number.MIN_SAFE_INTEGER, 'ffe0000000000001'],
    ['int8', 2 ** 40 + 5, '0000010000000005'],
    ['date', -1, 'ffffffff'],
    ['text', '가', 'eab080'],
    ['text', new Uint8Array([0x61, 0x62]), '6162'],
    ['jsonb', '{}', '017b7d'],
    ['numeric', '-12.5', '0002' + '0000' + '4000' + '0001' + '000c' + '1388'],
    ['numeric', '0.0007', '0001' + 'ffff' + '0000' + '0004' + '0007'],
    ['numeric', '100000000', '0001' + '0002' + '0000' + '0000' + '0001'],
    ['numeric', '-0.00', '0000' + '0000' + '0000' + '0002'],
    ['inet', '10.0.0.255/8', '02080004' + '0a0000ff'],
    ['inet', '::ffff:1.2.3.4', '03800010' + '00000000000000000000ffff01020304'],
    ['textArray', [], '00000000' + '00000000' + '00000019'],
  ])('writes %s %j', (type, value, bytes) => {
    expect(field(type, value)).toBe(bytes);
  });

  it('writes any address from its bytes as from its string', () => {
    const address = fc.oneof(
      fc.ipV4(),
      fc.ipV6(),
      fc.constantFrom('::', '::1', '1::', 'A::b', '1:2:3:4:5:6:7::'),
    );
    fc.assert(
      fc.property(address, (text) => {
        const fromBytes = oneRow('inet', Buffer.from(text)).toString('hex');
        expect(fromBytes).toBe(oneRow('inet', text).toString('hex'));
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    '',
    '1.2.3',
    '1.2.3.4.5',
    '1.2.3.04',
    '1..3.4',
    '1.2.3.4.',
    '1.2.3.256',
    ':',
    ':::',
    '1::2::3',
    '1:',
    ':1',
  ])('refuses the bytes of «%s» as an address', (text) => {
    expect(() => oneRow('inet', Buffer.from(text))).toThrow(SeedValueError);
  });

  it.each([
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7::8',
    '12345::',
    '1:2:3:4:5:6:7:8:',
    'g::',
    '1::2:',
  ])('refuses the bytes of «%s» as an address of version 6', (text) => {
    expect(() => oneRow('inet', Buffer.from(text))).toThrow(SeedValueError);
  });

  it('writes null as the length -1', () => {
    expect(oneRow('text', null).toString('hex')).toBe('0001ffffffff');
  });

  it('writes any string as its UTF-8, of any length', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), fc.nat(60), (text, more) => {
        const whole = text + 'x'.repeat(more * more);
        expect(oneRow('text', whole).subarray(6).equals(Buffer.from(whole))).toBe(true);
      }),
    );
    const long = '긴'.repeat(400_000);
    expect(oneRow('text', long).subarray(6).equals(Buffer.from(long))).toBe(true);
  });

  it.each<[TypeName, SeedValue]>([
    ['int2', 40_000],
    ['int4', 1.5],
    ['int4', 2 ** 31],
    ['int8', 2 ** 53],
    ['int8', Number.NaN],
    ['int8', '1'],
    ['bool', 1],
    ['text', 7],
    ['numeric', '1e5'],
    ['numeric', ''],
    ['inet', '10.0.0.256'],
    ['inet', '10.0.0.1/33'],
    ['textArray', 'a'],
    ['timestamptz', '2026-01-01'],
  ])('refuses for %s the value %j, naming table, column and row', (type, value) => {
    const encoder = encoderOf({
      id: ['int4', (row) => row],
      value: [type, (row) => (row === 7 ? value : null)],
    });
    expect(() => encoder.encode(0, 10, newRowBuffer())).toThrow(SeedValueError);
    expect(() => encoder.encode(0, 10, newRowBuffer())).toThrow(/^things\.value, row 7: .+ \(its type is /);
  });
});

describe('COPY’s text format', () => {
  it.each<[TypeName, SeedValue, string]>([
    ['text', 'a\tb\\c\nd\re', 'a\\tb\\\\c\\nd\\re\n'],
    ['text', null, '\\N\n'],
    ['text', '\\N', '\\\\N\n'],
    ['text', '\\.', '\\\\.\n'],
    ['bool', false, 'f\n'],
    ['date', -1, '1999-12-31\n'],
    ['timestamptz', -1, '1999-12-31T23:59:59.999999+00\n'],
    ['timestamptz', 1_000_001, '2000-01-01T00:00:01.000001+00\n'],
    ['textArray', ['a"b', '\\', 'c,d', ''], '{"a\\\\"b","\\\\\\\\","c,d",""}\n'],
  ])('writes %s %j', (type, value, line) => {
    expect(oneRow(type, value, 'text').toString()).toBe(line);
  });

  it('has the same canonical rows as the binary one, and ends its chunks at the same rows', () => {
    const columns = {
      id: ['int8', (row: number) => row],
      content: ['text', (row: number) => '\\\t'.repeat(row % 90)],
    } as const;
    const [binary, text] = [encoderOf(columns), encoderOf(columns, 'text')];
    const [one, other] = [binary, text].map((encoder) => encoder.encode(0, 9_000, newRowBuffer())) as [
      EncodedRows,
      EncodedRows,
    ];
    expect(one.nextRow).toBeLessThan(9_000);
    expect(other.nextRow).toBe(one.nextRow);
    expect(other.canonical.equals(one.canonical)).toBe(true);
    expect(other.chunk.toString().split('\n')).toHaveLength(one.nextRow + 1);
  });
});

it('any split into ranges gives the same bytes', () => {
  const encoder = encoderOf({
    id: ['int8', (row) => row * 2 ** 20],
    name: ['text', (row) => (row % 3 === 0 ? null : '가a'.repeat(row % 40))],
    tags: ['textArray', (row) => ['a', 'b', 'c'].slice(row % 3)],
  });
  const bytesOf = (cuts: readonly number[]): Buffer => {
    const parts: Buffer[] = [];
    for (const [index, from] of cuts.entries()) {
      const to = cuts[index + 1] ?? from;
      for (let row = from; row < to;) {
        const { chunk, nextRow } = encoder.encode(row, to, newRowBuffer());
        parts.push(chunk);
        row = nextRow;
      }
    }
    return Buffer.concat(parts);
  };
  const whole = bytesOf([0, 5_000]);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 4_999 }), { maxLength: 6 }), (cuts) => {
      expect(bytesOf([0, ...cuts.sort((a, b) => a - b), 5_000]).equals(whole)).toBe(true);
    }),
    { numRuns: 30 },
  );
});
