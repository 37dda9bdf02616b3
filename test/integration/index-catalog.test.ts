import type pg from 'pg';
import { beforeAll, describe, expect, test } from 'vitest';
import { readIndexes, type LogicalIndex } from '../../src/indexes/index-catalog.js';
import { useDatabase } from '../support/database.js';

const database = useDatabase();
let client: pg.Client;

beforeAll(async () => {
  client = await database.connect();
});

async function indexNamed(name: string, schema = 'public'): Promise<LogicalIndex> {
  const found = (await readIndexes(client)).find((index) => index.name === name && index.schema === schema);
  if (found === undefined) throw new Error(`no index ${schema}.${name}`);
  return found;
}

describe('readIndexes', () => {
  test('tells a partitioned index once, its leaves in the order of their months, the default last', async () => {
    const index = await indexNamed('idx_chat_messages_room_time');
    expect(index).toMatchObject({ partitioned: true, valid: true, method: 'btree', missingOn: [] });
    expect(index.keys.map(({ column, descending }) => [column, descending])).toEqual([
      ['room_id', false],
      ['created_at', true],
    ]);
    const bounds = index.leaves.map(({ lowerBound }) => lowerBound?.getTime());
    expect(bounds.at(-1)).toBeUndefined();
    expect(bounds.slice(0, -1)).toEqual(bounds.slice(0, -1).toSorted());
    expect(index.sizeBytes).toBe(index.leaves.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0));
    expect((await readIndexes(client)).some(({ table }) => table.isPartition)).toBe(false);
  });

  test('says which partitions lack a leaf, and shows what is not attached by itself', async () => {
    await client.query(`
      create index "Only Parent" on only public.chat_messages (is_edited);
      create index half_made on public.chat_messages_default (is_edited)`);
    const index = await indexNamed('Only Parent');
    expect(index).toMatchObject({ valid: false, leaves: [] });
    expect(index.missingOn.map(({ name }) => name)).toContain('chat_messages_default');
    expect((await indexNamed('half_made')).table).toMatchObject({ isPartition: true, partitioned: false });
  });

  test('keeps equal names in two schemas, reserved words and quoted names apart', async () => {
    await client.query(`
      create schema "select";
      create table "select"."Order" ("from" int, "a,b" text);
      create index "select" on "select"."Order" ("from" desc nulls last, lower("a,b") collate "C") include ("a,b")
        where "from" > 0;
      create table public."Order" ("from" int);
      create index "select" on public."Order" ("from")`);
    const index = await indexNamed('select', 'select');
    expect(index.table).toMatchObject({ schema: 'select', name: 'Order' });
    expect(index.keys).toMatchObject([
      { column: 'from', expression: undefined, descending: true, nullsFirst: false },
      { column: undefined, expression: 'lower("a,b")' },
    ]);
    expect(index).toMatchObject({ include: ['a,b'], predicate: '("from" > 0)' });
    expect((await readIndexes(client, { schema: 'select' })).map(({ name }) => name)).toEqual(['select']);
    expect((await indexNamed('select')).table.schema).toBe('public');
  });

  test('names the constraint an index stands behind', async () => {
    expect(await indexNamed('unique_partnership')).toMatchObject({
      unique: true,
      primary: false,
      constraint: 'unique_partnership',
    });
    expect(await indexNamed('chat_messages_pkey')).toMatchObject({ primary: true, partitioned: true });
  });

  test('reads the same as a role without any privilege', async () => {
    const all = await readIndexes(client);
    await client.query('create role no_rights');
    try {
      await client.query('set role no_rights');
      expect(await readIndexes(client)).toEqual(all);
    } finally {
      await client.query('reset role; drop role no_rights');
    }
  });
});
