/**
 * A database's catalog in a normal form: the same schema gives the same values on PostgreSQL 15, 16, 17 and 18,
 * whatever order it was created in. Names are as SQL writes them: qualified by their schema, quoted only where
 * needed. Everything is sorted bytewise by name, but columns, which keep their order.
 *
 * Left out: owners, tablespaces, extension versions and members, what an object inherits from the one it is a
 * partition of or attached to, default privileges, and the ledger of the migrations.
 */
export interface Catalog {
  readonly schemas: readonly Schema[];
  readonly extensions: readonly Extension[];
  readonly types: readonly UserType[];
  readonly sequences: readonly Sequence[];
  readonly tables: readonly Table[];
  readonly views: readonly View[];
  readonly routines: readonly Routine[];
  readonly eventTriggers: readonly EventTrigger[];
  /** Objects of kinds that are not described further, such as `operator public.=== (integer,integer)`. */
  readonly others: readonly string[];
  /** What must exist before what: pairs of a dependent object and the one it depends on. For the order of DDL. */
  readonly dependencies: readonly Dependency[];
}

export interface Dependency {
  readonly dependent: string;
  readonly on: string;
}

/** A grant beyond the default of such an object, or the revocation of one that is there by default. */
export interface Privilege {
  readonly action: 'grant' | 'revoke';
  readonly privilege: string;
  readonly column: string | null;
  readonly grantee: string;
  readonly grantable: boolean;
}

export interface Schema {
  readonly name: string;
  readonly comment: string | null;
  readonly privileges: readonly Privilege[];
}

export interface Extension {
  readonly name: string;
  readonly schema: string;
}

export interface UserType {
  readonly name: string;
  readonly kind: 'enum' | 'domain' | 'composite type';
  /** What follows the name in `create type` or `create domain`. */
  readonly definition: string;
  readonly comment: string | null;
  readonly privileges: readonly Privilege[];
}

export interface Sequence {
  readonly name: string;
  readonly type: string;
  /** The parameters that differ from the type's defaults, as `create sequence` takes them; empty if none do. */
  readonly options: string;
  readonly unlogged: boolean;
  readonly owner: SequenceOwner | null;
  readonly comment: string | null;
  readonly privileges: readonly Privilege[];
}

/** The column that a sequence goes away with; an identity column's sequence cannot exist without it. */
export interface SequenceOwner {
  readonly table: string;
  readonly column: string;
  readonly identity: boolean;
}

export interface Table {
  readonly name: string;
  readonly unlogged: boolean;
  /** Null for heap. */
  readonly accessMethod: string | null;
  /** `range (created_at)` of a partitioned table. */
  readonly partitionKey: string | null;
  /** The table that this one is a partition of. */
  readonly partitionOf: string | null;
  /** `for values from (…) to (…)` or `default`; ends in `detach pending` while a concurrent detach is unfinished. */
  readonly bound: string | null;
  readonly inherits: readonly string[];
  /** Storage parameters such as `fillfactor=70`. */
  readonly options: readonly string[];
  readonly rowSecurity: 'off' | 'on' | 'forced';
  /** `nothing`, `full` or `using index …`; null for the default. */
  readonly replicaIdentity: string | null;
  /** The index the table is clustered on. */
  readonly clusterOn: string | null;
  readonly comment: string | null;
  readonly privileges: readonly Privilege[];
  /** Of a partition: only those columns that are not as in the table it is a partition of. */
  readonly columns: readonly Column[];
  readonly constraints: readonly Constraint[];
  readonly indexes: readonly Index[];
  readonly triggers: readonly Trigger[];
  readonly policies: readonly TableObject[];
  readonly rules: readonly TableObject[];
  readonly statistics: readonly TableObject[];
}

export interface Column {
  readonly name: string;
  readonly type: string;
  readonly collation: string | null;
  readonly notNull: boolean;
  readonly default: string | null;
  /** The sequence of an identity column is in `Catalog.sequences`. */
  readonly identity: 'always' | 'by default' | null;
  readonly generated: 'stored' | 'virtual' | null;
  readonly storage: string | null;
  readonly compression: string | null;
  readonly statisticsTarget: number | null;
  readonly options: readonly string[];
  readonly comment: string | null;
}

/** Something named, with its definition as the server prints it. */
export interface TableObject {
  readonly name: string;
  readonly definition: string;
  readonly comment: string | null;
}

export interface Constraint extends TableObject {
  readonly type: 'primary key' | 'unique' | 'exclusion' | 'foreign key' | 'check' | 'not null';
  readonly validated: boolean;
  /** The table a foreign key points at. */
  readonly references: string | null;
  /** A foreign key whose triggers are disabled enforces nothing. */
  readonly enforced: boolean;
}

export interface Index extends TableObject {
  /** The primary key, unique or exclusion constraint whose index it is; the constraint says the rest. */
  readonly constraint: string | null;
  /** False for one that a failed CREATE INDEX CONCURRENTLY left, or that misses a partition's index. */
  readonly valid: boolean;
  /** Storage parameters of a constraint's index; another's are in its definition. */
  readonly options: readonly string[];
}

export interface Trigger extends TableObject {
  readonly enabled: TriggerState;
  /** True for a partition's clone, listed only because it is enabled otherwise than the one it was cloned from. */
  readonly clone: boolean;
}

export type TriggerState = 'enabled' | 'disabled' | 'enabled replica' | 'enabled always';

export interface View {
  readonly name: string;
  readonly kind: 'view' | 'materialized view';
  readonly definition: string;
  readonly options: readonly string[];
  readonly comment: string | null;
  readonly columnComments: readonly ColumnComment[];
  readonly privileges: readonly Privilege[];
  readonly indexes: readonly Index[];
  readonly triggers: readonly Trigger[];
  readonly rules: readonly TableObject[];
  readonly statistics: readonly TableObject[];
}

export interface ColumnComment {
  readonly column: string;
  readonly comment: string;
}

export interface Routine {
  /** With the types of its arguments: `public.f(integer,text)`. */
  readonly name: string;
  readonly kind: 'function' | 'procedure';
  readonly definition: string;
  readonly comment: string | null;
  readonly privileges: readonly Privilege[];
}

export interface EventTrigger {
  readonly name: string;
  /** What follows the name in `create event trigger`. */
  readonly definition: string;
  readonly enabled: TriggerState;
  readonly comment: string | null;
}
