import type {
  Catalog,
  Column,
  Constraint,
  Dependency,
  Index,
  Table,
  TableObject,
  Trigger,
  View,
} from './catalog.js';
import { ledgerSchema, ledgerTables } from './ledger-tables.js';
import type { DependencyRow } from './queries/dependencies.js';
import type { listPrivileges } from './queries/privileges.js';
import type { RoutineRow } from './queries/routines.js';
import type { SchemaRow } from './queries/schemas.js';
import type { SequenceRow } from './queries/sequences.js';
import type { TableRow } from './queries/tables.js';
import type { TypeRow } from './queries/types.js';
import type { ViewRow } from './queries/views.js';

type ByRelation<T> = ReadonlyMap<number, readonly T[]>;

/** The rows of each query, by oid where they belong to something. */
export interface CatalogRows extends Pick<Catalog, 'extensions' | 'eventTriggers' | 'others'> {
  readonly schemas: readonly SchemaRow[];
  readonly types: readonly TypeRow[];
  readonly sequences: readonly SequenceRow[];
  readonly tables: readonly TableRow[];
  readonly columns: ByRelation<Column>;
  readonly constraints: ByRelation<Constraint>;
  readonly indexes: ByRelation<Index>;
  readonly triggers: ByRelation<Trigger>;
  readonly policies: ByRelation<TableObject>;
  readonly rules: ByRelation<TableObject>;
  readonly statistics: ByRelation<TableObject>;
  readonly views: readonly ViewRow[];
  readonly routines: readonly RoutineRow[];
  readonly privileges: Awaited<ReturnType<typeof listPrivileges>>;
  readonly dependencies: readonly DependencyRow[];
}

/** Puts the rows together: each object with its parts, without the ledger and without what partitions inherit. */
export function assembleCatalog(rows: CatalogRows): Catalog {
  const tables = withoutInherited(rows.tables.map((row) => tableOf(row, rows))).filter(
    (table) => !ledgerTables.has(table.name),
  );
  const content = {
    extensions: rows.extensions,
    types: rows.types.map(({ oid, ...type }) => ({ ...type, privileges: rows.privileges('pg_type', oid) })),
    sequences: rows.sequences
      .filter(({ owner }) => owner === null || !ledgerTables.has(owner.table))
      .map(({ oid, ...sequence }) => ({ ...sequence, privileges: rows.privileges('pg_class', oid) })),
    tables,
    views: rows.views.map((row) => viewOf(row, rows)),
    routines: rows.routines.map(({ oid, ...routine }) => ({
      ...routine,
      privileges: rows.privileges('pg_proc', oid),
    })),
    eventTriggers: rows.eventTriggers,
    others: rows.others,
  };
  return {
    schemas: rows.schemas
      .filter(({ name }) => name !== ledgerSchema || isUsed(ledgerSchema, content))
      .map(({ oid, ...schema }) => ({ ...schema, privileges: rows.privileges('pg_namespace', oid) })),
    ...content,
    dependencies: dependenciesOf(rows, content),
  };
}

function tableOf({ oid, ...row }: TableRow, rows: CatalogRows): Table {
  return {
    ...row,
    privileges: rows.privileges('pg_class', oid),
    columns: rows.columns.get(oid) ?? [],
    constraints: rows.constraints.get(oid) ?? [],
    indexes: rows.indexes.get(oid) ?? [],
    triggers: rows.triggers.get(oid) ?? [],
    policies: rows.policies.get(oid) ?? [],
    rules: rows.rules.get(oid) ?? [],
    statistics: rows.statistics.get(oid) ?? [],
  };
}

function viewOf({ oid, ...row }: ViewRow, rows: CatalogRows): View {
  return {
    ...row,
    columnComments: (rows.columns.get(oid) ?? []).flatMap(({ name, comment }) =>
      comment === null ? [] : [{ column: name, comment }],
    ),
    privileges: rows.privileges('pg_class', oid),
    indexes: rows.indexes.get(oid) ?? [],
    triggers: rows.triggers.get(oid) ?? [],
    rules: rows.rules.get(oid) ?? [],
    statistics: rows.statistics.get(oid) ?? [],
  };
}

/**
 * Leaves out of partitions what they share with their parent: columns (a comment may also be missing: only LIKE
 * copies it) and privileges.
 */
function withoutInherited(tables: readonly Table[]): readonly Table[] {
  const byName = new Map(tables.map((table) => [table.name, table]));
  return tables.map((table) => {
    const parent = table.partitionOf === null ? undefined : byName.get(table.partitionOf);
    if (parent === undefined) return table;
    const inherited = new Map(parent.columns.map((column) => [column.name, column]));
    const samePrivileges = JSON.stringify(table.privileges) === JSON.stringify(parent.privileges);
    return {
      ...table,
      privileges: samePrivileges ? [] : table.privileges,
      columns: table.columns.filter((column) => !isSameColumn(column, inherited.get(column.name))),
    };
  });
}

function isSameColumn(column: Column, parent: Column | undefined): boolean {
  if (parent === undefined) return false;
  // A partition has no identity of its own before PostgreSQL 17 and its parent's from then on.
  const own = { ...column, identity: parent.identity, comment: column.comment ?? parent.comment };
  return JSON.stringify(own) === JSON.stringify(parent);
}

function isUsed(schema: string, content: Omit<Catalog, 'schemas' | 'dependencies'>): boolean {
  const { types, sequences, tables, views, routines, extensions, others } = content;
  return (
    [types, sequences, tables, views, routines].some((list) =>
      list.some(({ name }) => name.startsWith(`${schema}.`)),
    ) ||
    extensions.some((extension) => extension.schema === schema) ||
    others.some((name) => name.includes(` ${schema}.`))
  );
}

/** Both ends by name; what leads to or from the ledger is left out with it. */
function dependenciesOf(
  rows: CatalogRows,
  { tables, sequences }: Pick<Catalog, 'tables' | 'sequences'>,
): readonly Dependency[] {
  const kept = new Set([...tables, ...sequences].map(({ name }) => name));
  const isKept = ({ name }: { readonly name: string }): boolean => kept.has(name);
  const objects = new Map<string, string>([
    ...rows.types.map((row) => [`pg_type:${row.oid}`, `type ${row.name}`] as const),
    ...rows.sequences.filter(isKept).map((row) => [`pg_class:${row.oid}`, `sequence ${row.name}`] as const),
    ...rows.tables.filter(isKept).map((row) => [`pg_class:${row.oid}`, `table ${row.name}`] as const),
    ...rows.views.map((row) => [`pg_class:${row.oid}`, `view ${row.name}`] as const),
    ...rows.routines.map((row) => [`pg_proc:${row.oid}`, `routine ${row.name}`] as const),
  ]);
  return rows.dependencies
    .flatMap((row) => {
      const [dependent, on] = [objects.get(row.dependent), objects.get(row.on)];
      return dependent === undefined || on === undefined ? [] : [{ dependent, on }];
    })
    .sort((a, b) => (`${a.dependent} ${a.on}` < `${b.dependent} ${b.on}` ? -1 : 1));
}
