import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli, type CliResult } from '../support/cli.js';
import { createDatabase, type TestDatabase } from '../support/database.js';

let database: TestDatabase;
let client: pg.Client;

beforeAll(async () => {
  database = await createDatabase();
  client = await database.connect();
  await client.query(`
    create schema w;
    create table w.worn (id int primary key, "상태" text) with (autovacuum_enabled = off);
    insert into w.worn select i, 'A' || i % 3 from generate_series(1, 20000) i;
    create index worn_status on w.worn ("상태", id);
    create index worn_twin on w.worn ("상태");
    create table w.months (at timestamptz not null, room int) partition by range (at);
    create table w.months_1 partition of w.months for values from ('2025-01-01 00:00+00') to ('2025-02-01 00:00+00');
    create index months_room on w.months (room);
    analyze w.worn`);
});
afterAll(async () => database.drop());

const cli = (
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<CliResult> => runCli(['index', ...args], { DATABASE_URL: database.url, ...environment });

describe('studymate-db index list', () => {
  it('is one line a logical index for people, and one object for machines, with notices on stderr', async () => {
    const table = await cli(['list', '--schema', 'w']);
    expect(table.code).toBe(0);
    expect(table.stdout).toMatch(/w\.months +months_room +btree/);
    expect(table.stdout).toMatch(/^4 indexes, .*; scans since \d{4}-/m);
    const json = await cli(['list', '--schema', 'w', '--exact', '--format', 'json']);
    const { indexes } = JSON.parse(json.stdout) as { indexes: { index: string; size: number }[] };
    expect(indexes.map(({ index }) => index)).toEqual([
      'months_room',
      'worn_pkey',
      'worn_status',
      'worn_twin',
    ]);
    expect(indexes.every(({ size }) => Number.isInteger(size))).toBe(true);
    expect(JSON.parse(json.stderr)).toMatchObject({ type: 'notice' });
  });

  it('opens a partitioned index into its leaves', async () => {
    const { stdout } = await cli(['list', '--table', 'months', '--leaves', '--format', 'ndjson']);
    expect(JSON.parse(stdout)).toMatchObject({
      index: 'months_room',
      partition: 'w.months_1',
      from: '2025-01-01T00:00:00.000Z',
      valid: true,
    });
  });
});

describe('studymate-db index report', () => {
  it('ends with 0, and with 3 when asked for and there is something to do', async () => {
    const report = await cli(['report', '--schema', 'w']);
    expect(report.code).toBe(0);
    expect(report.stdout).toContain('→ drop index concurrently "w"."worn_twin"');
    expect(report.stderr).toContain('hypopg is not installed');
    expect((await cli(['report', '--schema', 'w', '--exit-code'])).code).toBe(3);
    expect((await cli(['report', '--schema', 'nothing_here', '--exit-code'])).code).toBe(0);
  });

  it('keeps what, why, fix and undo apart for machines', async () => {
    const { stdout } = await cli(['report', '--schema', 'w', '--format', 'csv']);
    const [head, row] = stdout.split('\n');
    expect(head).toBe('kind,schema,table,index,what,why,savesBytes,fix,undo,costBefore,costAfter');
    expect(row).toMatch(/^redundant,w,worn,worn_twin,/);
    expect(row).toContain('CREATE INDEX worn_twin ON w.worn');
    const { findings } = JSON.parse((await cli(['report', '--schema', 'w', '--format', 'json'])).stdout) as {
      findings: { undo: string[] }[];
    };
    expect(findings[0]?.undo[0]).toContain('"상태"');
  });

  it.each([
    ['--unused-days', '0'],
    ['--unused-days', 'many'],
    ['--statements', '-1'],
    ['--statements', '1e3'],
  ])('refuses %s %s before it connects', async (option, value) => {
    const result = await cli(['report', `${option}=${value}`], {
      DATABASE_URL: 'postgres://127.0.0.1:1/none',
    });
    expect(result.code).toBe(2);
    expect(result.stderr).toContain('USAGE_INVALID_OPTION');
    expect(result.stdout).toBe('');
  });

  it('ends with 4 when it cannot connect', async () => {
    expect((await cli(['report'], { DATABASE_URL: 'postgres://127.0.0.1:1/none' })).code).toBe(4);
  });
});

describe('studymate-db index snapshot', () => {
  it('keeps a reading, that the report counts', async () => {
    expect((await cli(['snapshot', '--format', 'json'])).code).toBe(0);
    const { rows } = await client.query('select count(*)::int as readings from studymate.index_snapshots');
    expect(rows).toEqual([{ readings: 1 }]);
    expect((await cli(['report', '--schema', 'w'])).stdout).toContain('1 readings of primary');
  });

  it.each([
    ['--replica', 'postgres://u:geheim@h/d'],
    ['--replica', 'primary=postgres://h/d'],
    ['--keep-days', '0'],
  ])('refuses %s %s, writes nothing, and shows no password', async (option, value) => {
    const before = await client.query('select count(*) from studymate.index_snapshots');
    const result = await cli(['snapshot', option, value]);
    expect(result.code).toBe(2);
    expect(result.stderr).not.toContain('geheim');
    expect((await client.query('select count(*) from studymate.index_snapshots')).rows).toEqual(before.rows);
  });
});
