import type pg from 'pg';
import { afterEach, beforeEach } from 'vitest';
import { monthSuffix, addMonths } from '../../src/partitioning/month.js';
import { createDatabase, type TestDatabase } from './database.js';
import { attachPartition, insertConversation, insertMessage, insertRow } from './rows.js';

/** When the tests of archiving take place. With six months of retention September 2025 stays, August goes. */
export const NOW = new Date('2026-03-20T15:00:00Z');

export interface ArchiveDatabase {
  readonly url: string;
  readonly client: pg.Client;
  readonly alice: string;
  readonly bob: string;
  readonly room: string;
  connect(): Promise<pg.Client>;
  /** A live partition of chat_messages, and one of user_activity_logs, for the month. */
  addMonth(month: string): Promise<void>;
  messageAt(createdAt: string, values?: Readonly<Record<string, unknown>>): Promise<string>;
  logAt(createdAt: string): Promise<string>;
  /** The partition a message is in, with its table where that tells more: undefined when it is nowhere. */
  placeOf(id: string, table?: 'chat_messages' | 'user_activity_logs'): Promise<string | undefined>;
  partitionsOf(table: string): Promise<string[]>;
  /** Every row of both tables and their archives, in one snapshot, by content. */
  contents(): Promise<unknown[]>;
  steps(): Promise<{ action: string; object: string; result: string; row_count: string | null }[]>;
}

/** A database for each test, as every test changes the partitions. */
export function useArchiveDatabase(): ArchiveDatabase {
  let state:
    | (Awaited<ReturnType<typeof insertConversation>> & { database: TestDatabase; client: pg.Client })
    | undefined;
  const current = (): NonNullable<typeof state> => {
    if (state === undefined) throw new Error('the database is made before each test');
    return state;
  };
  beforeEach(async () => {
    const database = await createDatabase();
    const client = await database.connect();
    await client.query(`set timezone = 'Asia/Seoul'`);
    state = { ...(await insertConversation(client)), database, client };
  });
  afterEach(async () => state?.database.drop());
  return {
    get url() {
      return current().database.url;
    },
    get client() {
      return current().client;
    },
    get alice() {
      return current().alice;
    },
    get bob() {
      return current().bob;
    },
    get room() {
      return current().room;
    },
    connect: () => current().database.connect(),
    async addMonth(text) {
      const month = new Date(`${text}-01T00:00:00Z`);
      for (const table of ['chat_messages', 'user_activity_logs']) {
        await attachPartition(current().client, table, `${table}_${monthSuffix(month)}`, [
          month,
          addMonths(month, 1),
        ]);
      }
    },
    messageAt: (created_at, values = {}) =>
      insertMessage(current().client, {
        room_id: current().room,
        sender_id: current().alice,
        created_at,
        ...values,
      }),
    logAt: async (created_at) =>
      (
        await insertRow(current().client, 'user_activity_logs', {
          user_id: current().alice,
          activity: 'LOGIN',
          created_at,
        })
      ).id,
    async placeOf(id, table = 'chat_messages') {
      const { rows } = await current().client.query<{ place: string }>(
        `select tableoid::regclass::text as place from ${table} where id = $1
         union all select tableoid::regclass::text from ${table}_archive where id = $1`,
        [id],
      );
      if (rows.length > 1) throw new Error(`the row ${id} is there ${rows.length} times`);
      return rows[0]?.place;
    },
    async partitionsOf(table) {
      const { rows } = await current().client.query<{ name: string }>(
        `select inhrelid::regclass::text as name from pg_inherits where inhparent = $1::regclass order by 1`,
        [table],
      );
      return rows.map(({ name }) => name);
    },
    async contents() {
      const { rows } = await current().client.query<{ row: unknown }>(
        `select to_jsonb(m) as row from (select * from chat_messages union all select * from chat_messages_archive) as m
         union all
         select to_jsonb(l) from (select * from user_activity_logs union all select * from user_activity_logs_archive) as l
         order by 1`,
      );
      return rows.map(({ row }) => row);
    },
    async steps() {
      const { rows } = await current().client.query<{
        action: string;
        object: string;
        result: string;
        row_count: string | null;
      }>('select action, object, result, row_count::text from studymate.run_steps order by id');
      return rows;
    },
  };
}
