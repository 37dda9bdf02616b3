import { createHash } from 'node:crypto';
import type { WarningListener } from './database-warning.js';

/** One statement that ran, or failed. */
export interface QueryEvent {
  /** With placeholders: values are in it only where the caller put them into the text. */
  readonly sql: string;
  /** The same for statements that differ in literals, in the length of lists, or in white space: 16 hex digits. */
  readonly fingerprint: string;
  /** Milliseconds from sending it to its last row, waiting for locks included, waiting for a connection not. */
  readonly durationMs: number;
  /** Rows returned or affected; undefined when it failed. */
  readonly rowCount: number | undefined;
  /** Where it ran: `primary`, `primary (read only)` or `replica HOST:PORT`. */
  readonly pool: string;
  /** When it failed: the SQLSTATE, or CONNECTION_LOST. The error itself goes to the caller alone: it may hold values. */
  readonly failure: string | undefined;
  /** Only with the option `queryParameters`. */
  readonly parameters?: readonly unknown[];
}

/** Runs before the caller gets its rows, and should be quick. What it throws is a warning, and fails no query. */
export type QueryListener = (event: QueryEvent) => void;

export interface QueryHooks {
  readonly onQuery: QueryListener | undefined;
  readonly onSlowQuery: QueryListener | undefined;
  readonly slowQueryMs: number;
  readonly queryParameters: boolean;
  readonly onWarning: WarningListener;
}

export interface FinishedQuery {
  readonly sql: string;
  readonly parameters: readonly unknown[];
  readonly durationMs: number;
  readonly rowCount?: number | undefined;
  readonly pool: string;
  readonly failure?: string | undefined;
}

export function reportQuery(hooks: QueryHooks, query: FinishedQuery): void {
  const slow = query.durationMs >= hooks.slowQueryMs ? hooks.onSlowQuery : undefined;
  if (hooks.onQuery === undefined && slow === undefined) return;
  const { sql, parameters, durationMs, rowCount, pool, failure } = query;
  const event: QueryEvent = {
    sql,
    // Hashed only when somebody looks.
    get fingerprint() {
      return fingerprint(sql);
    },
    ...{ durationMs, rowCount, pool, failure },
    ...(hooks.queryParameters ? { parameters } : {}),
  };
  for (const listener of [hooks.onQuery, slow]) {
    try {
      listener?.(event);
    } catch (error) {
      hooks.onWarning({
        code: 'HOOK_FAILED',
        message: 'a query hook threw an error',
        detail: error instanceof Error ? error.message : undefined,
        hint: 'Catch errors inside onQuery and onSlowQuery.',
      });
    }
  }
}

/** @returns 16 hex digits that are the same for statements of one shape */
export function fingerprint(sql: string): string {
  return createHash('sha256').update(normalizeSql(sql)).digest('hex').slice(0, 16);
}

const tokens = /"(?:[^"]|"")*"|'(?:[^']|'')*'|\$\d+|(?<![\w.$])\d+(?:\.\d+)?(?!\w)/g;
const listOfValues = /\(\s*\?(?:\s*,\s*\?)*\s*\)/g;
const repeatedLists = /\(\?\)(?:\s*,\s*\(\?\))+/g;

/** `in ($1, $2, $3)` and `in ($1)` are one shape, and so are inserts of one row and of a hundred. */
export function normalizeSql(sql: string): string {
  return sql
    .replace(tokens, (token) => (token.startsWith('"') ? token : '?'))
    .replace(listOfValues, '(?)')
    .replace(repeatedLists, '(?)')
    .replace(/\s+/g, ' ')
    .trim();
}
