import type { UncoveredForeignKey } from './find-uncovered.js';

/** What the planner says of an index that does not exist. */
export interface PlannerVerdict {
  /** Its columns. */
  readonly columns: readonly string[];
  /** The statement or command that would make it. */
  readonly createStatement: string;
  /** The planner would use it. */
  readonly used: boolean;
  /** Of the whole statement, in the planner's units: to read a page in sequence is 1. */
  readonly costBefore: number;
  readonly costAfter: number;
}

/** An index that would make statements of pg_stat_statements at least twice as cheap. */
export interface StatementVerdict extends PlannerVerdict {
  readonly schema: string;
  readonly table: string;
  /** The one of them that takes most time, its constants replaced by $1, $2, …; the costs are its. */
  readonly statement: string;
  /** How many of the statements that were looked at. */
  readonly statements: number;
  /** Of all of them, as are the milliseconds. */
  readonly calls: number;
  readonly totalMs: number;
}

export interface PlannerVerdicts {
  readonly foreignKeys: ReadonlyMap<UncoveredForeignKey, PlannerVerdict>;
  /** What takes most time first. */
  readonly statements: readonly StatementVerdict[];
  /** What was not asked, and why, in sentences. */
  readonly notices: readonly string[];
}
