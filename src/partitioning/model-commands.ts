import { quoteIdentifier, quoteLiteral, quoteQualified } from '../database/identifier.js';
import { formatMonth } from './month.js';
import type { ModelColumn, ModelGrant, ModelPolicy, PartitionModel } from './partition-model.js';

/**
 * The commands that give a table, before it is attached, what its sibling has of its own.
 *
 * @param now the table as it is
 * @param comment undefined for none
 */
export function modelCommands(
  table: { readonly schema: string; readonly name: string },
  now: PartitionModel,
  model: PartitionModel,
  comment: string | undefined,
): readonly string[] {
  const target = quoteQualified(table.schema, table.name);
  const alter = (action: string): string => `alter table ${target} ${action}`;
  return [
    ...(now.owner === model.owner ? [] : [alter(`owner to ${quoteIdentifier(model.owner)}`)]),
    ...grantCommands(target, now.grants, model.grants),
    ...model.options.map((option) => alter(`set (${optionText(option)})`)),
    ...(model.row_security ? [alter('enable row level security')] : []),
    ...(model.forced_row_security ? [alter('force row level security')] : []),
    ...model.policies.map((policy) => policyCommand(target, policy)),
    ...(model.replica_identity === 'n' ? [alter('replica identity nothing')] : []),
    ...(model.replica_identity === 'f' ? [alter('replica identity full')] : []),
    ...(comment === undefined ? [] : [`comment on table ${target} is ${quoteLiteral(comment)}`]),
    ...model.columns.flatMap((column) => columnCommands(target, column)),
  ];
}

function grantCommands(
  target: string,
  now: readonly ModelGrant[],
  model: readonly ModelGrant[],
): readonly string[] {
  if (JSON.stringify(now) === JSON.stringify(model)) return [];
  const grantees = new Set(now.map(({ grantee }) => grantee));
  return [
    // Default privileges may give a new table more than its siblings have.
    ...[...grantees].map((grantee) => `revoke all on table ${target} from ${roleText(grantee)}`),
    ...model.map(({ column, grantee, privilege, grantable }) => {
      const columns = column === null ? '' : ` (${quoteIdentifier(column)})`;
      return `grant ${privilege}${columns} on table ${target} to ${roleText(grantee)}${grantable ? ' with grant option' : ''}`;
    }),
  ];
}

function policyCommand(target: string, { name, permissive, command, roles, ...rest }: ModelPolicy): string {
  return [
    `create policy ${quoteIdentifier(name)} on ${target} as ${permissive ? 'permissive' : 'restrictive'}`,
    `for ${command} to ${roles.length > 0 ? roles.map(roleText).join(', ') : 'public'}`,
    ...(rest.using === null ? [] : [`using (${rest.using})`]),
    ...(rest.check === null ? [] : [`with check (${rest.check})`]),
  ].join(' ');
}

function columnCommands(
  target: string,
  { name, statistics, options, comment }: ModelColumn,
): readonly string[] {
  const alter = `alter table ${target} alter column ${quoteIdentifier(name)}`;
  return [
    ...(statistics === null ? [] : [`${alter} set statistics ${statistics}`]),
    ...options.map((option) => `${alter} set (${optionText(option)})`),
    ...(comment === null
      ? []
      : [`comment on column ${target}.${quoteIdentifier(name)} is ${quoteLiteral(comment)}`]),
  ];
}

/** The sibling's comment with its month replaced; undefined when it does not say which month it is about. */
export function monthComment(month: Date, comment: string | null, modelMonth: Date): string | undefined {
  const words = comment
    ?.replaceAll(monthName(modelMonth), monthName(month))
    .replaceAll(formatMonth(modelMonth), formatMonth(month));
  return words === comment && month.getTime() !== modelMonth.getTime() ? undefined : words;
}

/** `January 2025` */
function monthName(month: Date): string {
  return month.toLocaleString('en-US', { month: 'long', year: 'numeric', timeZone: 'UTC' });
}

/** `fillfactor=80` as the catalog has it; of a TOAST table with `toast.` before it. */
function optionText(option: string): string {
  const [name = '', ...value] = option.split('=');
  return `${name.split('.').map(quoteIdentifier).join('.')} = ${quoteLiteral(value.join('='))}`;
}

function roleText(role: string | null): string {
  return role === null ? 'public' : quoteIdentifier(role);
}
