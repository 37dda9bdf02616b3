import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Catalog } from '../../src/catalog/catalog.js';
import { diffCatalogs } from '../../src/catalog/diff-catalogs.js';
import { readCatalog } from '../../src/catalog/read-catalog.js';
import { renderCatalog } from '../../src/catalog/render/render-catalog.js';
import { reservedWords } from '../../src/catalog/reserved-words.js';
import { createEmptyDatabase, useDatabase } from '../support/database.js';
import { startThrowAwayServer } from '../support/server.js';
import { sampleSchema, sampleViews } from './catalog-sample.js';

const everything = { columnOrder: true, partitions: 'all' } as const;
const database = useDatabase(createEmptyDatabase);
let reference: Catalog;

beforeAll(async () => {
  const client = await database.connect();
  await client.query(sampleSchema + sampleViews);
  reference = await readCatalog(client);
});

describe.each([15, 16, 17, 18] as const)('the catalog on PostgreSQL %i', (major) => {
  let server: Awaited<ReturnType<typeof startThrowAwayServer>> | undefined;
  let admin: pg.Client;
  const clients: pg.Client[] = [];

  async function connect(name: string): Promise<pg.Client> {
    const url = new URL(server?.connectionString ?? '');
    url.pathname = `/${name}`;
    const client = new pg.Client({ connectionString: url.href });
    await client.connect();
    clients.push(client);
    return client;
  }

  /** A session in a new database in which `sql` was run. */
  async function databaseWith(name: string, sql: string): Promise<pg.Client> {
    await admin.query(`create database ${name} template template0`);
    const client = await connect(name);
    await client.query(sql);
    return client;
  }

  beforeAll(async () => {
    server = await startThrowAwayServer(major);
    admin = await connect('postgres');
  });

  afterAll(async () => {
    await Promise.all(clients.map((client) => client.end()));
    await server?.dispose();
  });

  it('is that of every other version, and so is what is rendered from it', async () => {
    const catalog = await readCatalog(await databaseWith('original', sampleSchema + sampleViews));
    expect(diffCatalogs(reference, catalog, everything)).toEqual([]);
    expect(renderCatalog(catalog)).toBe(renderCatalog(reference));
  });

  it('comes back from what is rendered from it, but for kinds of object that are only named', async () => {
    const rendered = await readCatalog(await databaseWith('rendered', renderCatalog(reference)));
    expect(diffCatalogs(reference, rendered, everything)).toEqual([
      { object: 'aggregate shop.total(integer)', change: 'missing', property: null },
    ]);
    expect(renderCatalog(rendered)).toBe(renderCatalog({ ...reference, others: [] }));
  });

  it('quotes every word that this version reserves', async () => {
    const { rows } = await admin.query<{ word: string }>(
      `select word from pg_get_keywords() where catcode <> 'U' and word <> 'json'`,
    );
    expect(rows.map(({ word }) => word).filter((word) => !reservedWords.has(word))).toEqual([]);
  });

  if (major === 18) {
    const newer = `
      create table plain (id integer not null, twice integer generated always as (id * 2) virtual, parent integer);
      create table parent (id integer primary key);
      alter table plain add constraint named not null parent not valid;
      alter table plain add constraint loose foreign key (parent) references parent not enforced;`;

    it('has what only this version can say, and renders it', async () => {
      const catalog = await readCatalog(await databaseWith('newer', newer));
      const [, plain] = catalog.tables;
      expect(plain?.columns.map(({ name, notNull, generated }) => [name, notNull, generated])).toEqual([
        ['id', true, null],
        ['twice', false, 'virtual'],
        ['parent', false, null],
      ]);
      expect(plain?.constraints.map(({ name, validated }) => [name, validated])).toEqual([
        ['loose', false],
        ['named', false],
      ]);
      const rendered = await readCatalog(await databaseWith('newer_rendered', renderCatalog(catalog)));
      expect(diffCatalogs(catalog, rendered, everything)).toEqual([]);
    });
  }
});
