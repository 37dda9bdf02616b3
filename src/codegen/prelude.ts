/**
 * The types that the generated tables are built of, instead of kysely-codegen's own of the same names. `Generated` is
 * its version, which looks into a ColumnType; kysely's own would leave one nested.
 */
const text = `import type { ColumnType, SelectType } from 'kysely';

/** A column with a default: it may be left out of an insert. */
export type Generated<T> =
  T extends ColumnType<infer S, infer I, infer U>
    ? ColumnType<S, I | undefined, U>
    : ColumnType<T, T | undefined, T>;

/** A column that the server alone writes. */
export type GeneratedAlways<T> = ColumnType<SelectType<T>, never, never>;

/** An array of what T is a column of. */
export type ArrayType<T> = T extends ColumnType<infer S, infer I, infer U> ? ColumnType<S[], I[], U[]> : T[];

/** bigint: read as text, as a number cannot hold it. */
export type Int8 = ColumnType<string, string | number | bigint, string | number | bigint>;

/** numeric: read as text, with all its digits. */
export type Numeric = ColumnType<string, string | number, string | number>;

/** timestamp with time zone: read to the millisecond. Infinity, which no Date can be, is read as that number. */
export type Timestamp = ColumnType<Date, Date | string, Date | string>;

export type JsonPrimitive = string | number | boolean | null;
export type JsonValue = JsonPrimitive | JsonObject | JsonArray;
export type JsonArray = JsonValue[];
export interface JsonObject {
  [key: string]: JsonValue | undefined;
}

/** JSON of any kind. Write an array or a scalar as JSON.stringify gives it: pg sends an array as an SQL array. */
export type Json = ColumnType<JsonValue, JsonObject | string, JsonObject | string>;

/** The values that a column takes, in the order of the schema; and whether something is one of them. */
export interface ValueList<Values extends readonly string[]> {
  readonly values: Values;
  readonly is: (input: unknown) => input is Values[number];
}

function valueList<const Values extends readonly string[]>(...values: Values): ValueList<Values> {
  return { values, is: (input): input is Values[number] => (values as readonly unknown[]).includes(input) };
}
`;

const own = [...text.matchAll(/^(?:export )?(?:type|interface|function) (\w+)/gm)].map(
  ([, name = '']) => name,
);

export const prelude = {
  text,
  /** What the text declares and uses, and what kysely-codegen would define besides for its own version. */
  names: new Set([
    ...own,
    'ColumnType',
    'SelectType',
    'ArrayTypeImpl',
    'Date',
    'Buffer',
    'Record',
  ]) as ReadonlySet<string>,
};
