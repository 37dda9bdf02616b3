/**
 * What a column's function gives back, by the column's type:
 * `int2`, `int4`, `int8`: a safe integer; `bool`: a boolean; `timestamptz`: microseconds since 2000-01-01 00:00 UTC;
 * `date`: days since 2000-01-01; `text`, `varchar`: a string, or its UTF-8 bytes (cheaper where it is drawn from a
 * vocabulary, good until the next row is asked for); `jsonb`, `inet`, `numeric`: its text form, likewise; `text[]`: an
 * array of them. `null` is SQL's null.
 */
export type SeedValue = number | boolean | string | Uint8Array | readonly (string | Uint8Array)[] | null;

/** One table of the seeded world. Every value is a function of the seed and the row, so any range can be made alone. */
export interface SeedTable {
  /** In schema public. */
  readonly table: string;
  readonly rowCount: number;
  /**
   * Called before the columns of a row: computes what several of them share. It may remember the last row it was
   * asked for, but the outcome depends on the row alone.
   */
  readonly prepare?: (row: number) => void;
  /** By column name; `row` counts from 0. A column that is left out gets the table's default. */
  readonly columns: Readonly<Record<string, (row: number) => SeedValue>>;
  /**
   * Of a partitioned table, whose rows are in the order of its control column: the row at which each month
   * begins, and the end. Months are told by the instant they begin.
   */
  readonly months?: readonly { readonly month: Date; readonly fromRow: number; readonly toRow: number }[];
}
