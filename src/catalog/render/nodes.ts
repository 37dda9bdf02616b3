import type { Catalog, Routine, Sequence, Table, UserType, View } from '../catalog.js';
import { groupBy } from '../group-by.js';
import { isSerial } from './column.js';
import type { DependencyNode } from './order-by-dependency.js';
import { commentOn, indexStatements, privilegesOn, triggerStatements, withOptions } from './statements.js';
import { tableStatements, type TableContext } from './table.js';

/** What is created together: a table with its partitions and sequences, a view, a routine, a type. */
export interface RenderNode extends DependencyNode {
  readonly tables: readonly Table[];
  readonly context: Omit<TableContext, 'exists'>;
  readonly render: (context: TableContext) => string;
}

export function renderNodes(catalog: Catalog): readonly RenderNode[] {
  const sequences = groupBy(
    catalog.sequences,
    ({ owner }) => owner?.table ?? '',
    (sequence) => sequence,
  );
  const partitions = groupBy(
    catalog.tables,
    ({ partitionOf }) => partitionOf ?? '',
    (table) => table,
  );
  const context = {
    sequencesOf: (table: string): readonly Sequence[] => sequences.get(table) ?? [],
    partitionsOf: (table: string): readonly Table[] => partitions.get(table) ?? [],
  };
  const home = homes(catalog);
  const required = groupBy(
    catalog.dependencies,
    ({ dependent }) => home.get(dependent) ?? dependent,
    ({ on }) => home.get(on) ?? on,
  );
  // Routines that tables are made of, by a default or a trigger, come before them, the others at the end.
  const needed = new Set(catalog.dependencies.map(({ on }) => on));
  const node = (
    name: string,
    rank: number,
    render: RenderNode['render'],
    tables: readonly Table[] = [],
  ): RenderNode => {
    const requires = new Set([
      ...(required.get(name) ?? []),
      ...tables.flatMap(({ inherits }) => inherits.map(tableKey)),
    ]);
    const references = tables.flatMap(({ constraints }) =>
      constraints.flatMap(({ references }) => references ?? []),
    );
    const prefers = new Set(references.map((table) => home.get(tableKey(table)) ?? tableKey(table)));
    return { name, rank, requires, prefers, tables, context, render };
  };
  const withPartitions = (table: Table): readonly Table[] => [
    table,
    ...context.partitionsOf(table.name).flatMap(withPartitions),
  ];
  return [
    ...catalog.types.map((type) => node(`type ${type.name}`, 1, () => renderType(type))),
    ...catalog.sequences
      .filter(({ name }) => !home.has(`sequence ${name}`))
      .map((sequence) => node(`sequence ${sequence.name}`, 2, () => renderSequence(sequence))),
    ...catalog.routines.map((routine) => {
      const name = `routine ${routine.name}`;
      return node(name, needed.has(name) ? 3 : 6, () => renderRoutine(routine));
    }),
    ...catalog.tables
      .filter(({ partitionOf }) => partitionOf === null)
      .map((table) =>
        node(tableKey(table.name), 4, (at) => tableStatements(table, at).join('\n'), withPartitions(table)),
      ),
    ...catalog.views.map((view) => node(`view ${view.name}`, 5, () => renderView(view))),
  ];
}

function tableKey(name: string): string {
  return `table ${name}`;
}

/** With which node an object is created: a partition with its root, the sequence of a serial with its table. */
function homes(catalog: Catalog): ReadonlyMap<string, string> {
  const tables = new Map(catalog.tables.map((table) => [table.name, table]));
  const rootOf = (table: Table): Table => {
    const parent = table.partitionOf === null ? undefined : tables.get(table.partitionOf);
    return parent === undefined ? table : rootOf(parent);
  };
  const home = new Map<string, string>();
  for (const table of catalog.tables) {
    if (table.partitionOf !== null) home.set(tableKey(table.name), tableKey(rootOf(table).name));
  }
  for (const sequence of catalog.sequences) {
    const table = sequence.owner === null ? undefined : tables.get(sequence.owner.table);
    const column = table?.columns.find(({ name }) => name === sequence.owner?.column);
    if (table === undefined || column === undefined) continue;
    if (sequence.owner?.identity === true || isSerial(table, column, sequence)) {
      home.set(`sequence ${sequence.name}`, tableKey(rootOf(table).name));
    }
  }
  return home;
}

function renderType({ name, kind, definition, comment, privileges }: UserType): string {
  const word = kind === 'domain' ? 'domain' : 'type';
  return [
    `create ${word} ${name} ${definition};`,
    ...commentOn(`${word} ${name}`, comment),
    ...privilegesOn(`${word} ${name}`, privileges),
  ].join('\n');
}

/** Comments and privileges of a sequence that a column owns come with its table. */
function renderSequence({ name, type, options, unlogged, owner, comment, privileges }: Sequence): string {
  const asType = type === 'bigint' ? '' : ` as ${type}`;
  return [
    `create ${unlogged ? 'unlogged ' : ''}sequence ${name}${asType}${options === '' ? '' : ` ${options}`};`,
    ...(owner === null
      ? [...commentOn(`sequence ${name}`, comment), ...privilegesOn(`sequence ${name}`, privileges)]
      : []),
  ].join('\n');
}

function renderRoutine({ name, kind, definition, comment, privileges }: Routine): string {
  return [
    `${definition};`,
    ...commentOn(`${kind} ${name}`, comment),
    ...privilegesOn(`${kind} ${name}`, privileges),
  ].join('\n');
}

function renderView(view: View): string {
  const { name, kind } = view;
  return [
    `create ${kind} ${name}${withOptions(view.options)} as\n${view.definition};`,
    ...commentOn(`${kind} ${name}`, view.comment),
    ...view.columnComments.flatMap(({ column, comment }) => commentOn(`column ${name}.${column}`, comment)),
    ...indexStatements(view.indexes),
    ...view.statistics.flatMap((object) => [
      `${object.definition};`,
      ...commentOn(`statistics ${object.name}`, object.comment),
    ]),
    ...view.rules.flatMap((rule) => [
      `${rule.definition};`,
      ...commentOn(`rule ${rule.name} on ${name}`, rule.comment),
    ]),
    ...triggerStatements(name, view.triggers),
    ...privilegesOn(`table ${name}`, view.privileges),
  ].join('\n');
}
