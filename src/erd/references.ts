import type { Catalog, Constraint, Table } from '../catalog/catalog.js';
import { anchorOf, displayName } from './names.js';
import type { Reference } from './schema-description.js';

const identifier = String.raw`(?:"(?:[^"]|"")*"|[^"(),\s]+)`;
const list = String.raw`\(((?:period )?${identifier}(?:, (?:period )?${identifier})*)\)`;

/** The columns in the parentheses of a key's definition; empty when there are none to see. */
export function keyColumns(definition: string): readonly string[] {
  return columnsOf(new RegExp(`^[a-z ]+ ${list}`).exec(definition)?.[1]);
}

function columnsOf(text: string | undefined): readonly string[] {
  const names = text?.match(new RegExp(`(?:period )?${identifier}`, 'g')) ?? [];
  return names.map((name) => name.replace(/^period /, ''));
}

/**
 * Constraint triggers that act as foreign keys: both point at chat_messages by id alone, which no foreign key can on
 * a partitioned table. Shown only while the trigger is there.
 */
const pointers = [
  {
    table: 'public.chat_messages',
    trigger: 'fk_chat_messages_reply_to',
    column: 'reply_to_id',
    target: 'public.chat_messages',
  },
  {
    table: 'public.chat_participants',
    trigger: 'fk_chat_participants_last_read',
    column: 'last_read_message_id',
    target: 'public.chat_messages',
  },
];

/** Everything that points from one table at another; what a partition has of its own is not here. */
export function listReferences(catalog: Catalog): readonly Reference[] {
  return catalog.tables
    .filter(({ partitionOf }) => partitionOf === null)
    .flatMap((table) => [
      ...table.constraints
        .filter(({ type }) => type === 'foreign key')
        .map((constraint) => foreignKey(table, constraint)),
      ...pointers.flatMap((pointer) => constraintTrigger(table, pointer)),
    ]);
}

function foreignKey(table: Table, constraint: Constraint): Reference {
  const { definition } = constraint;
  const target = constraint.references ?? '';
  const after = definition.split(` references ${target}`)[1] ?? '';
  const targetList = new RegExp(`^${list}`).exec(after);
  const columns = keyColumns(definition);
  const notes = [
    constraint.validated ? [] : ['not validated'],
    constraint.enforced ? [] : ['not enforced: its triggers are disabled'],
  ].flat();
  return {
    name: constraint.name,
    from: end(table.name, columns),
    to: end(target, columnsOf(targetList?.[1])),
    actions: after
      .slice(targetList?.[0].length ?? 0)
      .replace(/ not valid$/, '')
      .trim(),
    ...cardinality(table, columns),
    note: notes.length > 0 ? notes.join(', ') : null,
  };
}

function constraintTrigger(table: Table, pointer: (typeof pointers)[number]): readonly Reference[] {
  const trigger = table.triggers.find(({ name }) => name === pointer.trigger);
  if (table.name !== pointer.table || trigger === undefined) return [];
  const disabled = trigger.enabled === 'disabled' ? ', disabled' : '';
  return [
    {
      name: trigger.name,
      from: end(table.name, [pointer.column]),
      to: end(pointer.target, ['id']),
      actions: 'on delete set null',
      ...cardinality(table, [pointer.column]),
      note: `constraint trigger${disabled}; the message may also be in the archive`,
    },
  ];
}

function end(table: string, columns: readonly string[]): Reference['from'] {
  return { table: displayName(table), anchor: anchorOf(table), columns };
}

function cardinality(table: Table, columns: readonly string[]): Pick<Reference, 'optional' | 'single'> {
  const unique = table.constraints.filter(({ type }) => type === 'primary key' || type === 'unique');
  return {
    optional: table.columns.some(({ name, notNull }) => columns.includes(name) && !notNull),
    single: unique.some(({ definition }) => {
      const key = keyColumns(definition);
      return key.length > 0 && key.every((column) => columns.includes(column));
    }),
  };
}
