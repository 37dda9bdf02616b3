import { open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contentSum } from '../../src/archive/cold/content.js';
import { CsvDamage, formatCsv, readCsv } from '../../src/archive/cold/csv.js';
import { parseManifest } from '../../src/archive/cold/manifest.js';
import { readParquet, writeParquet } from '../../src/archive/cold/parquet.js';
import { parquetColumn } from '../../src/archive/cold/parquet-types.js';
import type { Row } from '../../src/archive/cold/row.js';

const text = fc.oneof(
  fc.constantFrom('', '"', '\\.', '\n', '\r\n', ',', '\uFEFF', '한글', '👋🏽'),
  // Well-formed: the server has no lone surrogates, and no zero bytes.
  fc.string({ unit: 'binary' }).filter((value) => !value.includes('\0')),
);
const rows = fc.array(fc.tuple(fc.option(text), fc.option(text), fc.option(text)), { maxLength: 20 });

async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size));
}

async function collect(batches: AsyncIterable<Row[]>): Promise<Row[]> {
  const all: Row[] = [];
  for await (const batch of batches) all.push(...batch);
  return all;
}

describe('CSV', () => {
  it('is read as it was written, wherever the pieces are cut', async () => {
    await fc.assert(
      fc.asyncProperty(rows, fc.integer({ min: 1, max: 7 }), async (written, size) => {
        const bytes = Buffer.from(written.map(formatCsv).join(''));
        expect(await collect(readCsv(inPieces(bytes, size)))).toEqual(written);
      }),
    );
  });

  it('tells null from the empty string as COPY writes them', async () => {
    expect(await collect(readCsv(inPieces(Buffer.from('a,,""\n,"b""\n",\n'), 4)))).toEqual([
      ['a', null, ''],
      [null, 'b"\n', null],
    ]);
  });

  it.each(['a,b', 'a,"b', 'a,"b"', '"a"b\n'])('of %j is damaged', async (damaged) => {
    await expect(collect(readCsv(inPieces(Buffer.from(damaged), 3)))).rejects.toThrow(CsvDamage);
  });
});

describe('the sum of the content', () => {
  const sumOf = (all: readonly Row[]): string => {
    const sum = contentSum();
    for (const row of all) sum.add(row);
    return sum.content().checksum;
  };

  it('does not depend on the order, and counts duplicates', () => {
    fc.assert(
      fc.property(rows, (all) => {
        expect(sumOf([...all].reverse())).toBe(sumOf(all));
        const [first] = all;
        if (first !== undefined) expect(sumOf([...all, first])).not.toBe(sumOf(all));
      }),
    );
  });

  it('tells null from the empty string and one column from the next', () => {
    const sums = [
      ['', null],
      [null, ''],
      ['null', ''],
      ['', ''],
      ['","', ''],
    ].map((row) => sumOf([row]));
    expect(new Set(sums).size).toBe(sums.length);
  });
});

describe('Parquet', () => {
  const column = (name: string, type: string): Parameters<typeof parquetColumn>[0] => ({
    name,
    type,
    notNull: false,
    comment: null,
  });

  it.each([
    '2025-01-31 23:59:59.999999+00',
    '2025-01-01 00:00:00+00',
    '1969-12-31 23:59:59.000001+00',
    '0001-01-01 00:00:00.1+00',
    '9999-12-31 23:59:59.99999+00',
  ])('keeps %s to the microsecond', (instant) => {
    const { encode, decode } = parquetColumn(column('at', 'timestamp with time zone'));
    expect(decode(encode(instant))).toBe(instant);
  });

  it.each(['infinity', '-infinity', '10000-01-01 00:00:00+00', '0044-03-15 00:00:00+00 BC'])(
    'refuses %s, which it cannot hold',
    (instant) => {
      const { encode } = parquetColumn(column('at', 'timestamp with time zone'));
      expect(() => encode(instant)).toThrow(expect.objectContaining({ code: 'COLD_VALUE_UNSUPPORTED' }));
    },
  );

  it('is read as it was written, over several row groups', async () => {
    const columns = [column('id', 'bigint'), column('flag', 'boolean'), column('text', 'text')];
    const path = join(tmpdir(), `studymate-cold-${process.pid}.parquet`);
    const bigint = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String);
    const some = fc.sample(
      fc.tuple(fc.option(bigint), fc.option(fc.constantFrom('true', 'false')), fc.option(text)),
      500,
    );
    const many = Array.from({ length: 50 }, () => some).flat();
    const file = await open(path, 'w');
    try {
      await writeParquet(file, columns, batchesOf(many));
      expect(await collect(readParquet(path, columns))).toEqual(many);
    } finally {
      await file.close();
      await rm(path);
    }
  });

  async function* batchesOf(all: Row[]): AsyncGenerator<Row[]> {
    for (let at = 0; at < all.length; at += 999) yield await Promise.resolve(all.slice(at, at + 999));
  }
});

it('takes nothing for a manifest that is none', () => {
  for (const wrong of [
    '',
    '{',
    'null',
    '[]',
    '"x"',
    '{"format":"studymate-db cold copy","formatVersion":1}',
  ]) {
    expect(typeof parseManifest(wrong)).toBe('string');
  }
});
