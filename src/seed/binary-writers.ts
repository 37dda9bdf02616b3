import type { SeedValue } from '../../seeds/seed-table.js';
import { writePlainInetBody, writeInetBody } from './inet-binary.js';
import { writeNumericBody } from './numeric-binary.js';
import { makeRoom, type RowBuffer } from './row-buffer.js';
import { TYPE_OID } from './type-oid.js';

/** Writes the field of one column of row `row`, its length first. @returns the position after it */
export type FieldWriter = (out: RowBuffer, at: number, row: number) => number;

type Get = (row: number) => SeedValue;

/** Below, a loop over characters or bytes is quicker than a call into native code. */
const SHORT = 48;
const JSONB_VERSION = 1;
const TWO_TO_32 = 0x1_0000_0000;

/**
 * The writer of COPY BINARY for a type; undefined where there is none. A value of another kind than the type's is
 * refused with a TypeError: bytes that are wrong would only be noticed as other values.
 */
export function binaryWriter(typeOid: number, get: Get): FieldWriter | undefined {
  switch (typeOid) {
    case TYPE_OID.bool:
      return (out, at, row) => {
        const value = get(row);
        if (value === null) return writeNull(out, at);
        if (typeof value !== 'boolean') throw notA('boolean', value);
        out.view.setInt32(at, 1);
        out.bytes[at + 4] = value ? 1 : 0;
        return at + 5;
      };
    case TYPE_OID.int2:
      return (out, at, row) => {
        const value = get(row);
        if (value === null) return writeNull(out, at);
        if (typeof value !== 'number' || (value << 16) >> 16 !== value) throw notA('smallint', value);
        out.view.setInt32(at, 2);
        out.view.setInt16(at + 4, value);
        return at + 6;
      };
    case TYPE_OID.int4:
    case TYPE_OID.date:
      return (out, at, row) => {
        const value = get(row);
        if (value === null) return writeNull(out, at);
        if (typeof value !== 'number' || (value | 0) !== value) throw notA('integer', value);
        out.view.setInt32(at, 4);
        out.view.setInt32(at + 4, value);
        return at + 8;
      };
    case TYPE_OID.int8:
    case TYPE_OID.timestamptz:
      return (out, at, row) => {
        const value = get(row);
        if (value === null) return writeNull(out, at);
        if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw notA('safe integer', value);
        out.view.setInt32(at, 8);
        out.view.setInt32(at + 4, Math.floor(value / TWO_TO_32));
        // ToUint32 is the remainder, also of a negative number.
        out.view.setUint32(at + 8, value >>> 0);
        return at + 12;
      };
    case TYPE_OID.text:
    case TYPE_OID.varchar:
    case TYPE_OID.bpchar:
    case TYPE_OID.json:
      return textWriter(get);
    case TYPE_OID.jsonb:
      return (out, at, row) => {
        const value = get(row);
        if (value === null) return writeNull(out, at);
        out.bytes[at + 4] = JSONB_VERSION;
        const end = writeTextBody(out, at + 5, value);
        out.view.setInt32(at, end - at - 4);
        return end;
      };
    case TYPE_OID.inet:
      return (out, at, row) => {
        const value = get(row);
        if (value === null) return writeNull(out, at);
        let end = value instanceof Uint8Array ? writePlainInetBody(out, at + 4, value) : -1;
        if (end < 0) end = writeInetBody(out, at + 4, textOf(value));
        out.view.setInt32(at, end - at - 4);
        return end;
      };
    case TYPE_OID.numeric:
      return parsedWriter(get, writeNumericBody);
    case TYPE_OID.textArray:
      return arrayWriter(get, TYPE_OID.text);
    case TYPE_OID.varcharArray:
      return arrayWriter(get, TYPE_OID.varchar);
    default:
      return undefined;
  }
}

/** Of types that are sent as their text. */
export function textWriter(get: Get): FieldWriter {
  return (out, at, row) => {
    const value = get(row);
    if (value === null) return writeNull(out, at);
    const end = writeTextBody(out, at + 4, value);
    out.view.setInt32(at, end - at - 4);
    return end;
  };
}

function writeNull(out: RowBuffer, at: number): number {
  out.view.setInt32(at, -1);
  return at + 4;
}

function writeTextBody(out: RowBuffer, at: number, value: SeedValue): number {
  if (typeof value === 'string') return writeString(out, at, value);
  if (!(value instanceof Uint8Array)) throw notA('text', value);
  const { length } = value;
  makeRoom(out, at, length);
  const { bytes } = out;
  if (length > SHORT) bytes.set(value, at);
  // The compiler knows that the index is in range, TypeScript does not.
  else for (let i = 0; i < length; i++) bytes[at + i] = value[i] as number;
  return at + length;
}

function writeString(out: RowBuffer, at: number, value: string): number {
  const { length } = value;
  makeRoom(out, at, 3 * length);
  const { bytes } = out;
  if (length > SHORT) return at + bytes.write(value, at, 'utf8');
  for (let i = 0; i < length; i++) {
    const unit = value.charCodeAt(i);
    if (unit >= 0x80) return at + bytes.write(value, at, 'utf8');
    bytes[at + i] = unit;
  }
  return at + length;
}

function parsedWriter(
  get: Get,
  writeBody: (out: RowBuffer, at: number, text: string) => number,
): FieldWriter {
  return (out, at, row) => {
    const value = get(row);
    if (value === null) return writeNull(out, at);
    const end = writeBody(out, at + 4, textOf(value));
    out.view.setInt32(at, end - at - 4);
    return end;
  };
}

function arrayWriter(get: Get, elementOid: number): FieldWriter {
  return (out, at, row) => {
    const value = get(row);
    if (value === null) return writeNull(out, at);
    if (!Array.isArray(value)) throw notA('array', value);
    const elements = value as readonly (string | Uint8Array)[];
    makeRoom(out, at, 24 + 4 * elements.length);
    const { view } = out;
    view.setInt32(at + 4, elements.length === 0 ? 0 : 1); // dimensions
    view.setInt32(at + 8, 0); // no nulls
    view.setInt32(at + 12, elementOid);
    let end = at + 16;
    if (elements.length > 0) {
      view.setInt32(at + 16, elements.length);
      view.setInt32(at + 20, 1); // lower bound
      end = at + 24;
    }
    for (const element of elements) {
      const start = end;
      makeRoom(out, start, 4);
      end = writeTextBody(out, start + 4, element);
      out.view.setInt32(start, end - start - 4);
    }
    out.view.setInt32(at, end - at - 4);
    return end;
  };
}

/** Also of a number, so that an integer may stand for a numeric. */
function textOf(value: SeedValue): string {
  if (typeof value === 'string') return value;
  if (value instanceof Uint8Array)
    return Buffer.from(value.buffer, value.byteOffset, value.length).toString();
  if (typeof value === 'number') return String(value);
  throw notA('text', value);
}

function notA(what: string, value: unknown): TypeError {
  return new TypeError(`${JSON.stringify(value)} is no ${what}`);
}
