import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { Transform, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import type { ColdColumn } from './columns.js';
import { CsvDamage, readCsv } from './csv.js';
import type { ColdFileFormat } from './options.js';
import type { Row } from './row.js';

const CHUNK = 256 * 1024;

interface WriteOptions {
  readonly path: string;
  readonly fileFormat: ColdFileFormat;
  readonly columns: readonly ColdColumn[];
  readonly onBytes: (count: number) => void;
  readonly signal: AbortSignal | undefined;
}

/** Writes a new file from CSV with a header, as fast as the disk takes it, and has the disk confirm it. */
export async function writeDataFile(csv: Readable, options: WriteOptions): Promise<void> {
  const { path, fileFormat, columns, onBytes, signal } = options;
  if (fileFormat === 'csv.gz') {
    await pipeline(
      csv,
      counting(onBytes),
      createGzip({ chunkSize: CHUNK }),
      createWriteStream(path, { flags: 'wx', flush: true }),
      { signal },
    );
    return;
  }
  const { writeParquet } = await import('./parquet.js');
  const file: FileHandle = await open(path, 'wx');
  try {
    await pipeline(
      csv,
      counting(onBytes),
      (chunks: AsyncIterable<Uint8Array>) =>
        writeParquet(file, columns, withoutHeader(readCsv(chunks), columns)),
      { signal },
    );
    await file.sync();
  } finally {
    await file.close();
  }
}

/**
 * The rows of a data file.
 *
 * @throws CsvDamage, an error of zlib or of hyparquet when the file is damaged
 */
export async function* readRows(
  path: string,
  fileFormat: ColdFileFormat,
  columns: readonly ColdColumn[],
  onBytes: (count: number) => void,
): AsyncGenerator<Row[], void> {
  if (fileFormat === 'parquet') {
    const { readParquet } = await import('./parquet.js');
    for await (const batch of readParquet(path, columns)) {
      for (const row of batch) onBytes(row.join().length);
      yield batch;
    }
    return;
  }
  yield* withoutHeader(readCsv(counted(csvChunks(path), onBytes)), columns);
}

/** The uncompressed text of a `csv.gz`. */
export async function* csvChunks(path: string): AsyncGenerator<Uint8Array, void> {
  const source = createReadStream(path, { highWaterMark: CHUNK });
  const gunzip = createGunzip({ chunkSize: CHUNK });
  // A failure of the source must end the reader of its other end.
  source.on('error', (error) => gunzip.destroy(error));
  try {
    for await (const chunk of source.pipe(gunzip)) yield chunk as Uint8Array;
  } finally {
    source.destroy();
  }
}

/** SHA-256 in hexadecimal digits, and how long the file is. */
export async function hashFile(path: string): Promise<{ readonly sha256: string; readonly bytes: number }> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: CHUNK })) {
    hash.update(chunk as Buffer);
    bytes += (chunk as Buffer).length;
  }
  return { sha256: hash.digest('hex'), bytes };
}

async function* withoutHeader(
  batches: AsyncIterable<Row[]>,
  columns: readonly ColdColumn[],
): AsyncGenerator<Row[], void> {
  const names = JSON.stringify(columns.map(({ name }) => name));
  let first = true;
  for await (const batch of batches) {
    if (first && JSON.stringify(batch[0]) !== names)
      throw new CsvDamage('the header does not name the columns');
    yield first ? batch.slice(1) : batch;
    first = false;
  }
  if (first) throw new CsvDamage('there is no header');
}

function counting(onBytes: (count: number) => void): Transform {
  return new Transform({
    transform(chunk: Buffer, _, done) {
      onBytes(chunk.length);
      done(null, chunk);
    },
  });
}

async function* counted(
  chunks: AsyncIterable<Uint8Array>,
  onBytes: (count: number) => void,
): AsyncGenerator<Uint8Array, void> {
  for await (const chunk of chunks) {
    onBytes(chunk.length);
    yield chunk;
  }
}
