import type { CheckedColumn } from './list-checked-columns.js';
import type { EnumColumns } from './list-enum-columns.js';
import type { Proof } from './prove-values.js';
import { columnTypeName, enumTypeName, tableKey, type Names } from './table-names.js';
import { docComment, stringLiteral } from './typescript-text.js';

/** A type and a list of the values that columns can hold. */
export interface ValueUnion {
  readonly typeName: string;
  readonly values: readonly string[];
  /** As table.column, or schema.table.column outside of public. */
  readonly columns: readonly string[];
  /** The names of the CHECK constraints, or «type» and the name of an enum. */
  readonly by: readonly string[];
}

/** Names the types of enums that columns have. */
export function enumUnions(enums: readonly EnumColumns[], names: Names): readonly ValueUnion[] {
  return enums.map(({ schema, name, values, columns }) => ({
    typeName: names.take(enumTypeName(schema, name)),
    values,
    columns: columns.map((column) => `${tableKey(column.schema, column.table)}.${column.name}`),
    by: [`type ${tableKey(schema, name)}`],
  }));
}

type Proved = Extract<Proof, { values: unknown }>;

/**
 * Names the types of the columns whose values are proved. Columns of one name under checks of one name are one type:
 * a table made by `like … including constraints` does not get another. It is called after the shorter table name.
 */
export function checkUnions(
  proofs: readonly { readonly column: CheckedColumn; readonly proof: Proved }[],
  names: Names,
): readonly ValueUnion[] {
  const groups = new Map<string, { table: string; name: string; columns: string[]; proof: Proved }>();
  for (const { column, proof } of proofs) {
    const table = tableKey(column.schema, column.table);
    const key = JSON.stringify([column.name, proof.constraints, proof.values]);
    const group = groups.get(key) ?? { table, name: column.name, columns: [], proof };
    group.columns.push(`${table}.${column.name}`);
    groups.set(key, group.table.length > table.length ? { ...group, table } : group);
  }
  return [...groups.values()].map(({ table, name, columns, proof }) => ({
    typeName: names.take(columnTypeName(table, name)),
    values: proof.values,
    columns,
    by: proof.constraints,
  }));
}

export function renderUnion({ typeName, values, columns, by }: ValueUnion): string {
  const literals = values.map(stringLiteral);
  const line = literals.join(', ');
  const list = line.length > 70 ? `\n${literals.map((literal) => `  ${literal},\n`).join('')}` : line;
  return [
    docComment(`The values of ${columns.join(' and ')}, by ${by.join(' and ')}.`),
    `export const ${typeName} = /* @__PURE__ */ valueList(${list});\n`,
    `export type ${typeName} = (typeof ${typeName}.values)[number];\n`,
  ].join('');
}
