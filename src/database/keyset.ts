import { sql, type Expression, type SelectQueryBuilder, type SqlBool, type StringReference } from 'kysely';
import { OperationError, UsageError } from '../errors.js';
import { cursorInvalid, formatCursor, parseCursor, type KeysetColumn } from './keyset-cursor.js';
import { hasSqlState, SQLSTATE } from './sqlstate.js';

export interface KeysetOptions<Reference extends string = string> {
  /**
   * The order, outermost first; together the columns must tell every row from every other, so end with the primary
   * key. None may be null. An index on the columns in this order, read in either direction, finds every page at once.
   */
  readonly order: readonly [KeysetColumn<Reference>, ...KeysetColumn<Reference>[]];
  /** Rows on a page, 1 to 1,000. */
  readonly limit: number;
  /** The page that follows this cursor. */
  readonly after?: string | undefined;
  /** The page that ends before this cursor; not together with `after`. */
  readonly before?: string | undefined;
}

export interface KeysetPage<Row> {
  /** In the order asked for, whichever way the page was reached. */
  readonly rows: Row[];
  /** For `after`: undefined when there is nothing beyond the last row. */
  readonly next: string | undefined;
  /** For `before`: undefined when there is nothing before the first row. */
  readonly previous: string | undefined;
}

const LARGEST_PAGE = 1_000;

/**
 * Reads one page of a select, by the values of its last row and not by counting: the thousandth page costs what the
 * first does, and rows that come or go meanwhile neither repeat others nor hide them. Cursors carry the server's own
 * text of the values: a timestamp that went through a Date would lose its microseconds, and rows with them.
 *
 * @param query a select without `order by` and `limit`, built on `read`, `primary` or a transaction
 * @throws UsageError CURSOR_INVALID, USAGE_INVALID_OPTION; OperationError KEYSET_NULL for a null in the order
 * @example
 * const page = await keysetPage(
 *   database.read.selectFrom('chat_messages').select(['id', 'content']).where('room_id', '=', room),
 *   { order: [{ column: 'created_at', direction: 'desc' }, { column: 'id', direction: 'desc' }], limit: 50, after },
 * );
 */
export async function keysetPage<Tables, Table extends keyof Tables, Row>(
  query: SelectQueryBuilder<Tables, Table, Row>,
  options: KeysetOptions<StringReference<Tables, Table>>,
): Promise<KeysetPage<Row>> {
  const { order, limit } = options;
  const { cursor, backward } = position(options);
  const reading = backward ? order.map(reversed) : order;
  const values = cursor === undefined ? undefined : parseCursor(order, cursor);

  let page = query.limit(limit + 1);
  for (const { column, direction } of reading) page = page.orderBy(sql.ref(column), direction);
  if (values !== undefined) page = page.where(keysetPredicate(reading, values));
  const keyed = page.select(keysOf(order).as(KEYS)) as SelectQueryBuilder<Tables, Table, Row & Keyed>;
  const found = await keyed.execute().catch((error: unknown) => {
    throw cursor !== undefined && hasSqlState(error, ...unreadable)
      ? cursorInvalid('Its values do not fit the columns.', error)
      : error;
  });

  const hasMore = found.length > limit;
  const shown = found.slice(0, limit);
  if (backward) shown.reverse();
  const first = shown[0];
  const last = shown.at(-1);
  const cursorOf = (row: Keyed | undefined): string | undefined =>
    row && formatCursor(order, keysIn(row, order));
  return {
    next: (backward ? cursor !== undefined : hasMore) ? cursorOf(last) : undefined,
    previous: (backward ? hasMore : cursor !== undefined) ? cursorOf(first) : undefined,
    rows: shown.map(withoutKeys),
  };
}

/**
 * The rows behind the one with these values, as a condition for `where`. One direction throughout is a row comparison,
 * which an index answers in one step; mixed directions are spelled out, and bounded by the first column for the index.
 *
 * @param values the server's text of each column
 */
export function keysetPredicate(
  order: readonly KeysetColumn[],
  values: readonly string[],
): Expression<SqlBool> {
  const [first, ...others] = order;
  if (first === undefined) return sql<SqlBool>`true`;
  const operator = sql.raw(first.direction === 'asc' ? '>' : '<');
  if (others.every(({ direction }) => direction === first.direction)) {
    const columns = sql.join(order.map(({ column }) => sql.ref(column)));
    return sql<SqlBool>`(${columns}) ${operator} (${sql.join(values)})`;
  }
  const column = sql.ref(first.column);
  const [value, ...rest] = values;
  const within = keysetPredicate(others, rest);
  return sql<SqlBool>`(${column} ${operator}= ${value} and (${column} ${operator} ${value} or ${within}))`;
}

const KEYS = 'keyset_cursor';

interface Keyed {
  readonly [KEYS]: readonly (string | null)[];
}

/** What the server says of a text that is no value of the column's type. */
const unreadable = [
  SQLSTATE.invalidTextRepresentation,
  SQLSTATE.invalidDatetimeFormat,
  SQLSTATE.datetimeFieldOverflow,
  SQLSTATE.numericValueOutOfRange,
  SQLSTATE.characterNotInRepertoire,
];

function keysOf(order: readonly KeysetColumn[]) {
  return sql<
    readonly (string | null)[]
  >`array[${sql.join(order.map(({ column }) => sql`${sql.ref(column)}::text`))}]`;
}

function keysIn(row: Keyed, order: readonly KeysetColumn[]): string[] {
  return row[KEYS].map((key, index) => {
    if (key !== null) return key;
    throw new OperationError('KEYSET_NULL', `${order[index]?.column ?? 'a column'} of the order is null`, {
      hint: 'Order by columns that are not null: behind a null there is no next page.',
    });
  });
}

function withoutKeys<Row>(row: Row & Keyed): Row {
  const own = { ...row };
  Reflect.deleteProperty(own, KEYS);
  return own;
}

function reversed<Column extends KeysetColumn>({
  column,
  direction,
}: Column): KeysetColumn<Column['column']> {
  return { column, direction: direction === 'asc' ? 'desc' : 'asc' };
}

function position({ limit, after, before, order }: KeysetOptions): {
  readonly cursor: string | undefined;
  readonly backward: boolean;
} {
  const problems = [
    !(Number.isInteger(limit) && limit >= 1 && limit <= LARGEST_PAGE) &&
      `limit is ${limit}; it must be a whole number from 1 to ${LARGEST_PAGE}.`,
    after !== undefined && before !== undefined && 'after and before exclude each other.',
    new Set(order.map(({ column }) => column)).size < order.length && 'A column is in the order twice.',
  ].filter((problem) => problem !== false);
  if (problems.length === 0) return { cursor: after ?? before, backward: before !== undefined };
  throw new UsageError('USAGE_INVALID_OPTION', 'the options of the page are not valid', {
    detail: problems.join('\n'),
  });
}
