import type { Catalog, Column, Table } from './catalog.js';

/**
 * Finds the partitions that are in every way like the table they are a partition of: what rollover makes, archiving
 * moves and retention drops. Which of them there are is data, not schema. A default partition is schema: it is the
 * safety net that must be there.
 *
 * A partition of `x_archive` may also be like `x` is: it keeps the foreign keys and the defaults it had before it
 * was archived. A comment makes no difference.
 */
export function plainPartitions(catalog: Catalog): ReadonlySet<string> {
  const tables = new Map(catalog.tables.map((table) => [table.name, table]));
  const plain = catalog.tables.filter((table) => isPlain(table, tables));
  return new Set(plain.map(({ name }) => name));
}

function isPlain(table: Table, tables: ReadonlyMap<string, Table>): boolean {
  const { partitionOf, bound } = table;
  if (partitionOf === null || bound === null || bound === 'default' || bound.endsWith(' detach pending'))
    return false;
  const parent = tables.get(partitionOf);
  const live = tables.get(partitionOf.replace(/_archive$/, ''));
  return (
    table.columns.every((column) => isLike(column, live)) &&
    table.constraints.every((constraint) => hadForeignKey(constraint.definition, live)) &&
    [table.indexes, table.triggers, table.policies, table.rules, table.statistics].every(
      (own) => own.length === 0,
    ) &&
    [table.options, table.privileges].every((own) => own.length === 0) &&
    [table.partitionKey, table.accessMethod, table.replicaIdentity, table.clusterOn].every(
      (own) => own === null,
    ) &&
    !table.unlogged &&
    (table.rowSecurity === 'off' || table.rowSecurity === parent?.rowSecurity)
  );

  function isLike(column: Column, other: Table | undefined): boolean {
    const models = [parent, other]
      .flatMap((model) => model?.columns ?? [])
      .filter(({ name }) => name === column.name);
    return models.some((model) => {
      const own: Column = { ...column, comment: model.comment, identity: model.identity };
      return JSON.stringify(own) === JSON.stringify(model);
    });
  }
}

function hadForeignKey(definition: string, live: Table | undefined): boolean {
  return (
    live?.constraints.some((other) => other.type === 'foreign key' && other.definition === definition) ===
    true
  );
}
