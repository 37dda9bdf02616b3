import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Catalog } from '../../src/catalog/catalog.js';
import { diffCatalogs } from '../../src/catalog/diff-catalogs.js';
import { readCatalog } from '../../src/catalog/read-catalog.js';
import { renderCatalog } from '../../src/catalog/render/render-catalog.js';
import { migrateDown, migrateUp } from '../../src/migrate/migrate.js';
import { packageRoot } from '../../src/package-root.js';
import { createEmptyDatabase, useDatabase } from '../support/database.js';
import { withServer } from '../support/server.js';

async function catalogOf(url: string): Promise<Catalog> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await readCatalog(client);
  } finally {
    await client.end();
  }
}

const database = useDatabase(createEmptyDatabase);
let reference: Catalog;

beforeAll(async () => {
  await migrateUp({ connection: database.url });
  reference = await catalogOf(database.url);
});

describe('what the migrations make', () => {
  it('is what generated/schema.sql says', async () => {
    expect(renderCatalog(reference)).toBe(
      await readFile(join(packageRoot(), 'generated', 'schema.sql'), 'utf8'),
    );
  });

  it('is still the schema when months were archived', async () => {
    const client = await database.connect();
    await client.query('begin');
    await client.query(`
      with author as (
        insert into users (email, english_name, birth_date) values ('a@example.com', 'A', '1990-01-01') returning id),
      room as (insert into chat_rooms (name) values ('R') returning id)
      insert into chat_messages (room_id, sender_id, content, created_at)
        select room.id, author.id, 'Hi', at::timestamptz
          from author, room, unnest(array['2025-01-15Z', '2025-02-15Z']) as at`);
    await client.query('select archive_old_data()');
    const archived = await readCatalog(client);
    expect(
      archived.tables.filter(({ partitionOf }) => partitionOf === 'public.chat_messages_archive'),
    ).toHaveLength(2);
    expect(diffCatalogs(reference, archived)).toEqual([]);
    await client.query('rollback');
  });

  it.each([15, 16, 17, 18] as const)(
    'is the same on PostgreSQL %i, leaves nothing when it is reverted, and comes back as it was',
    async (major) => {
      await withServer(major, async ({ connectionString }) => {
        const connection = connectionString;
        const before = await catalogOf(connection);
        await migrateUp({ connection });
        const first = await catalogOf(connection);
        expect(renderCatalog(first)).toBe(renderCatalog(reference));
        expect(first).toEqual(reference);
        await migrateDown({ connection, count: 'all' });
        expect(await catalogOf(connection)).toEqual(before);
        await migrateUp({ connection });
        expect(await catalogOf(connection)).toEqual(first);
      });
    },
    120_000,
  );
});
