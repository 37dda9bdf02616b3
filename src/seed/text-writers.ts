import type { SeedValue } from '../../seeds/seed-table.js';
import type { FieldWriter } from './binary-writers.js';
import { makeRoom } from './row-buffer.js';
import { TYPE_OID } from './type-oid.js';

/** 2000-01-01 00:00 UTC, from which PostgreSQL counts, in milliseconds. */
const POSTGRES_EPOCH_MS = Date.UTC(2000, 0, 1);
const DAY_MS = 86_400_000;
const NULL = '\\N';

/** The writer of COPY's text format, for any type: the field alone, escaped, without the tab before it. */
export function copyTextWriter(typeOid: number, get: (row: number) => SeedValue): FieldWriter {
  return (out, at, row) => {
    const value = get(row);
    const text = value === null ? NULL : escape(valueText(typeOid, value));
    makeRoom(out, at, 3 * text.length);
    return at + out.bytes.write(text, at, 'utf8');
  };
}

/** As PostgreSQL's input functions read it, in every session. */
export function valueText(typeOid: number, value: Exclude<SeedValue, null>): string {
  if (typeof value === 'boolean') return value ? 't' : 'f';
  if (typeof value === 'string') return value;
  if (value instanceof Uint8Array) return Buffer.from(value).toString();
  if (typeof value !== 'number') return arrayText(value);
  if (typeOid === TYPE_OID.date)
    return new Date(POSTGRES_EPOCH_MS + value * DAY_MS).toISOString().slice(0, 10);
  if (typeOid !== TYPE_OID.timestamptz) return String(value);
  const milliseconds = Math.floor(value / 1000);
  const microseconds = String(value - milliseconds * 1000).padStart(3, '0');
  return new Date(POSTGRES_EPOCH_MS + milliseconds).toISOString().replace('Z', `${microseconds}+00`);
}

function arrayText(elements: readonly (string | Uint8Array)[]): string {
  const quoted = elements.map((element) => {
    const text = typeof element === 'string' ? element : Buffer.from(element).toString();
    return `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
  });
  return `{${quoted.join()}}`;
}

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

function escape(text: string): string {
  return text.replaceAll(/[\\\t\n\r]/g, (character) => escapes[character] ?? character);
}
