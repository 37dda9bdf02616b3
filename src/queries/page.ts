import { sql, type Expression, type SqlBool } from 'kysely';
import { keysetPredicate, type KeysetPage } from '../database/keyset.js';
import { parseInstant } from '../database/parse-instant.js';
import { UsageError } from '../errors.js';
import { formatPosition, type Position, type TimeOrder } from './position.js';

export interface PageOptions {
  /** Rows at most, 1 to 1,000. */
  readonly limit?: number | undefined;
  /** `next` of the page before this one; none for the first page. */
  readonly after?: string | undefined;
}

export type Page<Row> = Pick<KeysetPage<Row>, 'rows' | 'next'>;

const LARGEST = 1_000;

/** @throws UsageError USAGE_INVALID_OPTION unless it is a whole number from 1 to `largest` */
export function assertLimit(limit: number, largest = LARGEST): number {
  if (Number.isInteger(limit) && limit >= 1 && limit <= largest) return limit;
  throw new UsageError('USAGE_INVALID_OPTION', 'the options of the page are not valid', {
    detail: `limit is ${limit}; it must be a whole number from 1 to ${largest}.`,
  });
}

/** Of rows fetched with a limit one higher than the page's: the page, without the column that only the cursor needs. */
export function pageOf<Row extends { readonly id: string; readonly position_at: string }>(
  fetched: Row[],
  limit: number,
  order: TimeOrder,
): Page<Omit<Row, 'position_at'>> {
  const hasMore = fetched.length > limit;
  const rows = hasMore ? fetched.slice(0, limit) : fetched;
  const last = rows.at(-1);
  const next = hasMore && last ? formatPosition(order, last.position_at, last.id) : undefined;
  // In place: nobody else has these rows yet.
  for (const row of rows) Reflect.deleteProperty(row, 'position_at');
  return { rows, next };
}

/**
 * The same of rows that have the instant of their order as text: the page has it as a Date, as the driver makes them.
 * It saves a second column with the same instant, that is sent, read, and taken out of every row again.
 */
export function pageByInstant<Instant extends string, Row extends { readonly id: string }>(
  fetched: (Row & Record<Instant, string>)[],
  instant: Instant,
  limit: number,
  order: TimeOrder,
): Page<Omit<Row, Instant> & Record<Instant, Date>> {
  const hasMore = fetched.length > limit;
  // In place, here and below: nobody else has these rows yet.
  if (hasMore) fetched.pop();
  const last = fetched.at(-1);
  const next = hasMore && last ? formatPosition(order, last[instant], last.id) : undefined;
  for (const row of fetched as Record<Instant, unknown>[])
    row[instant] = parseInstant(row[instant] as string);
  return { rows: fetched as unknown as Page<Omit<Row, Instant> & Record<Instant, Date>>['rows'], next };
}

/**
 * Rows after a position. The comparison of the instant alone says nothing new, but it prunes
 * partitions: PostgreSQL does not prune by a row comparison.
 */
export function beyond(order: TimeOrder, position: Position): Expression<SqlBool> {
  const [{ column, direction }] = order;
  const bound = sql`${sql.ref(column)} ${sql.raw(direction === 'desc' ? '<=' : '>=')} ${position.at}::timestamptz`;
  return sql<SqlBool>`${bound} and ${keysetPredicate(order, [position.at, position.id])}`;
}
