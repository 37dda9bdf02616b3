/** A schema for readers: tables by domain, partitions folded into their table. */
export interface SchemaDescription {
  /** Those that have tables, in the order of the ERD. */
  readonly domains: readonly DomainDescription[];
}

export interface DomainDescription {
  readonly key: string;
  readonly name: string;
  readonly koreanName: string;
  readonly tables: readonly TableDescription[];
}

export interface TableDescription {
  /** As SQL writes it; without the schema in public. */
  readonly name: string;
  /** For links: unique, and made of letters that need no escape anywhere. */
  readonly anchor: string;
  /** From the comment, where it begins like «Chat messages (채팅 메시지): …». */
  readonly koreanName: string | null;
  readonly comment: string | null;
  readonly columns: readonly ColumnDescription[];
  /** Primary key, unique and exclusion constraints. */
  readonly keys: readonly RuleDescription[];
  readonly checks: readonly RuleDescription[];
  /** Those that no constraint owns. */
  readonly indexes: readonly RuleDescription[];
  readonly references: readonly Reference[];
  readonly referencedBy: readonly Reference[];
  readonly partitioning: string | null;
  /** Which partitions there are is data: for the page, never for a committed document. */
  readonly partitions: readonly PartitionDescription[];
}

export type KeyMark = 'PK' | 'FK' | 'UK';

export interface ColumnDescription {
  readonly name: string;
  readonly type: string;
  readonly nullable: boolean;
  readonly default: string | null;
  /** UK also for one of several columns of a unique constraint. */
  readonly marks: readonly KeyMark[];
  readonly comment: string | null;
}

export interface RuleDescription {
  readonly name: string;
  readonly definition: string;
  readonly comment: string | null;
}

/** A foreign key, or a constraint trigger that stands in for one. */
export interface Reference {
  readonly name: string;
  readonly from: TableEnd;
  readonly to: TableEnd;
  /** Such as «on delete cascade»; empty for the defaults. */
  readonly actions: string;
  /** Whether a row may point at nothing. */
  readonly optional: boolean;
  /** Whether at most one row points at a row. */
  readonly single: boolean;
  readonly note: string | null;
}

export interface TableEnd {
  readonly table: string;
  readonly anchor: string;
  readonly columns: readonly string[];
}

export interface PartitionDescription {
  readonly name: string;
  readonly bound: string;
}
