import type { Constraint, Sequence, Table } from '../catalog.js';
import { columnDefinition, columnStatements, deviationStatements, isSerial } from './column.js';
import { commentOn, indexStatements, privilegesOn, triggerStatements, withOptions } from './statements.js';

export interface TableContext {
  /** The sequences that go away with a table, by its name. */
  readonly sequencesOf: (table: string) => readonly Sequence[];
  readonly partitionsOf: (table: string) => readonly Table[];
  /** Whether a table is there already, so that a foreign key may point at it. */
  readonly exists: (table: string) => boolean;
}

/** `create table` and everything that is about the table, its partitions after it. */
export function tableStatements(table: Table, context: TableContext): readonly string[] {
  return [
    table.partitionOf === null ? createTable(table, context) : createPartition(table),
    ...detailStatements(table, context),
    ...context.partitionsOf(table.name).flatMap((partition) => tableStatements(partition, context)),
  ];
}

function createTable(table: Table, context: TableContext): string {
  const owned = context.sequencesOf(table.name);
  const lines = [
    ...table.columns.map((column) => columnDefinition(table, column, owned)),
    ...table.constraints.filter((constraint) => isInline(table, constraint, context)).map(constraintClause),
  ];
  const body = lines.length === 0 ? '()' : `(\n  ${lines.join(',\n  ')}\n)`;
  const inherits = table.inherits.length === 0 ? '' : ` inherits (${table.inherits.join(', ')})`;
  return `create ${table.unlogged ? 'unlogged ' : ''}table ${table.name} ${body}${inherits}${tableClauses(table)};`;
}

function createPartition(table: Table): string {
  const bound = (table.bound ?? '').replace(/ detach pending$/, '');
  const unlogged = table.unlogged ? 'unlogged ' : '';
  return `create ${unlogged}table ${table.name} partition of ${table.partitionOf ?? ''} ${bound}${tableClauses(table)};`;
}

function tableClauses(table: Table): string {
  const key = table.partitionKey === null ? '' : ` partition by ${table.partitionKey}`;
  const method = table.accessMethod === null ? '' : ` using ${table.accessMethod}`;
  return `${key}${method}${withOptions(table.options)}`;
}

function constraintClause(constraint: Constraint): string {
  return `constraint ${constraint.name} ${constraint.definition}`;
}

/** CREATE TABLE marks every constraint as validated, so one that is not is added afterwards. */
function isInline(table: Table, constraint: Constraint, context: TableContext): boolean {
  const { references, validated } = constraint;
  return (
    validated &&
    table.partitionOf === null &&
    (references === null || references === table.name || context.exists(references))
  );
}

/** Foreign keys that had to wait for the table they point at. */
export function laterForeignKeys(table: Table, context: TableContext): readonly Constraint[] {
  return table.constraints.filter(
    ({ references }) => references !== null && references !== table.name && !context.exists(references),
  );
}

export function addConstraint(table: Table, constraint: Constraint): readonly string[] {
  return [
    `alter table ${table.name} add ${constraintClause(constraint)};`,
    ...commentOn(`constraint ${constraint.name} on ${table.name}`, constraint.comment),
  ];
}

function detailStatements(table: Table, context: TableContext): readonly string[] {
  const { name } = table;
  const later = new Set(laterForeignKeys(table, context));
  const owned = context.sequencesOf(name);
  return [
    ...commentOn(`table ${name}`, table.comment),
    ...table.columns.flatMap((column) => [
      ...(table.partitionOf === null ? columnStatements(table, column) : deviationStatements(table, column)),
      ...commentOn(`column ${name}.${column.name}`, column.comment),
    ]),
    ...owned.flatMap((sequence) => ownedSequenceStatements(table, sequence)),
    ...table.constraints
      .filter((constraint) => !later.has(constraint))
      .flatMap((constraint) =>
        isInline(table, constraint, context)
          ? commentOn(`constraint ${constraint.name} on ${name}`, constraint.comment)
          : addConstraint(table, constraint),
      ),
    ...indexStatements(table.indexes),
    ...(table.clusterOn === null ? [] : [`alter table ${name} cluster on ${table.clusterOn};`]),
    ...(table.replicaIdentity === null
      ? []
      : [`alter table ${name} replica identity ${table.replicaIdentity};`]),
    ...[...table.statistics, ...table.rules, ...table.policies].map(({ definition }) => `${definition};`),
    ...table.statistics.flatMap((object) => commentOn(`statistics ${object.name}`, object.comment)),
    ...table.rules.flatMap((rule) => commentOn(`rule ${rule.name} on ${name}`, rule.comment)),
    ...table.policies.flatMap((policy) => commentOn(`policy ${policy.name} on ${name}`, policy.comment)),
    ...(table.rowSecurity === 'off' ? [] : [`alter table ${name} enable row level security;`]),
    ...(table.rowSecurity === 'forced' ? [`alter table ${name} force row level security;`] : []),
    ...triggerStatements(name, table.triggers),
    ...privilegesOn(`table ${name}`, table.privileges),
  ];
}

function ownedSequenceStatements(table: Table, sequence: Sequence): readonly string[] {
  const { owner } = sequence;
  const column = table.columns.find(({ name }) => name === owner?.column);
  const made = owner?.identity === true || (column !== undefined && isSerial(table, column, sequence));
  return [
    ...(made ? [] : [`alter sequence ${sequence.name} owned by ${table.name}.${owner?.column ?? ''};`]),
    ...commentOn(`sequence ${sequence.name}`, sequence.comment),
    ...privilegesOn(`sequence ${sequence.name}`, sequence.privileges),
  ];
}
