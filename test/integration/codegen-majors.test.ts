import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { beforeAll, expect, it } from 'vitest';
import { generateTypes } from '../../src/codegen/generate-types.js';
import { migrateUp } from '../../src/migrate/migrate.js';
import { packageRoot } from '../../src/package-root.js';
import { createEmptyDatabase, useDatabase } from '../support/database.js';
import { withServer } from '../support/server.js';
import { oddSchema } from './codegen-odd-schema.js';

const database = useDatabase(createEmptyDatabase);
let oddTypes: string;
let committed: string;

beforeAll(async () => {
  await run(database.url, oddSchema);
  oddTypes = (await generateTypes({ connection: database.url })).text;
  committed = await readFile(join(packageRoot(), 'generated', 'db.ts'), 'utf8');
});

it.each([15, 16, 17, 18] as const)(
  'PostgreSQL %i gives the same types as every other version',
  async (major) => {
    await withServer(major, async ({ connectionString }) => {
      await migrateUp({ connection: connectionString });
      expect((await generateTypes({ connection: connectionString })).text).toBe(committed);
      const odd = await createOn(connectionString, 'odd');
      await run(odd, oddSchema);
      expect((await generateTypes({ connection: odd })).text).toBe(oddTypes);
      if (major < 18) return;
      await run(
        odd,
        `create table lax (x text constraint lax_x check (x in ('a')) not enforced,
                         twice text generated always as (x || x) virtual)`,
      );
      const { text, leftAsString } = await generateTypes({ connection: odd });
      expect(leftAsString).toContainEqual({ column: 'lax.x', reason: 'lax_x is not valid for all rows' });
      expect(text).toContain('  twice: GeneratedAlways<string | null>;');
    });
  },
);

async function createOn(connectionString: string, name: string): Promise<string> {
  await run(connectionString, `create database ${name}`);
  const url = new URL(connectionString);
  url.pathname = `/${name}`;
  return url.href;
}

async function run(connectionString: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
