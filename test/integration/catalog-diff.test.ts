import type pg from 'pg';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Catalog } from '../../src/catalog/catalog.js';
import { diffCatalogs, type CatalogDifference, type DiffOptions } from '../../src/catalog/diff-catalogs.js';
import { readCatalog } from '../../src/catalog/read-catalog.js';
import { createEmptyDatabase, useDatabase } from '../support/database.js';
import { changes } from './catalog-changes.js';
import { sampleSchema } from './catalog-sample.js';

const database = useDatabase(createEmptyDatabase);
let client: pg.Client;
let sample: Catalog;

beforeAll(async () => {
  client = await database.connect();
  await client.query(sampleSchema);
  sample = await readCatalog(client);
});

/** What a change makes different, the change being undone afterwards. */
async function differencesAfter(sql: string, options?: DiffOptions): Promise<readonly CatalogDifference[]> {
  await client.query('begin');
  try {
    await client.query(sql);
    return diffCatalogs(sample, await readCatalog(client), options);
  } finally {
    await client.query('rollback');
  }
}

function title({ change, property, object }: CatalogDifference): string {
  return property === null ? `${change}: ${object}` : `${change}: ${property} of ${object}`;
}

describe('the difference of two catalogs', () => {
  it('is nothing when nothing was changed', async () => {
    expect(await differencesAfter('select 1', { columnOrder: true, partitions: 'all' })).toEqual([]);
  });

  it.each(changes)('after «%s» is on that object and on no other', async (sql, ...expected) => {
    expect((await differencesAfter(sql)).map(title)).toEqual(expected);
  });

  it('says what was expected and what is there', async () => {
    expect(await differencesAfter(`alter table shop.customers alter column name set default 'x'`)).toEqual([
      {
        object: 'column shop.customers.name',
        change: 'different',
        property: 'default',
        expected: "'nobody'::text",
        actual: "'x'::text",
      },
    ]);
  });

  it('does not see the order in which things were made', async () => {
    const reordered = `drop index shop.customers_lower_name; drop trigger touch on shop.customers;
      create trigger touch before update on shop.customers for each row execute function shop.touch();
      comment on trigger touch on shop.customers is 'Touches.';
      create index customers_lower_name on shop.customers (lower(name) desc nulls last) include (age) where age > 3;
      comment on index shop.customers_lower_name is 'For the search.';
      revoke all on shop.customers from pg_monitor;
      grant update (name) on shop.customers to pg_monitor; grant select on shop.customers to pg_monitor`;
    expect(await differencesAfter(reordered)).toEqual([]);
  });

  it('sees the order of columns only when asked to', async () => {
    const reordered = 'alter table shop.scratch drop column a; alter table shop.scratch add column a integer';
    expect(await differencesAfter(reordered)).toEqual([]);
    expect(await differencesAfter(reordered, { columnOrder: true })).toEqual([
      {
        object: 'table shop.scratch',
        change: 'different',
        property: 'column order',
        expected: 'a, b, label',
        actual: 'b, label, a',
      },
    ]);
  });
});
