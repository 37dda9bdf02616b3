import type { ClientBase } from 'pg';
import { quoteIdentifier } from '../database/identifier.js';
import { OperationError } from '../errors.js';
import type { TargetTable } from './target-table.js';

/** A constraint trigger that is off during a load, and the query that proves afterwards what it would have. */
export interface PointerProof {
  readonly table: string;
  readonly trigger: string;
  /** Tables the query reads: it is asked once all of them are loaded. */
  readonly tables: readonly string[];
  /** Gives the offenders; their text is for people. */
  readonly violations: string;
}

/** Triggers that no query stands in for fire as ever. */
export const pointerProofs: readonly PointerProof[] = [
  {
    table: 'chat_messages',
    trigger: 'fk_chat_messages_reply_to',
    tables: ['chat_messages'],
    violations: `
      select format('message %s of room %s replies to %s', m.id, m.room_id, m.reply_to_id) as violation
      from public.chat_messages m
      where m.reply_to_id is not null
        and not exists (
          select from public.chat_messages r where r.id = m.reply_to_id and r.room_id = m.room_id)`,
  },
  {
    table: 'chat_participants',
    trigger: 'fk_chat_participants_last_read',
    tables: ['chat_messages', 'chat_participants'],
    violations: `
      select format('user %s of room %s has read up to %s', p.user_id, p.room_id, p.last_read_message_id) as violation
      from public.chat_participants p
      where p.last_read_message_id is not null
        and not exists (
          select from public.chat_messages m where m.id = p.last_read_message_id and m.room_id = p.room_id)`,
  },
];

/** @throws OperationError SEED_PROOF_FAILED */
export async function provePointers(client: ClientBase, proofs: readonly PointerProof[]): Promise<void> {
  for (const { table, trigger, violations } of proofs) {
    // Materialized, as the planner does not see the limit then: for the first five of many it would look up each pointer
    // by its index, which takes four times as long as joining them all to find none.
    const { rows } = await client.query<{ violation: string }>(
      `with offenders as materialized (${violations}) select violation from offenders limit 5`,
    );
    if (rows.length === 0) continue;
    throw new OperationError('SEED_PROOF_FAILED', `the generated rows of ${table} break ${trigger}`, {
      detail: rows.map(({ violation }) => violation).join('\n'),
      hint: 'This is a bug of the generator; please report it with the options of this run.',
    });
  }
}

const stateOfTrigger = `
  select tgname as name, tgenabled as state
  from pg_trigger
  where tgrelid = $1 and tgparentid = 0 and not tgisinternal and tgname = any ($2)`;

/** Switches those triggers of a table off; partitions follow. @returns what switches them back to how they were */
export async function suspendTriggers(
  client: ClientBase,
  { oid, sqlName, name }: TargetTable,
): Promise<() => Promise<void>> {
  const wanted = pointerProofs.filter(({ table }) => table === name).map(({ trigger }) => trigger);
  if (wanted.length === 0) return () => Promise.resolve();
  const { rows } = await client.query<{ name: string; state: string }>(stateOfTrigger, [oid, wanted]);
  const firing = rows.filter(({ state }) => state === 'O' || state === 'A');
  for (const trigger of firing) {
    await client.query(`alter table ${sqlName} disable trigger ${quoteIdentifier(trigger.name)}`);
  }
  return async () => {
    for (const { name: trigger, state } of firing) {
      const enable = state === 'A' ? 'enable always' : 'enable';
      await client.query(`alter table ${sqlName} ${enable} trigger ${quoteIdentifier(trigger)}`);
    }
  };
}

/** The table whose loading makes the proof possible: the last of those it reads. */
export function proofsDue(loaded: string, complete: ReadonlySet<string>): readonly PointerProof[] {
  return pointerProofs.filter(
    ({ tables }) =>
      tables.includes(loaded) && tables.every((table) => table === loaded || complete.has(table)),
  );
}
