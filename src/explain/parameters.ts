import type { ClientBase } from 'pg';
import { quoteIdentifier } from '../database/identifier.js';
import { OperationError, UsageError } from '../errors.js';

/** Asks the database for a value to explain with. Undefined when there is none. */
export type FindValue = (client: ClientBase, known: Readonly<Record<string, unknown>>) => Promise<unknown>;

export interface Parameter<T> {
  /** What a value looks like: `a number`. */
  readonly form: string;
  readonly isOptional: boolean;
  /** Never shown, not in conditions of the plan either. */
  readonly isSecret: boolean;
  /** Undefined: not a value of this form. */
  readonly parse: (text: string) => T | undefined;
  readonly find: FindValue | undefined;
}

export type ParameterSet = Readonly<Record<string, Parameter<unknown>>>;

export type ValuesOf<Set extends ParameterSet> = {
  readonly [Name in keyof Set]: Set[Name] extends Parameter<infer T> ? T : never;
};

function required<T>(form: string, parse: Parameter<T>['parse'], find: FindValue): Parameter<T> {
  return { form, isOptional: false, isSecret: false, parse, find };
}

const parseId = (text: string): string | undefined => (/^\d{1,19}$/.test(text) ? text : undefined);
const parseInstant = (text: string): Date | undefined =>
  Number.isNaN(Date.parse(text)) ? undefined : new Date(text);

export const idParameter = (find: FindValue): Parameter<string> => required('an id', parseId, find);

export const instantParameter = (find: FindValue): Parameter<Date> =>
  required('an instant, as in 2025-01-31T12:00Z', parseInstant, find);

export const dayParameter = (find: FindValue): Parameter<string> =>
  required('a day, as in 2025-01-31', (text) => (/^\d{4}-\d\d-\d\d$/.test(text) ? text : undefined), find);

export const textParameter = (find: FindValue): Parameter<string> => required('text', (text) => text, find);

export const secretParameter = (find: FindValue): Parameter<string> => ({
  ...textParameter(find),
  isSecret: true,
});

/** Left out unless given. */
export function optional<T>(form: string, parse: (text: string) => T | undefined): Parameter<T | undefined> {
  return { form, isOptional: true, isSecret: false, parse, find: undefined };
}

export const limitParameter = optional('a number of rows', (text) =>
  /^\d{1,6}$/.test(text) ? Number(text) : undefined,
);
export const cursorParameter = optional('the cursor of a page', (text) => text);
export const flagParameter = optional('true or false', (text) =>
  text === 'true' ? true : text === 'false' ? false : undefined,
);

/** The first column of the first row. */
export function valueOf(sql: string, ...names: readonly string[]): FindValue {
  return async (client, known) => {
    const { rows } = await client.query<unknown[]>({
      text: sql,
      values: names.map((name) => known[name]),
      rowMode: 'array',
    });
    return rows[0]?.[0] ?? undefined;
  };
}

/**
 * The value that most rows of the table have, by its statistics: the busiest room, the user with the most of it. Any
 * value without statistics; a table of millions is not read for it.
 */
export function mostCommon(table: string, column: string): FindValue {
  return async (client) => {
    const { rows } = await client.query<{ value: string | null }>(
      `select (most_common_vals::text::text[])[1] as value from pg_stats
       where schemaname = 'public' and tablename = $1 and attname = $2 order by inherited desc limit 1`,
      [table, column],
    );
    const value = rows[0]?.value ?? undefined;
    if (value !== undefined) return value;
    return valueOf(`select ${quoteIdentifier(column)}::text from public.${quoteIdentifier(table)} limit 1`)(
      client,
      {},
    );
  };
}

export interface ResolvedParameter {
  readonly name: string;
  readonly value: unknown;
  readonly isSecret: boolean;
  /** Given by the caller, rather than found in the database. */
  readonly isGiven: boolean;
}

/** Checks the texts given against what the statement takes, before anything is connected to. @throws UsageError EXPLAIN_PARAMETER_INVALID */
export function parseParameters(
  statement: string,
  set: ParameterSet,
  given: Readonly<Record<string, string>>,
): Readonly<Record<string, unknown>> {
  const values: Record<string, unknown> = {};
  for (const [name, text] of Object.entries(given)) {
    const parameter = Object.hasOwn(set, name) ? set[name] : undefined;
    if (parameter === undefined) {
      throw new UsageError('EXPLAIN_PARAMETER_INVALID', `${statement} has no parameter ${name}`, {
        hint: `It takes ${Object.keys(set).join(', ') || 'none'}.`,
      });
    }
    const value = parameter.parse(text);
    if (value === undefined) {
      throw new UsageError(
        'EXPLAIN_PARAMETER_INVALID',
        `--param ${name}: ${parameter.isSecret ? 'the value' : `«${text}»`} is not ${parameter.form}`,
        { hint: `Write it as ${name}=VALUE, ${parameter.form}.` },
      );
    }
    values[name] = value;
  }
  return values;
}

/** Finds a value for every parameter that was not given, in their order. @throws OperationError EXPLAIN_PARAMETER_MISSING */
export async function resolveParameters(
  client: ClientBase,
  statement: string,
  set: ParameterSet,
  given: Readonly<Record<string, unknown>>,
): Promise<ResolvedParameter[]> {
  const known: Record<string, unknown> = { ...given };
  const resolved: ResolvedParameter[] = [];
  for (const [name, { isOptional, isSecret, find, form }] of Object.entries(set)) {
    const isGiven = Object.hasOwn(given, name);
    const value = isGiven ? given[name] : await find?.(client, known);
    if (value === undefined) {
      if (isOptional) continue;
      throw new OperationError(
        'EXPLAIN_PARAMETER_MISSING',
        `the database has no row to take ${name} of ${statement} from`,
        { hint: `Give one with --param ${name}=VALUE (${form}), or seed the database.` },
      );
    }
    known[name] = value;
    resolved.push({ name, value, isSecret, isGiven });
  }
  return resolved;
}
