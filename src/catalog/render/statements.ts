import { quoteLiteral } from '../../database/identifier.js';
import type { Index, Privilege, Trigger } from '../catalog.js';

/** `comment on table public.users is '…';`, or nothing. */
export function commentOn(object: string, comment: string | null): readonly string[] {
  return comment === null ? [] : [`comment on ${object} is ${quoteLiteral(comment)};`];
}

/** One statement for what the same role is granted in the same way, such as `grant select, insert on … to …;`. */
export function privilegesOn(object: string, privileges: readonly Privilege[]): readonly string[] {
  const statements = new Map<string, string[]>();
  for (const { action, privilege, column, grantee, grantable } of privileges) {
    const to =
      action === 'grant' ? `to ${grantee}${grantable ? ' with grant option' : ''}` : `from ${grantee}`;
    const key = `${action} \0${to}`;
    const list = statements.get(key) ?? [];
    list.push(column === null ? privilege : `${privilege} (${column})`);
    statements.set(key, list);
  }
  return [...statements].map(([key, list]) => {
    const [action = '', to = ''] = key.split('\0');
    return `${action}${list.join(', ')} on ${object} ${to};`;
  });
}

/** ` with (fillfactor = '70')`, or nothing. */
export function withOptions(options: readonly string[]): string {
  return options.length === 0 ? '' : ` with (${optionList(options)})`;
}

export function optionList(options: readonly string[]): string {
  return options
    .map((option) => {
      const [name = '', ...value] = option.split('=');
      return `${name} = ${quoteLiteral(value.join('='))}`;
    })
    .join(', ');
}

export function indexStatements(indexes: readonly Index[]): readonly string[] {
  return indexes.flatMap((index) => [
    ...(index.constraint !== null ? [] : [`${index.definition};`]),
    ...(index.options.length === 0 ? [] : [`alter index ${index.name} set (${optionList(index.options)});`]),
    ...(index.valid ? [] : [`-- index ${index.name} was invalid`]),
    ...commentOn(`index ${index.name}`, index.comment),
  ]);
}

const enableWords = {
  enabled: 'enable',
  disabled: 'disable',
  'enabled replica': 'enable replica',
  'enabled always': 'enable always',
} as const;

export function enableWord(state: Trigger['enabled']): string {
  return enableWords[state];
}

export function triggerStatements(table: string, triggers: readonly Trigger[]): readonly string[] {
  return triggers.flatMap((trigger) => [
    ...(trigger.clone ? [] : [`${trigger.definition};`]),
    ...(trigger.enabled === 'enabled' && !trigger.clone
      ? []
      : [`alter table ${table} ${enableWord(trigger.enabled)} trigger ${trigger.name};`]),
    ...commentOn(`trigger ${trigger.name} on ${table}`, trigger.comment),
  ]);
}
