import { createHash } from 'node:crypto';
import { UsageError } from '../errors.js';

/** One column of the order. The last one, or all together, must tell every row from every other. */
export interface KeysetColumn<Reference extends string = string> {
  readonly column: Reference;
  readonly direction: 'asc' | 'desc';
}

const VERSION = 1;
/** No column that is worth ordering by is longer; a cursor comes from outside. */
const LONGEST_CURSOR = 8_192;

/** Text for URLs that names a row by its values in the order. It shows them to whoever decodes it. */
export function formatCursor(order: readonly KeysetColumn[], values: readonly string[]): string {
  return Buffer.from(JSON.stringify([VERSION, orderHash(order), values])).toString('base64url');
}

/** @throws UsageError CURSOR_INVALID when it was not made by `formatCursor` for this order */
export function parseCursor(order: readonly KeysetColumn[], cursor: string): readonly string[] {
  const [version, hash, values] = decode(cursor);
  if (version !== VERSION) throw cursorInvalid('It is of another version, or not a cursor.');
  if (hash !== orderHash(order)) throw cursorInvalid('It was made for another order.');
  if (!isTexts(values) || values.length !== order.length)
    throw cursorInvalid('Its values do not fit the order.');
  return values;
}

export function cursorInvalid(detail: string, cause?: unknown): UsageError {
  return new UsageError('CURSOR_INVALID', 'the cursor is not valid', {
    detail,
    hint: 'Give back a cursor exactly as a page returned it, with the same order; or none, for the first page.',
    cause,
  });
}

function decode(cursor: string): readonly unknown[] {
  if (cursor.length > LONGEST_CURSOR || !/^[\w-]+$/.test(cursor))
    throw cursorInvalid('It is not base64url text.');
  try {
    const decoded: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    return Array.isArray(decoded) ? decoded : [];
  } catch (error) {
    throw cursorInvalid('It was cut or changed.', error);
  }
}

function isTexts(values: unknown): values is readonly string[] {
  return Array.isArray(values) && values.every((value) => typeof value === 'string');
}

/** Orders are constants of their module: each is hashed once. */
const hashes = new WeakMap<readonly KeysetColumn[], string>();

function orderHash(order: readonly KeysetColumn[]): string {
  const known = hashes.get(order);
  if (known !== undefined) return known;
  const text = order.map(({ column, direction }) => `${column} ${direction}`).join(', ');
  const hash = createHash('sha256').update(text).digest('base64url').slice(0, 8);
  hashes.set(order, hash);
  return hash;
}
