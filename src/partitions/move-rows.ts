import type { ClientBase } from 'pg';
import { quoteIdentifier, quoteLiteral, quoteQualified } from '../database/identifier.js';
import type { Bounds } from '../partitioning/attach-partition.js';
import type { PartitionSet } from '../partitioning/partition-set.js';

export interface TableName {
  readonly schema: string;
  readonly name: string;
}

/**
 * Moves the rows within the bounds, or with `outside` those that are not, from one table (not its partitions) to
 * another, in one statement: what it does not see it neither copies nor deletes. Columns are matched by name. The
 * pointers of messages stay as they are: moving is not deleting.
 *
 * Inside the caller's transaction.
 *
 * @returns how many rows
 */
export async function moveRows(
  client: ClientBase,
  set: PartitionSet,
  from: TableName & { readonly oid: number },
  to: TableName,
  bounds: Bounds & { readonly outside?: boolean },
): Promise<number> {
  const columns = await storedColumns(client, from.oid);
  const range = rangeCondition(set, bounds);
  await client.query(`select set_config('studymate.moving', 'on', true)`);
  const { rowCount } = await client.query(
    `with gone as (
       delete from only ${quoteQualified(from.schema, from.name)}
       where ${bounds.outside === true ? `(${range}) is not true` : range}
       returning ${columns}
     )
     insert into ${quoteQualified(to.schema, to.name)} (${columns}) overriding system value
     select ${columns} from gone`,
  );
  return rowCount ?? 0;
}

/**
 * Cuts a range into slices of about so many rows, in one scan that blocks nobody. Rows of the same instant stay
 * together, however many they are.
 *
 * @returns the slices in order, the last one up to the upper bound; one slice where there are no more rows than that
 */
export async function sliceRange(
  client: ClientBase,
  set: PartitionSet,
  from: TableName,
  bounds: Bounds,
  rowsPerSlice: number,
): Promise<readonly Bounds[]> {
  const column = quoteIdentifier(set.controlColumn);
  const { rows: cuts } = await client.query<{ cut: string }>(
    `select distinct to_char(at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') || '+00' as cut
     from (
       select ${column} as at, row_number() over (order by ${column}) as number, min(${column}) over () as first
       from only ${quoteQualified(from.schema, from.name)}
       where ${rangeCondition(set, bounds)}
     ) as numbered
     where number % $1 = 1 % $1 and at > first
     order by 1`,
    [rowsPerSlice],
  );
  const ends = [...cuts.map(({ cut }) => cut), bounds.upper];
  return ends.map((upper, index) => ({ lower: index === 0 ? bounds.lower : (ends[index - 1] ?? ''), upper }));
}

export async function hasRows(
  client: ClientBase,
  set: PartitionSet,
  table: TableName,
  bounds: Bounds,
): Promise<boolean> {
  const { rows } = await client.query<{ found: boolean }>(
    `select exists (
       select from only ${quoteQualified(table.schema, table.name)} where ${rangeCondition(set, bounds)}
     ) as found`,
  );
  return rows[0]?.found === true;
}

function rangeCondition({ controlColumn }: PartitionSet, { lower, upper }: Bounds): string {
  const column = quoteIdentifier(controlColumn);
  return `${column} >= ${quoteLiteral(lower)} and ${column} < ${quoteLiteral(upper)}`;
}

/** Without generated ones, which cannot be written. */
async function storedColumns(client: ClientBase, oid: number): Promise<string> {
  const { rows } = await client.query<{ name: string }>(
    `select attname as name from pg_attribute
     where attrelid = $1 and attnum > 0 and not attisdropped and attgenerated = ''
     order by attnum`,
    [oid],
  );
  return rows.map(({ name }) => quoteIdentifier(name)).join(', ');
}
