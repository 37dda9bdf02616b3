import type pg from 'pg';
import { quoteIdentifier } from '../../src/database/identifier.js';

interface ForeignKey {
  readonly name: string;
  readonly child: string;
  readonly parent: string;
  readonly columns: readonly string[];
  readonly referenced: readonly string[];
}

/** Rows that point at nothing, by every foreign key of the catalog and both pointers, and what is not as it was. */
export async function listBrokenRules(client: pg.ClientBase): Promise<readonly string[]> {
  const { rows: keys } = await client.query<ForeignKey>(`
    select k.conname as name, k.conrelid::regclass::text as child, k.confrelid::regclass::text as parent,
      array(select a.attname::text from unnest(k.conkey) with ordinality as c (number, position)
            join pg_attribute a on a.attrelid = k.conrelid and a.attnum = c.number order by position) as columns,
      array(select a.attname::text from unnest(k.confkey) with ordinality as c (number, position)
            join pg_attribute a on a.attrelid = k.confrelid and a.attnum = c.number order by position) as referenced
    from pg_constraint k
    where k.contype = 'f' and k.connamespace = 'public'::regnamespace`);
  const broken: string[] = [];
  for (const { name, child, parent, columns, referenced } of keys) {
    const pairs = columns.map(
      (column, index) => `p.${quoteIdentifier(referenced[index] ?? '')} = c.${quoteIdentifier(column)}`,
    );
    const given = columns.map((column) => `c.${quoteIdentifier(column)} is not null`);
    const { rows } = await client.query<{ orphans: string }>(
      `select count(*) as orphans from ${child} c
       where ${given.join(' and ')} and not exists (select from ${parent} p where ${pairs.join(' and ')})`,
    );
    if (rows[0]?.orphans !== '0') broken.push(`${child} ${name}: ${rows[0]?.orphans ?? ''} orphans`);
  }
  const { rows: others } = await client.query<{ problem: string }>(`
    select format('%s replies to %s', m.id, m.reply_to_id) as problem
    from chat_messages m
    where m.reply_to_id is not null
      and not exists (select from chat_messages r where r.id = m.reply_to_id and r.room_id = m.room_id)
    union all
    select format('participant %s has read %s', p.id, p.last_read_message_id)
    from chat_participants p
    where p.last_read_message_id is not null
      and not exists (select from chat_messages m where m.id = p.last_read_message_id and m.room_id = p.room_id)
    union all
    select format('constraint %s is not validated', conname) from pg_constraint where not convalidated
    union all
    select format('index %s is not valid', indexrelid::regclass) from pg_index where not (indisvalid and indisready)
    union all
    select format('trigger %s of %s is %s', tgname, tgrelid::regclass, tgenabled) from pg_trigger where tgenabled <> 'O'
    union all
    select format('%s rows of chat_messages in no month', count(*)) from chat_messages_default having count(*) > 0
    union all
    select format('%s rows of user_activity_logs in no month', count(*))
    from user_activity_logs_default having count(*) > 0`);
  return [...broken, ...others.map(({ problem }) => problem)];
}

/** By table: the MD5 of the rows as the server shows them, in the order of the first column. */
export async function serverChecksums(
  client: pg.ClientBase,
  tables: readonly string[],
): Promise<Readonly<Record<string, string>>> {
  await client.query(`set time zone 'UTC'; set extra_float_digits = 1`);
  const sums: Record<string, string> = {};
  for (const table of tables) {
    const { rows } = await client.query<{ sum: string }>(
      `select coalesce(md5(string_agg(md5(t::text), '' order by t.id)), 'empty') as sum from ${quoteIdentifier(table)} t`,
    );
    sums[table] = rows[0]?.sum ?? '';
  }
  return sums;
}

/** Row counts of the tables. */
export async function countRows(
  client: pg.ClientBase,
  tables: readonly string[],
): Promise<Readonly<Record<string, number>>> {
  const counts: Record<string, number> = {};
  for (const table of tables) {
    const { rows } = await client.query<{ count: string }>(
      `select count(*) as count from ${quoteIdentifier(table)}`,
    );
    counts[table] = Number(rows[0]?.count);
  }
  return counts;
}
