import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { asRole } from './doctor-support.js';
import { report } from './report-database-support.js';
import { createDatabase, type Database } from '../../src/database/create-database.js';
import { slowStatements } from '../../src/reports/database/slow-statements.js';
import { queryOn } from '../support/replica.js';
import { startThrowAwayServer, withServer, type ThrowAwayServer } from '../support/server.js';

let server: ThrowAwayServer;
let admin: pg.Client;
let db: Database;
/** Of a role that sees its own statements only. */
let stranger: Database;

beforeAll(async () => {
  server = await startThrowAwayServer(17, { shared_preload_libraries: 'pg_stat_statements' });
  admin = new pg.Client({ connectionString: server.connectionString });
  await admin.connect();
  await admin.query(`create role stranger login password 's'; grant create on schema public to stranger;
    create schema counters; create extension pg_stat_statements schema counters;
    grant usage on schema counters to stranger;
    create table public."수업" (id int primary key, "메모" text); insert into public."수업" values (1), (2)`);
  db = createDatabase({ connectionString: server.connectionString });
  stranger = createDatabase({ connectionString: asRole(server.connectionString, 'stranger', 's') });
});
afterAll(async () => {
  await db.close();
  await stranger.close();
  await admin.end();
  await server.dispose();
});

test('what the server spends its time on, normalised, of all roles together', async () => {
  await admin.query('select counters.pg_stat_statements_reset()');
  for (const id of [1, 2]) await admin.query(`select "메모" from public."수업" where id = ${id}`);
  await queryOn(
    asRole(server.connectionString, 'stranger', 's'),
    'create table mine (id int); select id from mine where id = 7',
  );
  await admin.query(`create role temporary_one password 'hunter2'; drop role temporary_one`);
  await admin.query('select count(*) from generate_series(1, 200000)');
  const { rows, warnings } = await report(db, slowStatements, { limit: 1000 });
  expect(warnings).toEqual([]);
  const find = (text: string) => rows.find(({ statement }) => statement === text);
  expect(find('select "메모" from public."수업" where id = $1')).toMatchObject({
    calls: 2,
    rows: 2,
    rowsPerCall: 1,
  });
  expect(find('select id from mine where id = $1')).toMatchObject({ calls: 1, rows: 0 });
  expect(find('create role temporary_one password ?')).toMatchObject({ calls: 1 });
  expect(rows.some(({ statement }) => statement.includes('hunter'))).toBe(false);
  expect(rows.reduce((sum, { share }) => sum + (share ?? 0), 0)).toBeCloseTo(1);
  for (const row of rows) expect(row.meanSeconds).toBeCloseTo(row.totalSeconds / row.calls);
  expect(rows[0]?.statement).toBe('select count(*) from generate_series($1, $2)');
  expect(rows[0]?.since).toBeInstanceOf(Date);
  expect((await report(db, slowStatements, { limit: 1 })).rows).toHaveLength(1);
  for (const [order, column] of [
    ['mean', 'meanSeconds'],
    ['calls', 'calls'],
    ['blocks', 'blocksRead'],
  ] as const) {
    const ordered = (await report(db, slowStatements, { limit: 1000, order })).rows;
    const values = ordered.map((row) => row[column]);
    expect(values).toEqual(values.toSorted((one, other) => other - one));
  }
});

test('of another database there is nothing', async () => {
  await admin.query('create database other');
  const url = new URL(server.connectionString);
  url.pathname = '/other';
  await queryOn(url.href, `select 'elsewhere' as only_there`);
  const { rows } = await report(db, slowStatements, { limit: 1000 });
  expect(rows.some(({ statement }) => statement.includes('only_there'))).toBe(false);
});

test('a role without pg_monitor is told that others are hidden, and how much they take', async () => {
  const { rows, warnings } = await report(stranger, slowStatements, { limit: 1000 });
  expect(warnings).toEqual([expect.stringContaining('pg_monitor')]);
  const hidden = rows.filter(({ statement }) => statement === '<insufficient privilege>');
  expect(hidden).toHaveLength(1);
  expect(hidden[0]?.calls).toBeGreaterThan(3);
  expect(rows.some(({ statement }) => statement === 'select id from mine where id = $1')).toBe(true);
  expect(rows.reduce((sum, { share }) => sum + (share ?? 0), 0)).toBeCloseTo(1);
});

test('without the library it is not available, and the hint says what to do', async () => {
  await withServer(17, async ({ connectionString }) => {
    const bare = createDatabase({ connectionString });
    try {
      const unavailable = {
        code: 'REPORT_UNAVAILABLE',
        hint: expect.stringContaining('shared_preload_libraries') as unknown,
      };
      await expect(report(bare, slowStatements)).rejects.toMatchObject(unavailable);
      await queryOn(connectionString, 'create extension pg_stat_statements');
      await expect(report(bare, slowStatements)).rejects.toMatchObject(unavailable);
    } finally {
      await bare.close();
    }
  });
});
