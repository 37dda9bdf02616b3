import { createReadStream } from 'node:fs';
import { stat, type FileHandle } from 'node:fs/promises';
import { gunzipSync, gzipSync } from 'node:zlib';
import { parquetMetadataAsync, parquetRead, type AsyncBuffer } from 'hyparquet';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import type { ColdColumn } from './columns.js';
import { parquetColumn } from './parquet-types.js';
import type { Row } from './row.js';

/** So many rows, or so many characters of text, are in memory at once. */
const ROWS_IN_GROUP = 20_000;
const TEXT_IN_GROUP = 4 * 2 ** 20;

/** Writes rows as Parquet, one row group after the other. Compressed with gzip, which every reader knows. */
export async function writeParquet(
  file: FileHandle,
  columns: readonly ColdColumn[],
  batches: AsyncIterable<Row[]>,
): Promise<void> {
  const parquetColumns = columns.map(parquetColumn);
  const writer = new ByteWriter(2 ** 20);
  const flush = async (): Promise<void> => {
    const bytes = new Uint8Array(writer.buffer, 0, writer.index);
    for (let written = 0; written < bytes.length;) {
      written += (await file.write(bytes, written)).bytesWritten;
    }
    writer.index = 0;
  };
  const parquet = new ParquetWriter({
    writer: Object.assign(writer, { flush, finish: flush }),
    schema: [{ name: 'root', num_children: columns.length }, ...parquetColumns.map(({ element }) => element)],
    codec: 'GZIP',
    compressors: { GZIP: (input) => gzipSync(input) },
    createdBy: 'studymate-db',
  });
  let group: (string | null)[][] = columns.map(() => []);
  let rows = 0;
  let size = 0;
  const writeGroup = async (): Promise<void> => {
    if (rows === 0) return;
    await parquet.write({
      rowGroupSize: rows,
      columnData: parquetColumns.map(({ element, encode }, index) => ({
        name: element.name,
        data: (group[index] ?? []).map((text) => (text === null ? null : encode(text))),
      })),
    });
    group = columns.map(() => []);
    rows = 0;
    size = 0;
  };
  for await (const batch of batches) {
    for (const row of batch) {
      row.forEach((text, index) => {
        group[index]?.push(text);
        size += text?.length ?? 0;
      });
      rows += 1;
      if (rows >= ROWS_IN_GROUP || size >= TEXT_IN_GROUP) await writeGroup();
    }
  }
  await writeGroup();
  await parquet.finish();
}

/** The rows of a Parquet file, one row group after the other. @throws whatever the reader makes of a damaged file */
export async function* readParquet(
  path: string,
  columns: readonly ColdColumn[],
): AsyncGenerator<Row[], void> {
  const parquetColumns = columns.map(parquetColumn);
  const file = await openBuffer(path);
  const metadata = await parquetMetadataAsync(file);
  let rowStart = 0;
  for (const { num_rows } of metadata.row_groups) {
    const rowEnd = rowStart + Number(num_rows);
    let rows: unknown[][] = [];
    await parquetRead({
      file,
      metadata,
      rowStart,
      rowEnd,
      columns: columns.map(({ name }) => name),
      compressors: { GZIP: (input) => gunzipSync(input) },
      parsers: {
        timestampFromMicroseconds: (value) => value,
        // The parser it has drops a byte order mark at the beginning.
        stringFromBytes: (bytes: Uint8Array | undefined) =>
          bytes && Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'),
      },
      onComplete: (complete) => void (rows = complete),
    });
    yield rows.map((row) =>
      parquetColumns.map(({ decode }, index) => {
        const value = row[index] as string | bigint | boolean | null | undefined;
        return value === null || value === undefined ? null : decode(value);
      }),
    );
    rowStart = rowEnd;
  }
}

async function openBuffer(path: string): Promise<AsyncBuffer> {
  const { size } = await stat(path);
  return {
    byteLength: size,
    slice: async (start, end = size) => {
      if (start >= end) return new ArrayBuffer(0);
      const chunks: Buffer[] = [];
      for await (const chunk of createReadStream(path, { start, end: end - 1 })) chunks.push(chunk as Buffer);
      return new Uint8Array(Buffer.concat(chunks)).buffer;
    },
  };
}
