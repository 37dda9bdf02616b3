import type { Catalog, Table } from './catalog.js';
import { catalogObjects, type CatalogObject } from './catalog-objects.js';
import { plainPartitions } from './plain-partition.js';

export interface CatalogDifference {
  /** Such as `table public.users`, `column public.users.email` or `constraint users_pkey on public.users`. */
  readonly object: string;
  /** Missing is in the expected catalog only, unexpected in the actual one only. */
  readonly change: 'missing' | 'unexpected' | 'different';
  /** What of the object is different: `definition`, `default`, `comment`, …; null when all of it is at issue. */
  readonly property: string | null;
  readonly expected?: string;
  readonly actual?: string;
}

export interface DiffOptions {
  /** Whether a table whose columns are the same but in another order is a difference; default false. */
  readonly columnOrder?: boolean;
  /**
   * `deviating` (the default) passes over partitions that are in one catalog only, or under another table, if they
   * are in every way like the table they are a partition of; `all` compares every partition.
   */
  readonly partitions?: 'deviating' | 'all';
}

/**
 * What makes `actual` another schema than `expected`: nothing for equal ones. Of an object that is there once only,
 * its parts are not listed. In the order of the expected catalog, then the unexpected objects.
 */
export function diffCatalogs(
  expected: Catalog,
  actual: Catalog,
  options: DiffOptions = {},
): readonly CatalogDifference[] {
  const passed = options.partitions === 'all' ? new Set<string>() : interchangeable(expected, actual);
  const [before, after] = [parentsOf(expected), parentsOf(actual)];
  const isReattached = (name: string): boolean => before.has(name) && before.get(name) !== after.get(name);
  const expectedObjects = keyed(expected, passed, isReattached);
  const actualObjects = keyed(actual, passed, isReattached);
  return [
    ...[...expectedObjects.values()].flatMap((object) => {
      const other = actualObjects.get(object.object);
      if (other !== undefined) return differentProperties(object, other);
      return isImplied(object, actualObjects) ? [] : [oneSided('missing', 'expected', object)];
    }),
    ...[...actualObjects.values()]
      .filter((object) => !expectedObjects.has(object.object) && !isImplied(object, expectedObjects))
      .map((object) => oneSided('unexpected', 'actual', object)),
    ...(options.columnOrder === true ? differentOrders(expected, actual) : []),
  ];
}

/** Partitions that may be in one catalog, in both or in neither, as far as the schema is concerned. */
function interchangeable(expected: Catalog, actual: Catalog): ReadonlySet<string> {
  const [expectedParents, actualParents] = [parentsOf(expected), parentsOf(actual)];
  const [expectedPlain, actualPlain] = [plainPartitions(expected), plainPartitions(actual)];
  const isPassed = (name: string): boolean =>
    (expectedPlain.has(name) || !expectedParents.has(name)) &&
    (actualPlain.has(name) || !actualParents.has(name)) &&
    expectedParents.get(name) !== actualParents.get(name);
  return new Set([...expectedPlain, ...actualPlain].filter(isPassed));
}

function parentsOf({ tables }: Catalog): ReadonlyMap<string, string | null> {
  return new Map(tables.map(({ name, partitionOf }) => [name, partitionOf]));
}

function keyed(
  catalog: Catalog,
  passed: ReadonlySet<string>,
  isReattached: (table: string) => boolean,
): ReadonlyMap<string, CatalogObject> {
  const tables = catalog.tables
    .filter(({ name }) => !passed.has(name))
    .map((table) => (isReattached(table.name) ? withoutParts(table) : table));
  return new Map(catalogObjects({ ...catalog, tables }).map((object) => [object.object, object]));
}

/** Of what was attached or detached, the parts cannot be compared: a partition lists only what it does not inherit. */
function withoutParts(table: Table): Table {
  const none = {
    columns: [],
    constraints: [],
    indexes: [],
    triggers: [],
    policies: [],
    rules: [],
    statistics: [],
  };
  return { ...table, ...none, bound: null };
}

/** The whole it is part of is missing on the other side too, or the constraint whose index it is. */
function isImplied(object: CatalogObject, others: ReadonlyMap<string, CatalogObject>): boolean {
  return object.within !== null && !others.has(object.within);
}

function oneSided(
  change: 'missing' | 'unexpected',
  side: 'expected' | 'actual',
  { object, properties }: CatalogObject,
): CatalogDifference {
  const { definition } = properties;
  const text = typeof definition === 'string' ? { [side]: definition } : {};
  return { object, change, property: null, ...text };
}

function differentProperties(expected: CatalogObject, actual: CatalogObject): readonly CatalogDifference[] {
  const names = [...new Set([...Object.keys(expected.properties), ...Object.keys(actual.properties)])];
  return names.flatMap((property) => {
    const [before, after] = [expected.properties[property] ?? null, actual.properties[property] ?? null];
    if (before === after) return [];
    return {
      object: expected.object,
      change: 'different' as const,
      property,
      ...(before === null ? {} : { expected: before }),
      ...(after === null ? {} : { actual: after }),
    };
  });
}

function differentOrders(expected: Catalog, actual: Catalog): readonly CatalogDifference[] {
  const others = new Map(actual.tables.map((table) => [table.name, table]));
  return expected.tables.flatMap((table) => {
    const other = others.get(table.name);
    if (other === undefined) return [];
    const [before, after] = [commonColumns(table, other), commonColumns(other, table)];
    if (before === after) return [];
    const object = `table ${table.name}`;
    return {
      object,
      change: 'different' as const,
      property: 'column order',
      expected: before,
      actual: after,
    };
  });
}

function commonColumns(table: Table, other: Table): string {
  const names = new Set(other.columns.map(({ name }) => name));
  return table.columns
    .map(({ name }) => name)
    .filter((name) => names.has(name))
    .join(', ');
}
