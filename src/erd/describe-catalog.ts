import type { Catalog, Column, Constraint, Index, Table } from '../catalog/catalog.js';
import { partitionPolicies } from '../partitioning/policy.js';
import { domains, otherDomain, toolkitDomain } from './domains.js';
import { anchorOf, displayName, koreanNameOf } from './names.js';
import { readableCheck, readableDefault, readableType } from './readable-sql.js';
import { keyColumns, listReferences } from './references.js';
import type {
  ColumnDescription,
  DomainDescription,
  KeyMark,
  PartitionDescription,
  Reference,
  RuleDescription,
  SchemaDescription,
  TableDescription,
} from './schema-description.js';

/** Says a catalog in the words of its readers; pure. */
export function describeCatalog(catalog: Catalog): SchemaDescription {
  const references = listReferences(catalog);
  const roots = catalog.tables.filter(({ partitionOf }) => partitionOf === null);
  const placed = new Set(domains.flatMap(({ tables }) => tables));
  const isToolkit = ({ name }: Table): boolean => name.startsWith(`${toolkitDomain.schema}.`);
  const describe = (tables: readonly Table[]): readonly TableDescription[] =>
    tables.map((table) => describeTable(table, catalog, references));
  const all: readonly DomainDescription[] = [
    ...domains.map(({ key, name, koreanName, tables }) => ({
      key,
      name,
      koreanName,
      tables: describe(tables.flatMap((table) => roots.filter((root) => root.name === table))),
    })),
    { ...toolkitDomain, tables: describe(roots.filter(isToolkit)) },
    {
      ...otherDomain,
      tables: describe(roots.filter((table) => !placed.has(table.name) && !isToolkit(table))),
    },
  ];
  return { domains: all.filter(({ tables }) => tables.length > 0) };
}

function describeTable(table: Table, catalog: Catalog, references: readonly Reference[]): TableDescription {
  const anchor = anchorOf(table.name);
  const own = references.filter(({ from }) => from.anchor === anchor);
  const partitions = partitionsOf(table.name, catalog);
  return {
    name: displayName(table.name),
    anchor,
    koreanName: koreanNameOf(table.comment),
    comment: table.comment,
    columns: table.columns.map((column) => describeColumn(column, table, own)),
    keys: rules(table.constraints, ['primary key', 'unique', 'exclusion']),
    checks: rules(table.constraints, ['check', 'not null']),
    indexes: table.indexes
      .filter(({ constraint }) => constraint === null)
      .map((index) => describeIndex(index, table.name)),
    references: own,
    referencedBy: references.filter(({ to }) => to.anchor === anchor),
    partitioning: partitioningOf(table, partitions),
    partitions,
  };
}

function describeColumn(
  column: Column,
  { constraints }: Table,
  references: readonly Reference[],
): ColumnDescription {
  const isIn = (type: Constraint['type']): boolean =>
    constraints.some((key) => key.type === type && keyColumns(key.definition).includes(column.name));
  const marks: readonly KeyMark[] = [
    isIn('primary key') ? ['PK' as const] : [],
    references.some(({ from }) => from.columns.includes(column.name)) ? ['FK' as const] : [],
    isIn('unique') ? ['UK' as const] : [],
  ].flat();
  return {
    name: column.name,
    type: readableType(column.type),
    nullable: !column.notNull,
    default: defaultOf(column),
    marks,
    comment: column.comment,
  };
}

function defaultOf(column: Column): string | null {
  if (column.identity !== null) return `identity (${column.identity})`;
  if (column.default === null) return null;
  return column.generated === null ? readableDefault(column.default) : `generated: ${column.default}`;
}

function rules(
  constraints: readonly Constraint[],
  types: readonly Constraint['type'][],
): readonly RuleDescription[] {
  return constraints
    .filter(({ type }) => types.includes(type))
    .map(({ name, type, definition, validated, comment }) => ({
      name,
      definition: `${type === 'check' ? readableCheck(definition) : definition}${validated ? '' : ' (not validated)'}`,
      comment,
    }));
}

function describeIndex(index: Index, table: string): RuleDescription {
  const { name, definition, valid, comment } = index;
  const unique = definition.startsWith('create unique ') ? 'unique ' : '';
  const from = definition.indexOf(' using ', definition.indexOf(`${table} using `));
  return {
    name: displayName(name),
    definition: `${unique}${definition.slice(from + 7)}${valid ? '' : ' (invalid)'}`,
    comment,
  };
}

/** Of every level, the deepest after what they are part of. */
function partitionsOf(name: string, catalog: Catalog): readonly PartitionDescription[] {
  return catalog.tables
    .filter(({ partitionOf }) => partitionOf === name)
    .flatMap((partition) => [
      { name: displayName(partition.name), bound: partition.bound ?? '' },
      ...partitionsOf(partition.name, catalog),
    ]);
}

/** The same whichever months there are just now: the policy says that they are months, not the partitions. */
function partitioningOf(
  { name, partitionKey }: Table,
  partitions: readonly PartitionDescription[],
): string | null {
  if (partitionKey === null) return null;
  const policy = partitionPolicies.find(
    ({ schema, table, archiveTable, controlColumn }) =>
      [`${schema}.${table}`, `${schema}.${archiveTable}`].includes(name) &&
      partitionKey === `range (${controlColumn})`,
  );
  const by = policy === undefined ? `by ${partitionKey}` : `by month of ${policy.controlColumn}, in UTC`;
  const hasDefault = partitions.some(({ bound }) => bound === 'default');
  return `${by}; ${hasDefault ? 'with a default partition' : 'no default partition'}`;
}
