import { createHash } from 'node:crypto';
import { UsageError } from '../errors.js';

/** One column of the order. The last one, or all together, must tell every row from every other. */
export interface KeysetColumn<Reference extends string = string> {
  readonly column: Reference;
  readonly direction: 'asc' | 'desc';
}

const VERSION = '1';
/** The one character that no text of PostgreSQL holds. */
const SEPARATOR = '\0';
/** No column that is worth ordering by is longer; a cursor comes from outside. */
const LONGEST_CURSOR = 8_192;

/** Text for URLs that names a row by its values in the order. It shows them to whoever decodes it. */
export function formatCursor(order: readonly KeysetColumn[], values: readonly string[]): string {
  let text = '';
  for (const value of values) text += value + SEPARATOR;
  // At the end, so that a cursor that was cut lacks it.
  return Buffer.from(text + signatureOf(order)).toString('base64url');
}

/** @throws UsageError CURSOR_INVALID when it was not made by `formatCursor` for this order */
export function parseCursor(order: readonly KeysetColumn[], cursor: string): readonly string[] {
  if (cursor.length > LONGEST_CURSOR || !/^[\w-]+$/.test(cursor))
    throw cursorInvalid('It is not base64url text.');
  const values = Buffer.from(cursor, 'base64url').toString().split(SEPARATOR);
  assertSignature(order, values.pop() ?? '');
  if (values.length !== order.length) throw cursorInvalid('Its values do not fit the order.');
  return values;
}

export function cursorInvalid(detail: string, cause?: unknown): UsageError {
  return new UsageError('CURSOR_INVALID', 'the cursor is not valid', {
    detail,
    hint: 'Give back a cursor exactly as a page returned it, with the same order; or none, for the first page.',
    cause,
  });
}

/** @throws UsageError CURSOR_INVALID */
export function assertSignature(order: readonly KeysetColumn[], signature: string): void {
  const expected = signatureOf(order);
  if (signature === expected) return;
  const isWhole = signature.startsWith(`${VERSION}.`) && signature.length === expected.length;
  throw cursorInvalid(
    isWhole ? 'It was made for another order.' : 'It was cut, is of another version, or not a cursor.',
  );
}

/** Orders are constants of their module: each is hashed once. */
const signatures = new WeakMap<readonly KeysetColumn[], string>();

/** What stands at the end of a cursor, and tells those of one order from all others. */
export function signatureOf(order: readonly KeysetColumn[]): string {
  const known = signatures.get(order);
  if (known !== undefined) return known;
  const text = order.map(({ column, direction }) => `${column} ${direction}`).join(', ');
  const signature = `${VERSION}.${createHash('sha256').update(text).digest('base64url').slice(0, 8)}`;
  signatures.set(order, signature);
  return signature;
}
