import type pg from 'pg';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { explainStatement, type ExplainOptions, type ExplainResult } from '../../src/explain/explain.js';
import { hotQueries } from '../../src/explain/statements.js';
import { seed } from '../../src/seed/seed.js';
import { createDatabase, useDatabase } from '../support/database.js';

/** Explaining keeps nothing, waits for nobody long, and refuses what it cannot undo. */
const database = useDatabase();
let client: pg.Client;

beforeAll(async () => {
  await seed({ connection: database.url, profile: 'tiny' });
  client = await database.connect();
}, 120_000);

const explain = (
  statement: ExplainOptions['statement'],
  options: Partial<ExplainOptions> = {},
): Promise<ExplainResult> => explainStatement({ connection: database.url, statement, ...options });
const own = (sql: string, options: Partial<ExplainOptions> = {}): Promise<ExplainResult> =>
  explain({ sql, label: 'the statement' }, options);

/** EXPLAIN (GENERIC_PLAN) came with PostgreSQL 16. */
async function hasGenericPlan(): Promise<boolean> {
  const { rows } = await client.query<{ version: number }>(
    `select current_setting('server_version_num')::int as version`,
  );
  return (rows[0]?.version ?? 0) >= 160_000;
}

/** Every row of every table of the application, hashed. */
async function contents(): Promise<string> {
  const { rows } = await client.query<{ name: string }>(
    `select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname in ('public', 'studymate') and c.relkind in ('r', 'p') and not c.relispartition order by 1`,
  );
  const hashes: string[] = [];
  for (const { name } of rows) {
    const found = await client.query<{ hash: string }>(
      `select count(*) || ' ' || coalesce(sum(hashtextextended(t::text, 0)), 0) as hash from ${name} as t`,
    );
    hashes.push(`${name} ${found.rows[0]?.hash ?? ''}`);
  }
  return hashes.join('\n');
}

describe('a hot query', () => {
  it.each(hotQueries.map(({ name, writes }) => [name, writes] as const))(
    '%s is explained with values of the database, and leaves it as it was',
    async (name, write) => {
      const before = await contents();
      const { statements, parameters, wrote } = await explain(name, { write });
      expect(await contents()).toBe(before);
      expect(wrote).toBe(write);
      expect(statements.length).toBeGreaterThan(0);
      expect(statements.map(({ analysis }) => analysis.root.loops)).toEqual(statements.map(() => 1));
      expect(parameters.every(({ isGiven }) => !isGiven)).toBe(true);
    },
  );

  it.each(hotQueries.filter(({ writes }) => writes).map(({ name }) => name))(
    '%s is not run without being allowed to write, and can be planned',
    async (name) => {
      await expect(explain(name)).rejects.toMatchObject({ code: 'EXPLAIN_WRITE_REFUSED' });
      const { statements, analyzed } = await explain(name, { analyze: false });
      expect(analyzed).toBe(false);
      expect(statements[0]?.analysis.root.loops).toBeUndefined();
    },
  );

  it('takes values by name, checked before anything is connected to', async () => {
    const { parameters } = await explain('listRoomMessages', { parameters: { roomId: '3', limit: '5' } });
    expect(parameters).toMatchObject([
      { name: 'roomId', value: '3', isGiven: true },
      { name: 'now', isGiven: false },
      { name: 'limit', value: 5, isGiven: true },
    ]);
    const nowhere = { connection: 'postgres://nobody@127.0.0.1:1/none' };
    for (const parameters of [{ roomId: "3' or true" }, { room: '3' }, { limit: '-1' }, { toString: '1' }]) {
      await expect(explain('listRoomMessages', { ...nowhere, parameters })).rejects.toMatchObject({
        code: 'EXPLAIN_PARAMETER_INVALID',
      });
    }
    await expect(explain('listEverything', nowhere)).rejects.toMatchObject({
      code: 'EXPLAIN_STATEMENT_UNKNOWN',
    });
  });

  it('shows no token', async () => {
    const { rows } = await client.query<{ token: string }>(`select token from refresh_tokens`);
    const text = JSON.stringify(await explain('rotateRefreshToken', { write: true }));
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.filter(({ token }) => text.includes(token))).toEqual([]);
    expect(text).toContain('(hidden)');
  });

  it('without rows to take values from says which one to give', async () => {
    const empty = await createDatabase();
    onTestFinished(() => empty.drop());
    await expect(explain('listRoomMessages', { connection: empty.url })).rejects.toMatchObject({
      code: 'EXPLAIN_PARAMETER_MISSING',
      hint: expect.stringContaining('--param roomId=VALUE') as string,
    });
  });
});

describe('a statement of one’s own', () => {
  it('that writes is refused, or undone when allowed', async () => {
    const before = await contents();
    const remove = `delete from users where id < 20 returning id`;
    await expect(own(remove)).rejects.toMatchObject({ code: 'EXPLAIN_WRITE_REFUSED' });
    const { statements, notes } = await own(remove, { write: true });
    expect(statements[0]?.analysis.root.actualRows).toBe(19);
    expect(statements[0]?.analysis.triggers.length).toBeGreaterThan(5);
    expect(notes.join(' ')).toMatch(/rolled back.*locked meanwhile.*sequences/);
    expect(await contents()).toBe(before);
  });

  it('is one: what stands behind it is refused by the server, and not run', async () => {
    const before = await contents();
    for (const sql of [
      `select 1; commit; delete from users`,
      `select 1; select 2`,
      `select 1;\n-- and\ncommit`,
    ]) {
      for (const parameters of [{}, { 1: '5' }]) {
        await expect(own(sql, { write: true, parameters })).rejects.toMatchObject({
          code: 'EXPLAIN_SEVERAL_STATEMENTS',
        });
      }
      await expect(own(sql, { write: true, genericPlan: true })).rejects.toMatchObject({
        code: (await hasGenericPlan()) ? 'EXPLAIN_SEVERAL_STATEMENTS' : 'EXPLAIN_GENERIC_UNSUPPORTED',
      });
    }
    await own(`select 1; -- the end`);
    expect(await contents()).toBe(before);
  });

  it.each([
    'vacuum users',
    'create index concurrently on users (id)',
    'commit',
    '',
    'analyze users',
    'call x()',
  ])('that has no plan is refused: «%s»', async (sql) => {
    await expect(own(sql, { write: true })).rejects.toMatchObject({ code: 'EXPLAIN_STATEMENT_INVALID' });
  });

  it('that draws from a sequence is refused in a read-only transaction', async () => {
    await expect(own(`select nextval('users_id_seq')`)).rejects.toMatchObject({
      code: 'EXPLAIN_WRITE_REFUSED',
      hint: expect.stringContaining('--write') as string,
    });
  });

  it('has its error placed in its own text', async () => {
    await expect(own(`selct 1`)).rejects.toMatchObject({
      code: 'EXPLAIN_STATEMENT_INVALID',
      detail: expect.stringContaining('at character 1)') as string,
    });
    await expect(own(`select 1 from nowhere`)).rejects.toMatchObject({
      code: 'EXPLAIN_STATEMENT_FAILED',
      detail: expect.stringContaining('at character 15)') as string,
    });
  });

  it('needs its parameters, typed by the server', async () => {
    const sql = `select * from users where id = $1`;
    const { statements } = await own(sql, { parameters: { 1: '7' } });
    expect(statements[0]?.analysis.root.actualRows).toBe(1);
    await expect(own(sql)).rejects.toMatchObject({ code: 'EXPLAIN_PARAMETER_MISSING' });
    await expect(own(sql, { parameters: { 1: 'seven' } })).rejects.toMatchObject({
      code: 'EXPLAIN_STATEMENT_FAILED',
    });
    await expect(own(sql, { parameters: { 2: '7' } })).rejects.toMatchObject({
      code: 'EXPLAIN_PARAMETER_INVALID',
    });
  });

  it('is planned for any values: no month is left out for a value nobody gave', async ({ skip }) => {
    if (!(await hasGenericPlan())) skip();
    const sql = `select count(*) from chat_messages where created_at >= $1 and created_at < $2`;
    const { statements, analyzed } = await own(sql, { genericPlan: true });
    expect(analyzed).toBe(false);
    const [read] = statements[0]?.analysis.partitionReads ?? [];
    expect(read?.plannedCount).toBe(read?.partitionCount);
    expect(JSON.stringify(statements[0]?.raw)).toContain('$1');
  });

  it('that takes too long is ended by the server', async () => {
    await expect(own(`select pg_sleep(60)`, { statementTimeoutMs: 50 })).rejects.toMatchObject({
      code: 'EXPLAIN_TIMEOUT',
    });
  });

  it('does not wait for a lock longer than it may', async () => {
    await client.query('begin');
    await client.query('lock table users in access exclusive mode');
    try {
      await expect(own(`select count(*) from users`, { lockTimeoutMs: 50 })).rejects.toMatchObject({
        code: 'EXPLAIN_LOCK_TIMEOUT',
      });
    } finally {
      await client.query('rollback');
    }
  });
});
