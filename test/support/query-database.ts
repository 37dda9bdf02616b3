import { Kysely, PostgresDialect, type CompiledQuery } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll } from 'vitest';
import type { DB } from '../../generated/db.js';
import { typeParsers } from '../../src/database/type-parsers.js';
import { createDatabase, useDatabase, type TestDatabase } from './database.js';
import { poll } from './poll.js';

export interface QueryDatabase {
  readonly db: Kysely<DB>;
  /** A session beside those of `db`, to prepare and to look. */
  readonly client: pg.Client;
  readonly database: TestDatabase;
  /** What `work` sends, in order. Its effects are rolled back. */
  statementsOf(work: (db: Kysely<DB>) => Promise<unknown>): Promise<CompiledQuery[]>;
}

/** A clone of the template for the tests of this file, and the library's queries on it. */
export function useQueries(create: () => Promise<TestDatabase> = createDatabase): QueryDatabase {
  const database = useDatabase(create);
  const sent: CompiledQuery[] = [];
  let opened: { db: Kysely<DB>; client: pg.Client } | undefined;
  const open = (): { db: Kysely<DB>; client: pg.Client } => {
    if (opened === undefined) throw new Error('the database of this file is opened in beforeAll');
    return opened;
  };
  beforeAll(async () => {
    const pool = new pg.Pool({ connectionString: database.url, max: 5, types: typeParsers });
    pool.on('error', () => undefined);
    const dialect = new PostgresDialect({ pool });
    const db = new Kysely<DB>({ dialect, log: ({ query }) => void sent.push(query) });
    opened = { db, client: await database.connect() };
  });
  afterAll(() => opened?.db.destroy());
  return {
    get db() {
      return open().db;
    },
    get client() {
      return open().client;
    },
    database,
    statementsOf: async (work) => {
      sent.length = 0;
      const transaction = await open().db.startTransaction().execute();
      try {
        await work(transaction);
      } finally {
        await transaction.rollback().execute();
      }
      return sent.filter(({ sql }) => /^\s*(with|select|insert|update|delete)\b/.test(sql));
    },
  };
}

/** Waits until so many sessions of the database wait for a lock. */
export async function untilSessionsWait(client: pg.ClientBase, count = 1): Promise<void> {
  await poll(async () => {
    const { rows } = await client.query(
      `select from pg_stat_activity
       where datname = current_database() and state = 'active' and wait_event_type = 'Lock'`,
    );
    return rows.length >= count;
  }, `${count} sessions waiting for a lock`);
}
