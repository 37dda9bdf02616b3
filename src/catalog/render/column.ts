import type { Column, Sequence, Table } from '../catalog.js';
import { optionList } from './statements.js';

/** A column as `create table` takes it. What it cannot take is in `columnStatements`. */
export function columnDefinition(table: Table, column: Column, owned: readonly Sequence[]): string {
  const sequence = owned.find(({ owner }) => owner?.column === column.name);
  if (sequence !== undefined && isSerial(table, column, sequence)) {
    return `${column.name} ${serialTypes[column.type] ?? ''}`;
  }
  const collation = column.collation === null ? '' : ` collate ${column.collation}`;
  const notNull = column.notNull ? ' not null' : '';
  return `${column.name} ${column.type}${collation}${valueClause(table, column, sequence)}${notNull}`;
}

function valueClause(table: Table, column: Column, sequence: Sequence | undefined): string {
  if (column.identity !== null)
    return ` generated ${column.identity} as identity${identityOptions(table, column, sequence)}`;
  if (column.generated !== null) return ` generated always as (${column.default ?? ''}) ${column.generated}`;
  return column.default === null ? '' : ` default ${column.default}`;
}

function identityOptions(table: Table, column: Column, sequence: Sequence | undefined): string {
  if (sequence === undefined) return '';
  const name = hasUsualName(table, column, sequence) ? '' : `sequence name ${sequence.name} `;
  const options = `${name}${sequence.options}`.trim();
  return options === '' ? '' : ` (${options})`;
}

const serialTypes: Readonly<Record<string, string>> = {
  smallint: 'smallserial',
  integer: 'serial',
  bigint: 'bigserial',
};

/** Whether `bigserial` and its like would give exactly this column and this sequence. */
export function isSerial(table: Table, column: Column, sequence: Sequence): boolean {
  return (
    table.partitionOf === null &&
    sequence.owner?.table === table.name &&
    sequence.owner.column === column.name &&
    !sequence.owner.identity &&
    sequence.type === column.type &&
    sequence.options === '' &&
    sequence.unlogged === table.unlogged &&
    column.notNull &&
    column.default === `nextval('${sequence.name}'::regclass)` &&
    serialTypes[column.type] !== undefined &&
    hasUsualName(table, column, sequence)
  );
}

/** Quoted names and those that the server would have cut (63 bytes) are not recognised, and so written out. */
function hasUsualName(table: Table, column: Column, sequence: Sequence): boolean {
  const name = `${table.name}_${column.name}_seq`;
  return sequence.name === name && name.slice(name.lastIndexOf('.') + 1).length <= 63;
}

/** Settings of a column that need ALTER TABLE on PostgreSQL 15. */
export function columnStatements(table: Table, column: Column): readonly string[] {
  const alter = `alter table only ${table.name} alter column ${column.name}`;
  return [
    ...(column.storage === null ? [] : [`${alter} set storage ${column.storage};`]),
    ...(column.compression === null ? [] : [`${alter} set compression ${column.compression};`]),
    ...(column.statisticsTarget === null ? [] : [`${alter} set statistics ${column.statisticsTarget};`]),
    ...(column.options.length === 0 ? [] : [`${alter} set (${optionList(column.options)});`]),
  ];
}

/** Makes a partition's column what it is, where that is not as in its parent. */
export function deviationStatements(table: Table, column: Column): readonly string[] {
  const alter = `alter table only ${table.name} alter column ${column.name}`;
  const value = column.default === null ? 'drop default' : `set default ${column.default}`;
  return [
    ...(column.generated !== null || column.identity !== null ? [] : [`${alter} ${value};`]),
    ...(column.notNull ? [`${alter} set not null;`] : []),
    ...columnStatements(table, column),
  ];
}
