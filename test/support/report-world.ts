import type pg from 'pg';
import { afterAll, beforeAll } from 'vitest';
import { runArchive } from '../../src/archive/run-archive.js';
import { createDatabase, type Database } from '../../src/database/create-database.js';
import { quoteIdentifier } from '../../src/database/identifier.js';
import { typeParsers } from '../../src/database/type-parsers.js';
import { seed } from '../../src/seed/seed.js';
import { useDatabase } from './database.js';

/** The day the seeded world ends; reports of it are run with it as their present. */
export const WORLD_END = new Date('2026-01-01T00:00:00Z');

export interface ReportWorld {
  readonly url: string;
  /** What reports run on. */
  readonly db: Database;
  readonly client: pg.Client;
  /** All rows of a table, live and archived; instants are Dates, bigint and numeric text, days text. */
  rows<Row extends pg.QueryResultRow>(table: string): Promise<Row[]>;
}

/**
 * A tiny world of nine months for the tests of this file, its first months archived: what a report says of it is
 * counted again from all of its rows.
 *
 * @param prepare adds what the seed does not have: cases at the edge
 */
export function useReportWorld(prepare?: (client: pg.Client) => Promise<void>): ReportWorld {
  const database = useDatabase();
  let db: Database | undefined;
  let client: pg.Client | undefined;
  beforeAll(async () => {
    await seed({ connection: database.url, profile: 'tiny', months: 9, referenceDate: WORLD_END });
    client = await database.connect();
    await prepare?.(client);
    await runArchive({ connection: database.url, now: WORLD_END });
    db = createDatabase({ connectionString: database.url });
  }, 120_000);
  afterAll(async () => db?.close());
  return {
    get url() {
      return database.url;
    },
    get db() {
      return made(db);
    },
    get client() {
      return made(client);
    },
    async rows<Row extends pg.QueryResultRow>(table: string): Promise<Row[]> {
      const name = `public.${quoteIdentifier(table)}`;
      const isArchived = ['chat_messages', 'user_activity_logs'].includes(table);
      const archived = `union all select * from public.${quoteIdentifier(`${table}_archive`)}`;
      const { rows } = await made(client).query<Row>({
        text: `select * from ${name} ${isArchived ? archived : ''}`,
        types: typeParsers,
      });
      return rows;
    },
  };
}

function made<T>(part: T | undefined): T {
  if (part === undefined) throw new Error('the world of this file is made in beforeAll');
  return part;
}
