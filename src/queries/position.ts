import {
  assertSignature,
  cursorInvalid,
  formatCursor,
  parseCursor,
  signatureOf,
  type KeysetColumn,
} from '../database/keyset-cursor.js';
import { areDigits, isUsualInstant, readInstant } from '../database/parse-instant.js';

/** By an instant, then an id. */
export type TimeOrder = readonly [KeysetColumn, KeysetColumn];

/** A place in such an order: where the page before ended. */
export interface Position {
  /** As PostgreSQL writes it, with its microseconds. */
  readonly at: string;
  readonly id: string;
}

/** The same, as a cursor gives it. */
export interface GivenPosition extends Position {
  /** Of the epoch; infinite where the instant is. */
  readonly instantMs: number;
}

/** Of bigint. */
export const LARGEST_ID = '9223372036854775807';
const SEPARATOR = '_';

/**
 * Text for URLs, as all cursors: `2026-11-30T18.54.09.00702Z_834_1.kW0q3x9D`. Every page makes one and reads one, and
 * base64 of it took as long as the Dates of the page. What a session in UTC writes of other years is left to
 * `formatCursor`.
 */
export function formatPosition(order: TimeOrder, at: string, id: string): string {
  if (!isUsualInstant(at)) return formatCursor(order, [at, id]);
  const time = `${at.slice(11, 13)}.${at.slice(14, 16)}.${at.slice(17, -'+00'.length)}`;
  return `${at.slice(0, 10)}T${time}Z${SEPARATOR}${id}${SEPARATOR}${signatureOf(order)}`;
}

/** @throws UsageError CURSOR_INVALID unless it is `next` of a page in this order */
export function parsePosition(order: TimeOrder, after: string | undefined): GivenPosition | undefined {
  if (after === undefined) return undefined;
  const [at = '', id = ''] =
    after.charAt(10) === 'T' && after.charAt(13) === '.' ? unpack(order, after) : parseCursor(order, after);
  const instant = readInstant(at);
  if (instant !== undefined && isId(id)) return { at, id, instantMs: millisecondsOf(instant) };
  throw cursorInvalid('Its values do not fit the columns.');
}

/** The same of an order by id alone. */
export function parseId(order: readonly [KeysetColumn], after: string): string {
  const [id = ''] = parseCursor(order, after);
  if (isId(id)) return id;
  throw cursorInvalid('Its values do not fit the columns.');
}

function unpack(order: TimeOrder, after: string): readonly [string, string] {
  const idAt = after.indexOf(SEPARATOR) + 1;
  const signatureAt = after.indexOf(SEPARATOR, idAt) + 1;
  assertSignature(order, after.slice(signatureAt));
  const second = after.slice(17, idAt - 'Z_'.length);
  const at = `${after.slice(0, 10)} ${after.slice(11, 13)}:${after.slice(14, 16)}:${second}+00`;
  return [at, after.slice(idAt, signatureAt - 1)];
}

/** `Number(instant)` says the same, and takes as long as all else here. */
function millisecondsOf(instant: Date): number {
  return instant instanceof Date ? instant.getTime() : Number(instant);
}

function isId(text: string): boolean {
  const isShort =
    text.length < LARGEST_ID.length || (text.length === LARGEST_ID.length && text <= LARGEST_ID);
  return isShort && areDigits(text, 0, text.length);
}
