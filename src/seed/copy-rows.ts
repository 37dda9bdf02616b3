import { finished } from 'node:stream/promises';
import { setImmediate } from 'node:timers/promises';
import type { ClientBase } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { quoteIdentifier } from '../database/identifier.js';
import { CHUNK_BYTES, newRowBuffer, type RowBuffer } from './row-buffer.js';
import type { RowEncoder } from './row-encoder.js';

const HEADER = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
const TRAILER = Buffer.from([0xff, 0xff]);
/** Chunks that may wait for the socket. Memory stays flat: generating stops until the server has taken one. */
const CHUNKS = 3;

export interface CopyRange {
  /** Schema-qualified and quoted. */
  readonly target: string;
  readonly fromRow: number;
  /** Exclusive. */
  readonly toRow: number;
}

/**
 * Makes the rows of a range and sends them by COPY, as fast as the server takes them.
 *
 * @param spare buffers to write into, which are there again afterwards: new ones for each range would be collected late
 * @param onRows told after each chunk: the canonical bytes, and how many rows they are
 * @throws the server's error, SeedValueError; the transaction is aborted then
 */
export async function copyRows(
  client: ClientBase,
  encoder: RowEncoder,
  { target, fromRow, toRow }: CopyRange,
  onRows: (canonical: Buffer, rows: number) => void,
  spare: RowBuffer[] = [],
): Promise<void> {
  const { columns, format } = encoder;
  const stream = client.query(
    copyFrom(`copy ${target} (${columns.map(quoteIdentifier).join(', ')}) from stdin (format ${format})`, {
      highWaterMark: CHUNKS * CHUNK_BYTES,
    }),
  );
  // The server may refuse while rows are being made: kept for the next look, and for the end.
  let failure: Error | undefined;
  let wake = (): void => undefined;
  stream.on('error', (error: Error) => {
    failure ??= error;
    wake();
  });
  const assertSending = (): void => {
    if (failure !== undefined) throw failure;
  };
  const done = finished(stream).catch(() => undefined);
  const buffers = spare.splice(0, CHUNKS);
  while (buffers.length < CHUNKS) buffers.push(newRowBuffer());
  const free = [...buffers];
  const nextFree = async (): Promise<RowBuffer> => {
    // The event loop gets its turn in any case: for errors, for signals, for another table.
    await setImmediate();
    for (;;) {
      assertSending();
      const buffer = free.pop();
      if (buffer !== undefined) return buffer;
      await new Promise<void>((resolve) => (wake = resolve));
    }
  };
  try {
    if (format === 'binary') stream.write(HEADER);
    for (let row = fromRow; row < toRow;) {
      const buffer = await nextFree();
      const { chunk, canonical, nextRow } = encoder.encode(row, toRow, buffer);
      stream.write(chunk, () => {
        free.push(buffer);
        wake();
      });
      onRows(canonical, nextRow - row);
      row = nextRow;
    }
    assertSending();
    if (format === 'binary') stream.write(TRAILER);
  } catch (error) {
    // Tells the server to give up; it answers with an error, after which the session can be used again.
    if (failure === undefined) stream.destroy(error instanceof Error ? error : new Error(String(error)));
    await done;
    throw error;
  }
  stream.end();
  await done;
  assertSending();
  // Not after a failure: one may still be on its way then.
  spare.push(...buffers);
}
