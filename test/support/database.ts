import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, inject, onTestFinished } from 'vitest';
import { quoteIdentifier } from '../../src/database/identifier.js';
import { TEMPLATE_DATABASE } from './cluster.js';

export interface TestDatabase {
  readonly url: string;
  readonly name: string;
  /** A session of its own, ended by `drop` at the latest. */
  connect(): Promise<pg.Client>;
  /** Ends every session and drops the database. */
  drop(): Promise<void>;
}

/** A clone of the migrated template. By wal_log, the default: file_copy is no faster on disk, and makes checkpoints. */
export async function createDatabase(): Promise<TestDatabase> {
  return createFrom(TEMPLATE_DATABASE);
}

/** As initdb makes them. From template0, which nobody can connect to: a session on template1 would stand in the way. */
export async function createEmptyDatabase(): Promise<TestDatabase> {
  return createFrom('template0');
}

/** A clone of the template for the tests of this file: made before the first, dropped after the last. */
export function useDatabase(create: () => Promise<TestDatabase> = createDatabase): TestDatabase {
  let database: TestDatabase | undefined;
  const made = (): TestDatabase => {
    if (database === undefined) throw new Error('the database of this file is made in beforeAll');
    return database;
  };
  beforeAll(async () => void (database = await create()));
  afterAll(async () => database?.drop());
  return {
    get url() {
      return made().url;
    },
    get name() {
      return made().name;
    },
    connect: () => made().connect(),
    drop: () => made().drop(),
  };
}

async function createFrom(template: string): Promise<TestDatabase> {
  const adminUrl = inject('adminUrl');
  const name = `test_${randomBytes(6).toString('hex')}`;
  await runAsAdmin(
    adminUrl,
    `create database ${quoteIdentifier(name)} template ${quoteIdentifier(template)}`,
  );
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  const clients: pg.Client[] = [];
  return {
    url: url.href,
    name,
    connect: async () => {
      const client = new pg.Client({ connectionString: url.href });
      // A test may end the session from the server's side; its queries are refused then.
      client.on('error', () => undefined);
      await client.connect();
      clients.push(client);
      return client;
    },
    drop: async () => {
      await Promise.all(clients.map((client) => client.end().catch(() => undefined)));
      await runAsAdmin(adminUrl, `drop database if exists ${quoteIdentifier(name)} with (force)`);
    },
  };
}

async function runAsAdmin(adminUrl: string, sql: string): Promise<void> {
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  try {
    await admin.query(sql);
  } finally {
    await admin.end();
  }
}

/** An empty database for one test, dropped after it. */
export async function emptyDatabaseForTest(): Promise<TestDatabase> {
  const database = await createEmptyDatabase();
  onTestFinished(() => database.drop());
  return database;
}
