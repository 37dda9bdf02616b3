import type pg from 'pg';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Catalog } from '../../src/catalog/catalog.js';
import { readCatalog } from '../../src/catalog/read-catalog.js';
import { renderCatalog } from '../../src/catalog/render/render-catalog.js';
import { createEmptyDatabase, useDatabase } from '../support/database.js';
import { sampleSchema } from './catalog-sample.js';

const database = useDatabase(createEmptyDatabase);
let client: pg.Client;
let sample: Catalog;

beforeAll(async () => {
  client = await database.connect();
  await client.query(sampleSchema);
  sample = await readCatalog(client);
});

describe('reading a catalog', () => {
  it('leaves the session as it was', async () => {
    await client.query(`set search_path = shop; set time zone 'Asia/Seoul'`);
    await readCatalog(client);
    const { rows } = await client.query(
      `select current_setting('search_path') as path, current_setting('timezone') as zone, current_setting('quote_all_identifiers') as quote`,
    );
    expect(rows).toEqual([{ path: 'shop', zone: 'Asia/Seoul', quote: 'off' }]);
    await client.query('reset all');
  });

  it('gives the same whatever the settings of the session are', async () => {
    await client.query(
      `set search_path = shop, public; set time zone 'Asia/Seoul'; set datestyle = 'German'; set intervalstyle = 'iso_8601'`,
    );
    expect(await readCatalog(client)).toEqual(sample);
    await client.query('reset all');
  });

  it('within a transaction leaves it open, with its settings', async () => {
    await client.query(`begin; set local search_path = shop; create table shop.kept (id integer)`);
    await readCatalog(client);
    const { rows } = await client.query(
      `select to_regclass('kept')::text as kept, current_setting('search_path') as path`,
    );
    expect(rows).toEqual([{ kept: 'kept', path: 'shop' }]);
    await client.query('rollback');
  });

  it.each([
    ['a table', 'drop table shop.scratch'],
    ['an index', 'drop index shop.customers_lower_name'],
    ['a function', 'drop procedure shop.clean'],
    ['a view', 'drop view shop.names'],
  ])('fails rather than misses a part when %s is dropped meanwhile', async (_, drop) => {
    const own = await createEmptyDatabase();
    try {
      const [reader, other] = [await own.connect(), await own.connect()];
      await other.query(sampleSchema);
      // The first statement takes the snapshot; what the server prints of an object is of the present.
      await reader.query('begin isolation level repeatable read; select 1');
      await other.query(drop);
      await expect(readCatalog(reader)).rejects.toThrow('the catalog changed while it was read');
      await reader.query('select 1');
    } finally {
      await own.drop();
    }
  });

  it('of a database without «public» renders that too', async () => {
    await client.query('begin; drop schema public cascade');
    const withoutPublic = await readCatalog(client);
    await client.query('rollback');
    expect(withoutPublic.schemas.map(({ name }) => name)).not.toContain('public');
    expect(renderCatalog(withoutPublic)).toContain('drop schema public;');
    expect(renderCatalog(sample)).not.toContain('drop schema public;');
  });

  it('leaves out the members of extensions', () => {
    expect(sample.extensions).toEqual([{ name: 'citext', schema: 'shop' }]);
    expect(sample.routines.filter(({ name }) => name.includes('citext'))).toEqual([]);
    expect(sample.others).toEqual(['aggregate shop.total(integer)']);
  });
});
