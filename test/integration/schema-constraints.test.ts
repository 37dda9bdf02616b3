import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useDatabase } from '../support/database.js';
import {
  insertParents,
  insertRow,
  insertUser,
  validRows,
  type Parents,
  type TableName,
  type Values,
} from '../support/rows.js';
import {
  checkCases,
  foreignKeyCases,
  triggerConstraints,
  twinChecks,
  uniqueCases,
} from './schema-constraint-cases.js';

const tables = Object.keys(validRows) as TableName[];
const database = useDatabase();
let client: pg.Client;
let parents: Parents;
let third: string;

beforeAll(async () => {
  client = await database.connect();
  parents = await insertParents(client);
  third = await insertUser(client);
});
afterAll(async () => client.end());

const split = (key: string): [TableName, string] => key.split('.') as [TableName, string];
const valid = (table: TableName, changes: Values = {}): Values => ({
  ...validRows[table](parents),
  ...changes,
});
/** Cases name a user by role. */
const named = (changes: Values): Values =>
  Object.fromEntries(
    Object.entries(changes).map(([column, value]) =>
      column.startsWith('user_id') && (value === 'other' || value === 'third')
        ? [column, value === 'other' ? parents.other : third]
        : [column, value],
    ),
  );

/** Runs work on a state that is forgotten afterwards. */
async function rolledBack(work: () => Promise<void>): Promise<void> {
  await client.query('begin');
  try {
    await work();
  } finally {
    await client.query('rollback');
  }
}

const refusal = (code: string, table: TableName, constraint: string): Values => ({
  code,
  table: expect.stringMatching(new RegExp(`^${table}(_default)?$`)) as string,
  constraint,
});

async function expectRefused(
  table: TableName,
  values: Values,
  code: string,
  constraint: string,
): Promise<void> {
  await rolledBack(async () => {
    await expect(insertRow(client, table, values), JSON.stringify(values)).rejects.toMatchObject(
      refusal(code, table, constraint),
    );
  });
}

describe('every constraint of the 23 tables', () => {
  it('has a case', async () => {
    const { rows } = await client.query<{ key: string }>(
      `select conrelid::regclass || '.' || conname as key
       from pg_constraint where conrelid = any ($1::regclass[]) and contype in ('c', 'u', 'f', 't', 'x') order by 1`,
      [tables],
    );
    const cases = [checkCases, twinChecks, uniqueCases, foreignKeyCases].flatMap((each) => Object.keys(each));
    expect(rows.map((row) => row.key)).toEqual([...cases, ...triggerConstraints].sort());
  });
});

describe('a check', () => {
  it.each(Object.entries(checkCases))(
    '%s refuses what it should and accepts what it should',
    async (key, checks) => {
      const [table, constraint] = split(key);
      for (const changes of checks.refused)
        await expectRefused(table, valid(table, changes), '23514', constraint);
      for (const changes of checks.accepted) {
        await rolledBack(async () => {
          expect(
            await insertRow(client, table, valid(table, changes)),
            JSON.stringify(changes),
          ).toBeDefined();
        });
      }
    },
  );

  it.each(Object.entries(twinChecks))(
    '%s keeps two users apart, also without its twin',
    async (key, changes) => {
      const [table, constraint] = split(key);
      await rolledBack(async () => {
        for (const twin of Object.keys(twinChecks).filter(
          (other) => other !== key && other.startsWith(`${table}.`),
        )) {
          await client.query(`alter table ${table} drop constraint ${split(twin)[1]}`);
        }
        const row = valid(table);
        await insertRow(client, table, row);
        const same = Object.fromEntries(
          Object.entries(changes).map(([column, like]) => [column, row[String(like)]]),
        );
        await expect(insertRow(client, table, { ...row, ...same })).rejects.toMatchObject(
          refusal('23514', table, constraint),
        );
      });
    },
  );
});

describe('a unique constraint', () => {
  it.each(Object.entries(uniqueCases))(
    '%s refuses the same twice and accepts another',
    async (key, unique) => {
      const [table, constraint] = split(key);
      const first = valid(table, table === 'users' ? { oauth_provider: 'GOOGLE', oauth_id: 'one' } : {});
      const fresh = valid(table, table === 'users' ? { oauth_provider: 'GOOGLE', oauth_id: 'two' } : {});
      const again = {
        ...fresh,
        ...Object.fromEntries(unique.columns.map((column) => [column, first[column]])),
      };
      await rolledBack(async () => {
        await insertRow(client, table, first);
        for (const changes of unique.accepted) {
          await client.query('savepoint fresh');
          expect(
            await insertRow(client, table, { ...again, ...named(changes) }),
            JSON.stringify(changes),
          ).toBeDefined();
          await client.query('rollback to savepoint fresh');
        }
        await expect(insertRow(client, table, again)).rejects.toMatchObject(
          refusal('23505', table, constraint),
        );
      });
    },
  );

  it('takes any number of users without an OAuth account, whichever half is null', async () => {
    await rolledBack(async () => {
      for (const half of [{}, { oauth_provider: 'GOOGLE' }, { oauth_id: 'one' }]) {
        await insertRow(client, 'users', valid('users', half));
        await insertRow(client, 'users', valid('users', half));
      }
      const { rows } = await client.query(
        'select from users where oauth_provider is null or oauth_id is null',
      );
      expect(rows.length).toBeGreaterThanOrEqual(6);
    });
  });

  it('takes a pair of partners once, whichever comes first', async () => {
    await rolledBack(async () => {
      const pair = valid('user_partnerships');
      await insertRow(client, 'user_partnerships', pair);
      await expect(
        insertRow(client, 'user_partnerships', {
          user_id_1: pair['user_id_2'],
          user_id_2: pair['user_id_1'],
        }),
      ).rejects.toMatchObject(refusal('23505', 'user_partnerships', 'unique_partnership_pair'));
    });
  });
});

describe('a foreign key', () => {
  it.each(Object.entries(foreignKeyCases))(
    '%s holds, and deleting what it points at does what the ERD says',
    async (key, foreignKey) => {
      const [table, constraint] = split(key);
      const { column, references, onDelete } = foreignKey;
      await expectRefused(table, valid(table, { [column]: '-1' }), '23503', constraint);
      await rolledBack(async () => {
        const target = await insertRow(client, references, valid(references));
        const row = await insertRow(client, table, valid(table, { [column]: target.id }));
        expect(row[column]).toBe(target.id);
        await client.query(`delete from ${references} where id = $1`, [target.id]);
        const { rows } = await client.query<Values>(`select ${column} from ${table} where id = $1`, [row.id]);
        expect(rows).toEqual(onDelete === 'cascade' ? [] : [{ [column]: null }]);
      });
    },
  );
});

describe.each(tables)('%s', (table) => {
  it('gives every row a key that no other row can have', async () => {
    const { rows } = await client.query<{ name: string; columns: string[] }>(
      `select conname as name, array(
         select attname::text from unnest(conkey) as k join pg_attribute on attrelid = conrelid and attnum = k
       ) as columns
       from pg_constraint where conrelid = $1::regclass and contype = 'p'`,
      [table],
    );
    const partitioned = table === 'chat_messages' || table === 'user_activity_logs';
    expect(rows).toEqual([{ name: `${table}_pkey`, columns: partitioned ? ['id', 'created_at'] : ['id'] }]);
    await rolledBack(async () => {
      // created_at is the same for both rows, as it is the start of the transaction.
      const { id } = await insertRow(client, table, valid(table));
      await expect(insertRow(client, table, { ...valid(table), id })).rejects.toMatchObject({
        code: '23505',
        constraint: expect.stringMatching(/_pkey$/) as string,
      });
    });
  });

  it('refuses null where the ERD requires a value or gives a default', async () => {
    const { rows } = await client.query<{ column: string; required: boolean; has_default: boolean }>(
      `select attname as column, attnotnull as required, atthasdef as has_default
       from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped`,
      [table],
    );
    expect(rows.filter((row) => row.has_default && !row.required)).toEqual([]);
    for (const { column } of rows.filter((row) => row.required)) {
      await rolledBack(async () => {
        await expect(
          insertRow(client, table, valid(table, { [column]: null })),
          column,
        ).rejects.toMatchObject({
          code: '23502',
          column,
        });
      });
    }
  });
});
