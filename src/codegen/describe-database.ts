import type pg from 'pg';
import { OperationError } from '../errors.js';
import { jsonTypes } from './json-columns.js';
import { listCheckedColumns } from './list-checked-columns.js';
import { listConstraintNames } from './list-constraint-names.js';
import { listEnumColumns } from './list-enum-columns.js';
import { listRelations } from './list-relations.js';
import { prelude } from './prelude.js';
import { proveValues } from './prove-values.js';
import { constraintTypeNames } from './render-constraints.js';
import { renderTypes } from './render-types.js';
import { Names, tableKey } from './table-names.js';
import { checkUnions, enumUnions, type ValueUnion } from './value-unions.js';

export interface DatabaseDescription {
  /** The file as the database wants it. */
  readonly text: string;
  /** The types whose values are proved: by CHECK constraints, or by being an enum. */
  readonly unions: readonly ValueUnion[];
  /** Columns of a text type that have a CHECK and no proved values. */
  readonly leftAsString: readonly LeftAsString[];
}

export interface LeftAsString {
  /** As table.column, or schema.table.column outside of public. */
  readonly column: string;
  readonly reason: string;
}

/** Describes what the client's transaction sees. */
export async function describeDatabase(client: pg.ClientBase): Promise<DatabaseDescription> {
  const relations = await listRelations(client);
  if (relations.length === 0) {
    throw new OperationError('CODEGEN_NO_TABLES', 'the database has no tables to describe', {
      hint: 'Apply the migrations first with «studymate-db migrate», or name another database.',
    });
  }
  const proved: Parameters<typeof checkUnions>[0][number][] = [];
  const leftAsString: LeftAsString[] = [];
  for (const column of await listCheckedColumns(client)) {
    const proof = await proveValues(client, column);
    if ('values' in proof) proved.push({ column, proof });
    else leftAsString.push({ column: `${tableKey(column.schema, column.table)}.${column.name}`, ...proof });
  }
  const names = new Names([...prelude.names, ...Object.keys(jsonTypes), ...constraintTypeNames, 'DB']);
  const unions = [...enumUnions(await listEnumColumns(client), names), ...checkUnions(proved, names)];
  const constraints = await listConstraintNames(client);
  return { text: await renderTypes(client, { relations, unions, constraints, names }), unions, leftAsString };
}
