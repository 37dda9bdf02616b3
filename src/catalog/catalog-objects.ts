import type { Catalog, Column, Index, Privilege, Table, TableObject, Trigger, View } from './catalog.js';

/** One thing that can be missing or different, named as a person would: `column public.users.email`. */
export interface CatalogObject {
  readonly object: string;
  /** The object it is part of, without which it is not worth mentioning. */
  readonly within: string | null;
  /** What it is, by property; a property that is not there is null. */
  readonly properties: Readonly<Record<string, string | null>>;
}

/** The catalog as a flat list of objects, in the catalog's order. */
export function catalogObjects(catalog: Catalog): readonly CatalogObject[] {
  const whole = (
    object: string,
    { comment, privileges }: { readonly comment: string | null; readonly privileges: readonly Privilege[] },
    properties: CatalogObject['properties'] = {},
  ): CatalogObject => ({
    object,
    within: null,
    properties: { ...properties, comment, privileges: privilegeList(privileges) },
  });
  return [
    ...catalog.schemas.map((schema) => whole(`schema ${schema.name}`, schema)),
    ...catalog.extensions.map(({ name, schema }) => ({
      object: `extension ${name}`,
      within: null,
      properties: { schema },
    })),
    ...catalog.types.map((type) => whole(`${type.kind} ${type.name}`, type, { definition: type.definition })),
    ...catalog.sequences.map((sequence) => ({
      ...whole(`sequence ${sequence.name}`, sequence, {
        type: sequence.type,
        options: textOrNull(sequence.options),
        unlogged: flag(sequence.unlogged),
        'owned by': sequence.owner === null ? null : `${sequence.owner.table}.${sequence.owner.column}`,
      }),
      within: sequence.owner === null ? null : `table ${sequence.owner.table}`,
    })),
    ...catalog.tables.flatMap((table) => [
      whole(`table ${table.name}`, table, tableProperties(table)),
      ...tableParts(table),
    ]),
    ...catalog.views.flatMap((view) => [
      whole(`${view.kind} ${view.name}`, view, {
        definition: view.definition,
        options: textOrNull(view.options.join(', ')),
      }),
      ...viewParts(view),
    ]),
    ...catalog.routines.map((routine) =>
      whole(`${routine.kind} ${routine.name}`, routine, { definition: routine.definition }),
    ),
    ...catalog.eventTriggers.map(({ name, definition, enabled, comment }) => ({
      object: `event trigger ${name}`,
      within: null,
      properties: { definition, enabled, comment },
    })),
    ...catalog.others.map((object) => ({ object, within: null, properties: {} })),
  ];
}

function tableProperties(table: Table): CatalogObject['properties'] {
  return {
    parent: table.partitionOf,
    bound: table.bound,
    'partition key': table.partitionKey,
    inherits: textOrNull(table.inherits.join(', ')),
    unlogged: flag(table.unlogged),
    'access method': table.accessMethod,
    options: textOrNull(table.options.join(', ')),
    'row level security': table.rowSecurity,
    'replica identity': table.replicaIdentity,
    'cluster on': table.clusterOn,
  };
}

function tableParts(table: Table): readonly CatalogObject[] {
  const within = `table ${table.name}`;
  const named =
    (kind: string) =>
    ({ name, definition, comment }: TableObject): CatalogObject => ({
      object: `${kind} ${name} on ${table.name}`,
      within,
      properties: { definition, comment },
    });
  return [
    ...table.columns.map((column) => columnObject(table, column)),
    ...table.constraints.map((constraint) => ({
      object: `constraint ${constraint.name} on ${table.name}`,
      within,
      properties: {
        definition: constraint.definition,
        triggers: constraint.enforced ? null : 'disabled',
        comment: constraint.comment,
      },
    })),
    ...table.indexes.map((index) => indexObject(table.name, within, index)),
    ...table.triggers.map((trigger) => triggerObject(table.name, within, trigger)),
    ...table.policies.map(named('policy')),
    ...table.rules.map(named('rule')),
    ...table.statistics.map(named('statistics')),
  ];
}

function columnObject(table: Table, column: Column): CatalogObject {
  return {
    object: `column ${table.name}.${column.name}`,
    within: `table ${table.name}`,
    properties: {
      type: column.type,
      collation: column.collation,
      'not null': flag(column.notNull),
      default: column.generated === null ? column.default : null,
      identity: column.identity,
      generated: column.generated === null ? null : `(${column.default ?? ''}) ${column.generated}`,
      storage: column.storage,
      compression: column.compression,
      'statistics target': column.statisticsTarget === null ? null : String(column.statisticsTarget),
      options: textOrNull(column.options.join(', ')),
      comment: column.comment,
    },
  };
}

function indexObject(relation: string, within: string, index: Index): CatalogObject {
  const { name, definition, constraint, valid, options, comment } = index;
  return {
    object: `index ${name}`,
    within: constraint === null ? within : `constraint ${constraint} on ${relation}`,
    properties: {
      // The constraint says it, and says it better.
      definition: constraint === null ? definition : null,
      valid: flag(valid),
      options: textOrNull(options.join(', ')),
      comment,
    },
  };
}

function triggerObject(relation: string, within: string, trigger: Trigger): CatalogObject {
  return {
    object: `trigger ${trigger.name} on ${relation}`,
    within,
    properties: { definition: trigger.definition, enabled: trigger.enabled, comment: trigger.comment },
  };
}

function viewParts(view: View): readonly CatalogObject[] {
  const within = `${view.kind} ${view.name}`;
  return [
    ...view.columnComments.map(({ column, comment }) => ({
      object: `comment on column ${view.name}.${column}`,
      within,
      properties: { comment },
    })),
    ...view.indexes.map((index) => indexObject(view.name, within, index)),
    ...view.triggers.map((trigger) => triggerObject(view.name, within, trigger)),
    ...view.rules.map((rule) => ({
      object: `rule ${rule.name} on ${view.name}`,
      within,
      properties: { definition: rule.definition, comment: rule.comment },
    })),
    ...view.statistics.map(({ name, definition, comment }) => ({
      object: `statistics ${name} on ${view.name}`,
      within,
      properties: { definition, comment },
    })),
  ];
}

function privilegeList(privileges: readonly Privilege[]): string | null {
  return textOrNull(
    privileges
      .map(({ action, privilege, column, grantee, grantable }) => {
        const what = column === null ? privilege : `${privilege} (${column})`;
        const option = grantable ? ' with grant option' : '';
        return action === 'grant' ? `grant ${what} to ${grantee}${option}` : `revoke ${what} from ${grantee}`;
      })
      .join(', '),
  );
}

function textOrNull(text: string): string | null {
  return text === '' ? null : text;
}

function flag(value: boolean): string {
  return value ? 'yes' : 'no';
}
