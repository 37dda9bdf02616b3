import type {
  Expression,
  Kysely,
  QueryCreator,
  QueryCreatorWithCommonTableExpression,
  QueryExecutorProvider,
} from 'kysely';
import type { DB } from '../../generated/db.js';

/**
 * What reads and cannot write: `insertInto`, `updateTable`, `deleteFrom`, `mergeInto`, `schema` and transactions are
 * not there, nor inside `with`. A `Kysely<DB>` and a `Transaction<DB>` are assignable to it, so a query that takes a
 * `ReadKysely` runs on a replica, on the primary and inside a transaction alike.
 *
 * Raw SQL (`sql…execute(db.read)`) can say anything; there the server refuses the write, with SQLSTATE 25006.
 */
export interface ReadKysely
  extends
    ReadQueryCreator<DB>,
    Pick<Kysely<DB>, 'fn' | 'case' | 'dynamic' | 'isTransaction'>,
    QueryExecutorProvider {}

/** The part of kysely's QueryCreator that reads. */
export interface ReadQueryCreator<Tables> extends Pick<QueryCreator<Tables>, 'selectFrom' | 'selectNoFrom'> {
  /** As kysely's `with`; the expression can only read as well. */
  with<Name extends string, CTE extends ReadCommonTableExpression<Tables, Name>>(
    name: Name,
    expression: CTE,
  ): ReadQueryCreator<TablesOf<QueryCreatorWithCommonTableExpression<Tables, Name, CTE>>>;

  /** As kysely's `withRecursive`: name it with its columns, `tree(id, parent_id)`, and the expression can select from it. */
  withRecursive<
    Name extends string,
    CTE extends ReadCommonTableExpression<Tables & { [Table in TableOf<Name>]: RowOf<Name> }, Name>,
  >(
    name: Name,
    expression: CTE,
  ): ReadQueryCreator<TablesOf<QueryCreatorWithCommonTableExpression<Tables, Name, CTE>>>;
}

type ReadCommonTableExpression<Tables, Name extends string> = (
  creator: ReadQueryCreator<Tables>,
) => Expression<RowOf<Name>>;

// Built as kysely builds its own: only then can the compiler see that a Kysely is a ReadKysely.
type RowOf<Name extends string> = Name extends `${string}(${infer Columns})`
  ? { [Column in ColumnsOf<Columns>]: unknown }
  : Record<string, unknown>;

type ColumnsOf<List extends string> = List extends `${infer Column}, ${infer Rest}`
  ? Column | ColumnsOf<Rest>
  : List;

type TableOf<Name extends string> = Name extends `${infer Table}(${string})` ? Table : Name;

type TablesOf<Creator> = Creator extends QueryCreator<infer Tables> ? Tables : never;
