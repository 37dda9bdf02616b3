import type { ClientBase } from 'pg';
import type { ColumnSet, RowOf } from './columns.js';
import type { ParameterSet, ValuesOf } from './parameters.js';
import type { Pivot, Plot } from './plot.js';
import type { Text } from './text.js';

/** What a report cannot do without. */
export interface Needs {
  /** An extension that must be installed in the database. */
  readonly extension?: 'pg_stat_statements' | 'pgstattuple';
  /** Without the role pg_monitor it sees its own sessions and statements only; the result says so. */
  readonly monitor?: true;
}

export interface ReportContext {
  readonly now: Date;
  /** In the read-only transaction of the report. */
  readonly client: ClientBase;
  /** As in `server_version_num`. */
  readonly serverVersion: number;
  readonly isReplica: boolean;
}

interface Definition<Parameters extends ParameterSet, Columns extends ColumnSet> {
  /** As in `report NAME`. */
  readonly name: string;
  readonly group: 'product' | 'database';
  readonly title: Text;
  /** What a reader wants to know. */
  readonly question: Text;
  /** How each number comes about, exactly: sentences, one a line. */
  readonly definition: readonly string[];
  readonly parameters: Parameters;
  readonly columns: Columns;
  readonly plots?: readonly Plot[];
  readonly pivot?: Pivot;
  readonly needs?: Needs;
  /** What a reader of these rows should know. */
  // As a method, so that a report of given columns is a report of any.
  warnings?(
    rows: readonly RowOf<Columns>[],
    values: ValuesOf<Parameters>,
    context: ReportContext,
  ): readonly string[];
}

/** A report of one statement. */
export interface SqlReport<
  Parameters extends ParameterSet = ParameterSet,
  Columns extends ColumnSet = ColumnSet,
> extends Definition<Parameters, Columns> {
  /** Static text; one SELECT that returns `columns`, by name. */
  readonly sql: string;
  /** What $1, $2 … are. */
  readonly values: readonly (keyof Parameters & string)[];
}

/** A report of what another part of the library reads. */
export interface ReadReport<
  Parameters extends ParameterSet = ParameterSet,
  Columns extends ColumnSet = ColumnSet,
> extends Definition<Parameters, Columns> {
  read(context: ReportContext, values: ValuesOf<Parameters>): Promise<readonly RowOf<Columns>[]>;
}

export type Report<Parameters extends ParameterSet = ParameterSet, Columns extends ColumnSet = ColumnSet> =
  SqlReport<Parameters, Columns> | ReadReport<Parameters, Columns>;

/** Any of them: its values come from `resolveParameters`, its rows are checked against its columns. */
export type AnyReport = Report;

/** Checks at compile time that a report is one; returns it with its own types. */
export function defineReport<const Parameters extends ParameterSet, const Columns extends ColumnSet>(
  report: SqlReport<Parameters, Columns>,
): SqlReport<Parameters, Columns> {
  return report;
}

export function defineReadReport<const Parameters extends ParameterSet, const Columns extends ColumnSet>(
  report: ReadReport<Parameters, Columns>,
): ReadReport<Parameters, Columns> {
  return report;
}
