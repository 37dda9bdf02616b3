import type { Text } from './text.js';

/** How a value is told; raw in machine formats, and for people as `formatValue` writes it. */
export type Kind =
  | 'text'
  | 'boolean'
  /** A whole number. */
  | 'count'
  /** Rounded to one or two digits for people. */
  | 'decimal'
  /** 1 is all; people see percent. */
  | 'ratio'
  | 'seconds'
  | 'bytes'
  /** `YYYY-MM-DD`, in the time zone of the report. */
  | 'day'
  | 'instant';

export interface Column<T> {
  readonly kind: Kind;
  readonly label: Text;
  readonly nullable: boolean;
  /** The JavaScript value that rows of a result hold. @returns undefined for what it is not */
  readonly accept: (value: unknown) => T | undefined;
}

export type ColumnSet = Readonly<Record<string, Column<unknown>>>;

/** A row as `runReport` returns it. */
export type RowOf<Columns extends ColumnSet> = {
  readonly [Name in keyof Columns]: Columns[Name] extends Column<infer T> ? T : never;
};

// Made as `Column`s of one type each, so that a report states what its SQL must return, once.
const column =
  <T>(kind: Kind, accept: (value: unknown) => T | undefined) =>
  (en: string, ko: string): Column<T> => ({ kind, label: { en, ko }, nullable: false, accept });

const acceptNumber = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined;
const acceptWhole = (value: unknown): number | undefined =>
  Number.isSafeInteger(value) ? (value as number) : undefined;
const acceptText = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const acceptDay = (value: unknown): string | undefined =>
  typeof value === 'string' && /^-?\d{4,6}-\d\d-\d\d$/.test(value) ? value : undefined;

export const text = column('text', acceptText);
export const boolean = column('boolean', (value) => (typeof value === 'boolean' ? value : undefined));
/** Cast it to float8 in the SQL: bigint arrives as text, and float8 holds whole numbers to 2^53. */
export const count = column('count', acceptWhole);
export const decimal = column('decimal', acceptNumber);
export const ratio = column('ratio', acceptNumber);
export const seconds = column('seconds', acceptNumber);
/** Cast to float8, as `count`. */
export const bytes = column('bytes', acceptWhole);
export const day = column('day', acceptDay);
export const instant = column('instant', (value) => (value instanceof Date ? value : undefined));

export function nullable<T>({ accept, ...rest }: Column<T>): Column<T | null> {
  return { ...rest, nullable: true, accept: (value) => (value === null ? null : accept(value)) };
}
