import { quoteIdentifier } from '../database/identifier.js';
import type { ForeignKey } from './foreign-keys.js';
import type { LogicalIndex } from './index-catalog.js';
import { freeIndexName, suggestIndex } from './suggest-index.js';

export interface UncoveredForeignKey {
  readonly foreignKey: ForeignKey;
  /** An index that looks as if it served, and why it does not; undefined when there is none. */
  readonly nearMiss: { readonly index: LogicalIndex; readonly reason: string } | undefined;
  /** The statement that helps. For a partitioned table: «studymate-db index create». */
  readonly createStatement: string;
}

/**
 * Foreign keys whose referencing rows cannot be found by an index: each delete of a referenced row, and each change of
 * its key, reads the whole referencing table. An index serves when it begins with exactly these columns, in any order,
 * is valid, and leaves out no row but those where the column is null. Pure.
 */
export function findUncoveredForeignKeys(
  foreignKeys: readonly ForeignKey[],
  indexes: readonly LogicalIndex[],
): readonly UncoveredForeignKey[] {
  return foreignKeys.flatMap((foreignKey) => {
    const candidates = indexes.filter(
      (index) => index.table.oid === foreignKey.table.oid && leadsWith(index, foreignKey.columns),
    );
    if (candidates.some((index) => obstacle(index, foreignKey) === undefined)) return [];
    const [index] = candidates;
    const reason = index && obstacle(index, foreignKey);
    return [
      {
        foreignKey,
        nearMiss: index && reason !== undefined ? { index, reason } : undefined,
        createStatement: createStatement(foreignKey, indexes),
      },
    ];
  });
}

function leadsWith(index: LogicalIndex, columns: readonly string[]): boolean {
  const leading = index.keys.slice(0, columns.length).map(({ column }) => column);
  return leading.length === columns.length && columns.every((column) => leading.includes(column));
}

/** Why an index that begins with the right columns does not serve. */
function obstacle(index: LogicalIndex, { columns }: ForeignKey): string | undefined {
  if (index.method !== 'btree' && index.method !== 'hash')
    return `a ${index.method} index is not looked up by equality`;
  if (index.predicate !== undefined && !isNotNull(index.predicate, columns)) {
    return `it leaves out rows: where ${index.predicate}`;
  }
  if (!index.valid) return index.partitioned ? 'it is not complete' : 'it is invalid';
  return undefined;
}

/** `(user_id IS NOT NULL)`: no row is left out that an equality could find. */
function isNotNull(predicate: string, columns: readonly string[]): boolean {
  return columns.some((column) => {
    const quoted = /^[a-z_][a-z0-9_$]*$/.test(column) ? column : quoteIdentifier(column);
    return predicate === `(${quoted} IS NOT NULL)`;
  });
}

function createStatement({ table, columns }: ForeignKey, indexes: readonly LogicalIndex[]): string {
  const taken = new Set(indexes.filter(({ schema }) => schema === table.schema).map((index) => index.name));
  const { schema, name, partitioned } = table;
  return suggestIndex({
    ...{ schema, table: name, partitioned, columns },
    name: freeIndexName({ table: name, columns }, taken),
  });
}
