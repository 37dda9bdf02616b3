import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import type pg from 'pg';
import { onTestFinished } from 'vitest';
import { quoteIdentifier } from '../../src/database/identifier.js';
import { insertConversation, insertRow } from '../support/rows.js';

export const JANUARY = new Date(Date.UTC(2025, 0, 1));
export const MESSAGES = 'chat_messages_archive_y2025m01';
export const ACTIVITY = 'user_activity_logs_archive_y2025m01';

/** What a lossy format loses: each of these is the content of a message. */
export const difficultTexts: readonly (string | null)[] = [
  null,
  '',
  ' ',
  'NULL',
  '\\N',
  '\\.',
  'a\n\\.\nb',
  'two\r\nlines\rthree',
  '"quoted", with ""',
  '안녕하세요 👋🏽 ﷺ',
  '\uFEFFbegins with a byte order mark',
  '\u0001\u0008\u001f\u007f\u0085\u2028',
  "'; drop table users; --",
  'x'.repeat(300_000),
];

const difficultJson: readonly string[] = [
  '{"b": 1.10, "a": [1e400, null, "\\u0001"]}',
  'null',
  '"text"',
  '[]',
  '12345678901234567890.000',
];

export interface ColdSample {
  readonly alice: string;
  readonly bob: string;
  readonly room: string;
  /** Ids of the messages of January. */
  readonly messages: readonly string[];
}

/** January 2025 of both tables, with what is hard to keep, archived. */
export async function archiveJanuary(client: pg.Client, plainRows = 40): Promise<ColdSample> {
  const { alice, bob, room } = await insertConversation(client);
  const messages: string[] = [];
  for (const [index, content] of difficultTexts.entries()) {
    const { id } = await insertRow(client, 'chat_messages', {
      room_id: room,
      sender_id: index % 2 === 0 ? alice : bob,
      content,
      file_metadata: difficultJson[index % difficultJson.length],
      reply_to_id: index % 3 === 0 ? messages.at(-1) : null,
      is_edited: index % 2 === 0,
      edited_at: index % 2 === 0 ? '2024-12-31 23:59:59.999999+00' : null,
      created_at: `2025-01-31 23:59:${10 + index}.00000${index % 10}+00`,
    });
    messages.push(id);
  }
  await client.query(
    `insert into chat_messages (room_id, sender_id, content, created_at)
     select $1, $2, 'message ' || i, '2025-01-01 00:00:00+00'::timestamptz + i * interval '1.000001 s'
     from generate_series(0, $3::int - 1) i`,
    [room, alice, plainRows],
  );
  await client.query(
    `insert into user_activity_logs (user_id, activity, details, ip_address, user_agent, created_at)
     select case when i % 3 > 0 then $1::bigint end, 'login', jsonb_build_object('n', i),
       (array['10.0.0.1', '192.168.0.0/16', '2001:db8::1', null])[1 + i % 4]::inet,
       case when i % 2 = 0 then '' end, '2025-01-15 12:00:00.000001+09'::timestamptz + i * interval '1 s'
     from generate_series(1, 20) i`,
    [alice],
  );
  await client.query('select archive_old_data()');
  return { alice, bob, room, messages };
}

/** A copy of a table's rows, to be compared with later. */
export async function keepRows(client: pg.Client, table: string, kept: string): Promise<void> {
  await client.query(
    `create table public.${quoteIdentifier(kept)} as select * from public.${quoteIdentifier(table)}`,
  );
}

/** Rows that are in one of them only, by the text of every column; duplicates count. */
export async function differingRows(client: pg.Client, left: string, right: string): Promise<number> {
  const texts = (table: string): string => `select t::text from public.${quoteIdentifier(table)} as t`;
  const { rows } = await client.query<{ count: string }>(
    `select (select count(*) from (${texts(left)} except all ${texts(right)}) a)
          + (select count(*) from (${texts(right)} except all ${texts(left)}) b) as count`,
  );
  return Number(rows[0]?.count);
}

export async function countRows(client: pg.Client, table: string): Promise<number> {
  const { rows } = await client.query<{ count: string }>(
    `select count(*) from public.${quoteIdentifier(table)}`,
  );
  return Number(rows[0]?.count);
}

export async function tableExists(client: pg.Client, table: string): Promise<boolean> {
  const { rows } = await client.query<{ there: boolean }>(`select to_regclass($1) is not null as there`, [
    `public.${table}`,
  ]);
  return rows[0]?.there === true;
}

/** Columns, checks, indexes, keys and triggers, without names of indexes and constraints of the month. */
export async function shapeOf(client: pg.Client, table: string): Promise<unknown> {
  const { rows } = await client.query(
    `select
       (select array_agg(format('%s %s %s', attname, format_type(atttypid, atttypmod), attnotnull) order by attnum)
        from pg_attribute where attrelid = c.oid and attnum > 0) as columns,
       (select array_agg(pg_get_constraintdef(k.oid) || k.convalidated order by pg_get_constraintdef(k.oid))
        from pg_constraint k where conrelid = c.oid and contype in ('c', 'f', 'p')) as constraints,
       (select array_agg(p.relname || i.indisvalid order by p.relname) from pg_index i
        join pg_inherits h on h.inhrelid = i.indexrelid join pg_class p on p.oid = h.inhparent
        where i.indrelid = c.oid) as indexes,
       (select array_agg(tgname::text order by tgname) from pg_trigger where tgrelid = c.oid and not tgisinternal) as triggers,
       pg_get_expr(c.relpartbound, c.oid) as bound, pg_get_userbyid(c.relowner) as owner, c.relacl::text as acl
     from pg_class c where c.oid = $1::regclass`,
    [`public.${table}`],
  );
  return rows[0];
}

/** A folder of its own, removed after the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'studymate-cold-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Every file and folder below, sorted. */
export async function filesBelow(folder: string): Promise<readonly string[]> {
  return (await readdir(folder, { recursive: true })).sort();
}
