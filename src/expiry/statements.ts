import { quoteQualified } from '../database/identifier.js';
import type { ExpiryPolicy } from './policy.js';

/** `$1` is the cutoff everywhere: with microseconds, as text. */
export interface ExpiryStatements {
  /**
   * Keys of due rows, `$2` at most, in their order, as one array: a row a key takes four times as long. The planner
   * takes the index when few rows are due, else the table.
   */
  readonly listKeys: string;
  /** Changes the rows of the keys `$2` that are still due; waits for rows that are locked. */
  readonly change: string;
  /** The same, leaving out rows that are locked. Each row is locked first, which writes twice as much WAL. */
  readonly changeUnlocked: string;
  readonly count: string;
  readonly oldest: string;
}

export function expiryStatements({ schema, table, change, pending }: ExpiryPolicy): ExpiryStatements {
  const name = quoteQualified(schema, table);
  const due = `expires_at <= $1::timestamptz${pending === undefined ? '' : ` and ${pending}`}`;
  return {
    listKeys: `
      select coalesce(array_agg(id order by id), '{}')::text as keys
      from (select id from ${name} where ${due} limit $2) as due`,
    change: `${change} where id = any ($2::bigint[]) and ${due}`,
    changeUnlocked: `
      with free as materialized (
        select id from ${name} where id = any ($2::bigint[]) and ${due} for update skip locked
      )
      ${change} where id = any (array(select id from free))`,
    count: `select count(*) as due, min(expires_at) as oldest from ${name} where ${due}`,
    oldest: `select min(expires_at) as oldest from ${name} where ${due}`,
  };
}
