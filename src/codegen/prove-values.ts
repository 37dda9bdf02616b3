import type pg from 'pg';
import { quoteIdentifier } from '../database/identifier.js';
import { closedConditions, type ClosedCondition } from './closed-conditions.js';
import type { Check, CheckedColumn } from './list-checked-columns.js';

/** The values a column can hold besides null, in the order of its constraint; or why there is no list of them. */
export type Proof =
  | { readonly values: readonly [string, ...string[]]; readonly constraints: readonly string[] }
  | { readonly reason: string };

/**
 * Proves which values a column can hold. The form of its CHECK constraints says that only the constants written there
 * can pass; the server reads those constants, and evaluates the conditions for each of them and for values that
 * differ a little from them, which none may pass. A value passes when every condition holds for it.
 *
 * In a read-only transaction: nothing but conditions of the accepted forms is ever evaluated.
 */
export async function proveValues(client: pg.ClientBase, column: CheckedColumn): Promise<Proof> {
  const { typeName, deterministic, checks } = column;
  if (typeName === 'citext') return { reason: 'citext is compared without case' };
  if (typeName === 'bpchar') return { reason: 'character(n) is padded with blanks' };
  if (typeName !== 'text' && typeName !== 'varchar')
    return { reason: `values of type ${typeName} are not compared as text` };
  if (!deterministic) return { reason: 'its collation treats different texts as equal' };
  const closed = checks
    .filter(({ holds }) => holds)
    .flatMap((check) =>
      closedConditions(check.expression, check.subject).map((condition) => ({ check, condition })),
    );
  if (closed.length === 0) return { reason: whyOpen(checks) };

  const candidates = await readConstants(
    client,
    closed.flatMap(({ condition }) => condition.lists),
  );
  const known = new Set(candidates.filter((value) => value !== null));
  const probes = [...new Set([...known, ...sentinels([...known])])];
  let passing: readonly string[] = probes;
  for (const { check, condition } of closed) {
    passing = await passingValues(client, column, check, condition, passing);
  }
  const stranger = passing.find((value) => !known.has(value));
  if (stranger !== undefined) {
    const names = closed.map(({ check }) => check.name).join(', ');
    return { reason: `${names} lets ${JSON.stringify(stranger)} pass, which it does not name` };
  }
  const [first, ...others] = passing;
  if (first === undefined) return { reason: 'no value passes all of its checks' };
  return { values: [first, ...others], constraints: [...new Set(closed.map(({ check }) => check.name))] };
}

/** Constants as the server understands them. Null is one too: `x in ('a', null)` refuses nothing. */
async function readConstants(
  client: pg.ClientBase,
  lists: readonly string[],
): Promise<readonly (string | null)[]> {
  if (lists.length === 0) return [];
  const constants = lists.map((list) => `select unnest(${list})::text`).join(' union all ');
  const { rows } = await client.query<[string | null]>({ text: constants, rowMode: 'array' });
  return rows.map(([value]) => value);
}

/** Which of the values the column can store as they are, and the condition does not refuse. */
async function passingValues(
  client: pg.ClientBase,
  { type }: CheckedColumn,
  { subject }: Check,
  { sql }: ClosedCondition,
  values: readonly string[],
): Promise<readonly string[]> {
  const column = subject === 'VALUE' ? quoteIdentifier('value') : subject;
  const { rows } = await client.query<{ value: string }>(
    `select probe.value
       from unnest($1::text[]) with ordinality as probe (value, place)
      where probe.value::${type}::text = probe.value collate "C"
        and (select (${sql}) is not false from (select probe.value::${type}) as candidate (${column}))
      order by probe.place`,
    [values],
  );
  return rows.map(({ value }) => value);
}

/** Values near the ones named, which a comparison that is not exact would take for them; and far ones. */
function sentinels(values: readonly string[]): readonly string[] {
  return [
    '',
    ' ',
    'no value of the list',
    ...values.flatMap((value) => [
      `${value}~`,
      `${value} `,
      ` ${value}`,
      value.slice(0, -1),
      value.toLowerCase(),
      value.toUpperCase(),
      value.normalize('NFD'),
      value.normalize('NFC'),
    ]),
  ];
}

function whyOpen(checks: readonly Check[]): string {
  const [unproved] = checks.filter(({ holds }) => !holds);
  if (checks.every(({ holds }) => !holds) && unproved !== undefined) {
    return `${unproved.name} is not valid for all rows`;
  }
  const open = checks.filter(({ holds }) => holds);
  return `${open.map(({ name, expression }) => `${name} ${expression}`).join(' and ')} is no closed list of values`;
}
