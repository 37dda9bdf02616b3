import type pg from 'pg';
import { beforeAll, describe, expect, test } from 'vitest';
import { findUncoveredForeignKeys, type UncoveredForeignKey } from '../../src/indexes/find-uncovered.js';
import { readForeignKeys } from '../../src/indexes/foreign-keys.js';
import { readIndexes } from '../../src/indexes/index-catalog.js';
import { useDatabase } from '../support/database.js';

const database = useDatabase();
let client: pg.Client;

async function uncovered(schema: string): Promise<readonly UncoveredForeignKey[]> {
  return findUncoveredForeignKeys(
    await readForeignKeys(client, { schema }),
    await readIndexes(client, { schema }),
  );
}

beforeAll(async () => {
  client = await database.connect();
  await client.query(`
    create schema f;
    set search_path = f;
    create table parent (id int primary key, a int, b int, unique (a, b));
    create table child (
      bare int constraint bare_fk references parent,
      covered int constraint covered_fk references parent,
      hashed int constraint hashed_fk references parent,
      partial int constraint partial_fk references parent,
      not_null int constraint not_null_fk references parent,
      "Not Null" int constraint quoted_fk references parent,
      second int constraint second_fk references parent on delete cascade,
      x int, y int, z int, constraint pair_fk foreign key (x, y) references parent (a, b),
      brin int constraint brin_fk references parent);
    create index on child (covered, x);
    create index on child using hash (hashed);
    create index on child (partial) where x > 0;
    create index on child (not_null) where not_null is not null;
    create index on child ("Not Null") where "Not Null" is not null;
    create index on child (x, second);
    create index on child (y, x, z);
    create index on child using brin (brin);
    create table months (at timestamptz not null, parent_id int constraint months_fk references parent)
      partition by range (at);
    create table months_1 partition of months for values from ('2025-01-01') to ('2025-02-01');
    create table months_2 partition of months for values from ('2025-02-01') to ('2025-03-01');
    create index months_idx on only months (parent_id);
    create index on months_1 (parent_id)`);
});

describe('findUncoveredForeignKeys', () => {
  test('finds nothing in the schema of the migrations', async () => {
    expect(await uncovered('public')).toEqual([]);
  });

  test('names what looks as if it served, and why it does not', async () => {
    const found = await uncovered('f');
    expect(
      found.map(({ foreignKey, nearMiss }) => [foreignKey.name, nearMiss?.reason ?? 'no index']).sort(),
    ).toEqual([
      ['bare_fk', 'no index'],
      ['brin_fk', 'a brin index is not looked up by equality'],
      ['months_fk', 'it is not complete'],
      ['partial_fk', 'it leaves out rows: where (x > 0)'],
      ['second_fk', 'no index'],
    ]);
  });

  test('gives a statement that mends it', async () => {
    for (const { foreignKey, createStatement } of await uncovered('f')) {
      if (foreignKey.table.name === 'child') await client.query(createStatement);
    }
    expect((await uncovered('f')).map(({ foreignKey }) => foreignKey.name)).toEqual(['months_fk']);
  });

  test('counts the foreign keys that partitions have of their own once', async () => {
    await client.query(`
      create table kept (at timestamptz not null, parent_id int) partition by range (at);
      create table kept_1 partition of kept (constraint own_fk foreign key (parent_id) references parent)
        for values from ('2025-01-01') to ('2025-02-01');
      create table kept_2 partition of kept (constraint own_fk foreign key (parent_id) references parent)
        for values from ('2025-02-01') to ('2025-03-01')`);
    expect((await uncovered('f')).filter(({ foreignKey }) => foreignKey.name === 'own_fk')).toMatchObject([
      { foreignKey: { table: { name: 'kept' }, columns: ['parent_id'] } },
    ]);
    await client.query('create index on kept (parent_id)');
    expect((await uncovered('f')).map(({ foreignKey }) => foreignKey.name)).toEqual(['months_fk']);
  });
});
