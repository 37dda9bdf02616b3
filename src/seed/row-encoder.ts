import type { SeedTable } from '../../seeds/seed-table.js';
import { binaryWriter, textWriter, type FieldWriter } from './binary-writers.js';
import { CHUNK_BYTES, newRowBuffer, type RowBuffer } from './row-buffer.js';
import type { TableColumn } from './target-table.js';
import { copyTextWriter } from './text-writers.js';

export type CopyFormat = 'binary' | 'text';

export interface EncodedRows {
  /** In the buffer that was given. */
  readonly chunk: Buffer;
  /** The same rows in the form that checksums are made of, whatever the format. Good until the next call. */
  readonly canonical: Buffer;
  /** The first row that did not fit any more. */
  readonly nextRow: number;
}

export interface RowEncoder {
  readonly format: CopyFormat;
  readonly columns: readonly string[];
  /** @param toRow exclusive. @param out what is written into, from its beginning. @throws SeedValueError */
  encode(fromRow: number, toRow: number, out: RowBuffer): EncodedRows;
}

/** A generator gave a value that its column cannot take. */
export class SeedValueError extends Error {}

/**
 * Compiles the writers of a table: COPY BINARY where every type has one, else COPY's text format. `format` forces
 * the latter.
 */
export function compileEncoder(
  seedTable: SeedTable,
  columns: readonly TableColumn[],
  format?: CopyFormat,
): RowEncoder {
  const { table, prepare } = seedTable;
  const fields = columns.map((column) => {
    const get = seedTable.columns[column.name];
    if (get === undefined) throw new Error(`there is no generator for ${table}.${column.name}`);
    return { ...column, get, binary: binaryWriter(column.typeOid, get) };
  });
  const canonicalWriters = fields.map(({ binary, get }) => binary ?? textWriter(get));
  const usesText = format === 'text' || fields.some(({ binary }) => binary === undefined);
  const textWriters = fields.map(({ typeOid, get }) => copyTextWriter(typeOid, get));
  const writeBinary: FieldWriter = (out, at, row) => binaryRow(canonicalWriters, out, at, row);
  const writeText: FieldWriter = (out, at, row) => textRow(textWriters, out, at, row);
  let ofCanonical: RowBuffer | undefined;
  return {
    format: usesText ? 'text' : 'binary',
    columns: fields.map(({ name }) => name),
    encode(fromRow, toRow, out) {
      try {
        const into = usesText ? (ofCanonical ??= newRowBuffer()) : out;
        const { chunk: canonical, nextRow } = fill(into, fromRow, toRow, prepare, writeBinary);
        if (!usesText) return { chunk: canonical, canonical, nextRow };
        // Longer than the canonical rows at times, so the buffer grows until all of them are in.
        const { chunk } = fill(out, fromRow, nextRow, prepare, writeText, Infinity);
        return { chunk, canonical, nextRow };
      } catch (error) {
        if (!(error instanceof TypeError)) throw error;
        throw explain(error, seedTable, fields, fromRow, toRow);
      }
    },
  };
}

function fill(
  out: RowBuffer,
  fromRow: number,
  toRow: number,
  prepare: ((row: number) => void) | undefined,
  writeRow: FieldWriter,
  mostBytes = CHUNK_BYTES,
): { chunk: Buffer; nextRow: number } {
  let at = 0;
  let row = fromRow;
  while (row < toRow && at < mostBytes) {
    prepare?.(row);
    at = writeRow(out, at, row);
    row += 1;
  }
  return { chunk: out.bytes.subarray(0, at), nextRow: row };
}

function binaryRow(writers: readonly FieldWriter[], out: RowBuffer, at: number, row: number): number {
  out.view.setInt16(at, writers.length);
  let end = at + 2;
  for (const write of writers) end = write(out, end, row);
  return end;
}

const TAB = 0x09;
const NEWLINE = 0x0a;

function textRow(writers: readonly FieldWriter[], out: RowBuffer, at: number, row: number): number {
  let end = at;
  for (const write of writers) {
    end = write(out, end, row);
    out.bytes[end] = TAB;
    end += 1;
  }
  // In place of the last tab.
  out.bytes[end - 1] = NEWLINE;
  return end;
}

/** Finds the value that could not be written; the quick way keeps no account of where it is. */
function explain(
  error: TypeError,
  { table, prepare }: SeedTable,
  fields: readonly (TableColumn & { binary: FieldWriter | undefined })[],
  fromRow: number,
  toRow: number,
): Error {
  for (let row = fromRow; row < toRow; row++) {
    prepare?.(row);
    for (const { name, type, binary } of fields) {
      try {
        binary?.(newRowBuffer(), 0, row);
      } catch (cause) {
        const message = cause instanceof Error ? cause.message : String(cause);
        return new SeedValueError(`${table}.${name}, row ${row}: ${message} (its type is ${type})`, {
          cause,
        });
      }
    }
  }
  return error;
}
