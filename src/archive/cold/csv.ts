import { StringDecoder } from 'node:string_decoder';
import type { Row } from './row.js';

/** The text is not what COPY writes: cut short, or damaged. */
export class CsvDamage extends Error {}

const QUOTE = 34;
const COMMA = 44;
const NEWLINE = 10;

/**
 * The records of CSV as COPY writes it: an unquoted empty field is null, a quoted one the empty string, a quote in a
 * field is doubled, and every record ends with a newline. The header is the first record. In batches, so that a record
 * does not cost a promise.
 */
export async function* readCsv(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Row[], void> {
  // Keeps a byte order mark: it is part of a message, not of the file.
  const decoder = new StringDecoder('utf8');
  let text = '';
  for await (const chunk of chunks) {
    text += decoder.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    const { records, end } = completeRecords(text);
    text = text.slice(end);
    if (records.length > 0) yield records;
  }
  if (text !== '' || decoder.end() !== '') throw new CsvDamage('the last record has no end');
}

function completeRecords(text: string): { records: Row[]; end: number } {
  const records: Row[] = [];
  let end = 0;
  for (;;) {
    const fields: (string | null)[] = [];
    const next = readRecord(text, end, fields);
    if (next === undefined) return { records, end };
    records.push(fields);
    end = next;
  }
}

/** @returns where the next record begins, or undefined when this one is not complete */
function readRecord(text: string, start: number, fields: (string | null)[]): number | undefined {
  let at = start;
  for (;;) {
    const end = text.charCodeAt(at) === QUOTE ? readQuoted(text, at, fields) : readPlain(text, at, fields);
    if (end === undefined || end >= text.length) return undefined;
    const separator = text.charCodeAt(end);
    at = end + 1;
    if (separator === NEWLINE) return at;
    if (separator !== COMMA) throw new CsvDamage('there is text after a quoted field');
  }
}

function readPlain(text: string, start: number, fields: (string | null)[]): number {
  let end = start;
  while (end < text.length) {
    const code = text.charCodeAt(end);
    if (code === COMMA || code === NEWLINE) break;
    end += 1;
  }
  fields.push(end === start ? null : text.slice(start, end));
  return end;
}

function readQuoted(text: string, start: number, fields: (string | null)[]): number | undefined {
  let value = '';
  let from = start + 1;
  for (;;) {
    const quote = text.indexOf('"', from);
    // A quote at the very end may be the first of two.
    if (quote === -1 || quote + 1 >= text.length) return undefined;
    if (text.charCodeAt(quote + 1) !== QUOTE) {
      fields.push(value + text.slice(from, quote));
      return quote + 1;
    }
    value += text.slice(from, quote + 1);
    from = quote + 2;
  }
}

/** A record that COPY reads back as this row. Every value is quoted, so that none can be taken for `\.` or null. */
export function formatCsv(row: Row): string {
  return `${row.map((value) => (value === null ? '' : `"${value.replaceAll('"', '""')}"`)).join(',')}\n`;
}
