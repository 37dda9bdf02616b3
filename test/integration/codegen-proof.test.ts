import type pg from 'pg';
import { beforeAll, describe, expect, it } from 'vitest';
import { listCheckedColumns } from '../../src/codegen/list-checked-columns.js';
import { proveValues, type Proof } from '../../src/codegen/prove-values.js';
import { hasSqlState, SQLSTATE } from '../../src/database/sqlstate.js';
import { createEmptyDatabase, useDatabase } from '../support/database.js';
import { preparation, proved, refused, type Shape } from './codegen-shapes.js';

const variants = (value: string): string[] => [
  value,
  `${value}!`,
  `${value} `,
  value.toUpperCase(),
  value.toLowerCase(),
];

describe('proving the values of a column', () => {
  const database = useDatabase(createEmptyDatabase);
  let client: pg.Client;

  beforeAll(async () => {
    client = await database.connect();
    await client.query(preparation);
  });

  async function prove({ columns, after = '' }: Shape): Promise<Proof> {
    await client.query('begin');
    try {
      await client.query(`create table t (${columns}); ${after}`);
      const [column] = (await listCheckedColumns(client)).filter(
        ({ table, name }) => table === 't' && name !== 'X',
      );
      if (column === undefined) throw new Error('no column is listed');
      return await proveValues(client, column);
    } finally {
      await client.query('rollback');
    }
  }

  it.each(proved)('finds the values of %s', async (_, shape, values) => {
    expect(await prove(shape)).toMatchObject({ values });
  });

  it.each(refused)('leaves %s a string and says why', async (_, shape, reason) => {
    expect(await prove(shape)).toEqual({ reason: expect.stringMatching(reason) as string });
  });

  it.each(proved)('holds for all that the server takes: %s', async (_, shape) => {
    const proof = await prove(shape);
    const values = 'values' in proof ? proof.values : [];
    const strangers = ['', ' ', 'zz', 'null', ...values.flatMap(variants)];
    await client.query('begin');
    try {
      await client.query(`create table t (${shape.columns}); ${shape.after ?? ''}`);
      const column = /^"(?:[^"]|"")+"|^\S+/.exec(shape.columns)?.[0] ?? '';
      for (const value of strangers) {
        // A varchar(n) takes what is too long by blanks only, without the blanks.
        for (const stored of await storedValue(column, value)) expect(values).toContain(stored);
      }
    } finally {
      await client.query('rollback');
    }
  });

  async function storedValue(column: string, value: string): Promise<readonly unknown[]> {
    await client.query('savepoint before');
    try {
      const insert = `insert into t (${column}) values ($1) returning ${column}`;
      return (await client.query<unknown[]>({ text: insert, values: [value], rowMode: 'array' })).rows.flat();
    } catch (error) {
      expect(hasSqlState(error, SQLSTATE.checkViolation, '22001')).toBe(true);
      return [];
    } finally {
      await client.query('rollback to savepoint before');
    }
  }

  it('says nothing of columns of other types, of partitions, and of columns without a check', async () => {
    await client.query(`
      create table other (n int check (n in (1, 2)), tags text[] check (tags <@ array['a']), free text) partition by list (n);
      create table other_1 partition of other for values in (1);
      alter table other_1 add check (free in ('a'));`);
    expect((await listCheckedColumns(client)).filter(({ table }) => table.startsWith('other'))).toEqual([]);
  });
});
