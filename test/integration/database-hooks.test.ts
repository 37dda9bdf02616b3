import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import type { QueryEvent } from '../../src/database/query-event.js';
import { useDatabase } from '../support/database.js';
import { openDatabase } from '../support/open-database.js';

const test = useDatabase();

describe('onQuery', () => {
  it('tells text, duration, rows and pool of every statement', async () => {
    const database = openDatabase(test.url);
    await sql`select n, pg_sleep(0.02) from generate_series(1, 3) n`.execute(database.primary);
    await database.read.selectFrom('users').select('id').execute();
    await database.withTransaction((transaction) =>
      transaction.insertInto('system_metrics').values({ metric_name: 'm', metric_value: 1 }).execute(),
    );
    expect(database.queries.map(({ sql: text, rowCount, pool }) => ({ text, rowCount, pool }))).toEqual([
      { text: 'select n, pg_sleep(0.02) from generate_series(1, 3) n', rowCount: 3, pool: 'primary' },
      { text: 'select "id" from "users"', rowCount: 0, pool: 'primary (read only)' },
      { text: 'begin', rowCount: 0, pool: 'primary' },
      {
        text: 'insert into "system_metrics" ("metric_name", "metric_value") values ($1, $2)',
        rowCount: 1,
        pool: 'primary',
      },
      { text: 'commit', rowCount: 0, pool: 'primary' },
    ]);
    expect(database.queries[0]?.durationMs).toBeGreaterThan(55);
  });

  it('keeps parameters to itself unless it is told to show them', async () => {
    const secret = 'secret@example.com';
    for (const queryParameters of [false, true]) {
      const database = openDatabase(test.url, { queryParameters });
      await database.read.selectFrom('users').select('id').where('email', '=', secret).execute();
      const [event] = database.queries;
      expect(JSON.stringify(event).includes(secret)).toBe(queryParameters);
      expect(event?.parameters).toEqual(queryParameters ? [secret] : undefined);
    }
  });

  it('tells of failures by code, without the values that are in the message', async () => {
    const database = openDatabase(test.url);
    await sql`select ${'secret'}::int`.execute(database.primary).catch(() => undefined);
    expect(database.queries).toMatchObject([{ failure: '22P02', rowCount: undefined }]);
    expect(JSON.stringify(database.queries)).not.toContain('secret');
  });

  it('fails no query when it throws, and that becomes a warning', async () => {
    const warnings: unknown[] = [];
    const database = openDatabase(test.url, {
      onSlowQuery: () => {
        throw new Error('hook broke');
      },
      slowQueryMs: 0,
    });
    const { rows } = await sql`select 1 as one`.execute(database.primary);
    warnings.push(...database.warnings);
    expect(rows).toEqual([{ one: 1 }]);
    expect(warnings).toMatchObject([{ code: 'HOOK_FAILED', detail: 'hook broke' }]);
  });
});

describe('onSlowQuery', () => {
  it('tells of the slow ones alone, by a fingerprint that statements of one shape share', async () => {
    const slow: QueryEvent[] = [];
    const database = openDatabase(test.url, {
      slowQueryMs: 50,
      onSlowQuery: (event) => void slow.push(event),
    });
    await sql`select 1`.execute(database.primary);
    for (const ids of [['1'], ['1', '2', '3']]) {
      await database.primary
        .selectFrom('users')
        .select(sql`pg_sleep(0)`.as('nap'))
        .where('id', 'in', ids)
        .where(sql<boolean>`pg_sleep(0.06) is not null`)
        .execute();
    }
    await sql`select pg_sleep(0.06)`.execute(database.primary);
    expect(slow).toHaveLength(1);
    const [first, second] = database.queries.filter(({ sql: text }) => text.includes('in ('));
    expect(first?.fingerprint).toMatch(/^[0-9a-f]{16}$/);
    expect(first?.fingerprint).toBe(second?.fingerprint);
    expect(first?.sql).not.toBe(second?.sql);
  });
});
