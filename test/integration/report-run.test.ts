import { describe, expect, it, onTestFinished } from 'vitest';
import { createDatabase, type Database } from '../../src/database/create-database.js';
import { migrateUp } from '../../src/migrate/migrate.js';
import { reports, type ReportName } from '../../src/reports/registry.js';
import type { AnyReport } from '../../src/reports/report.js';
import { runAllReports } from '../../src/reports/run-all-reports.js';
import { runAnyReport, runReport } from '../../src/reports/run-report.js';
import { emptyDatabaseForTest, useDatabase } from '../support/database.js';
import { startReplica } from '../support/replica.js';
import { startThrowAwayServer } from '../support/server.js';

const database = useDatabase();
const NOW = new Date('2026-01-15T12:00:00Z');

function open(connectionString = database.url, replicas: readonly string[] = []): Database {
  const db = createDatabase({ connectionString, replicas, replicaPollMs: 50, replayWaitMs: 5_000 });
  onTestFinished(() => db.close());
  return db;
}

describe('a report', () => {
  it('has rows of the types its columns say, at compile time too', async () => {
    const { rows } = await runReport(open(), 'sessions', { from: '2026-01-01', to: '2026-01-03' });
    const periods: readonly string[] = rows.map(({ period }) => period);
    const planned: readonly number[] = rows.map((row) => row.planned);
    const completion: readonly (number | null)[] = rows.map((row) => row.completion);
    expect({ periods, planned, completion }).toEqual({
      periods: ['2026-01-01', '2026-01-02'],
      planned: [0, 0],
      completion: [null, null],
    });
    // @ts-expect-error a misspelt parameter
    await expect(runReport(open(), 'sessions', { form: '2026-01-01' })).rejects.toMatchObject({
      code: 'REPORT_PARAMETER_INVALID',
    });
  });

  it('tells where it comes from', async () => {
    const result = await runReport(
      open(),
      'sessions',
      { from: '2026-01-01', to: '2026-01-03' },
      { now: NOW },
    );
    expect(result).toMatchObject({
      schemaVersion: 1,
      report: 'sessions',
      generatedAt: NOW,
      statisticsSince: null,
      server: { database: database.name, isReplica: false, replayedAt: null },
      parameters: { from: '2026-01-01', to: '2026-01-03', timeZone: 'Asia/Seoul' },
    });
    expect(result.definition.length).toBeGreaterThan(0);
  });

  it('ends with yesterday in its time zone unless told otherwise', async () => {
    // 01:00 of the 16th in Seoul.
    const now = new Date('2026-01-15T16:00:00Z');
    const { parameters } = await runReport(open(), 'sessions', {}, { now });
    expect(parameters).toMatchObject({ to: '2026-01-16', from: '2025-12-19' });
  });

  it.each<[string, Record<string, unknown>, RegExp]>([
    ['a day that does not exist', { from: '2026-02-30' }, /«2026-02-30» is not a day/],
    ['an empty window', { from: '2026-02-01', to: '2026-02-01' }, /is empty/],
    ['a window of centuries', { from: '1026-02-01', to: '2026-02-01' }, /too long/],
    ['an unknown time zone', { timeZone: 'Asia/Soul' }, /is not a time zone/],
    ['an offset, which means the opposite to the server', { timeZone: '+09:00' }, /is not a time zone/],
    ['a parameter it does not have', { weeks: 3 }, /has no parameter weeks/],
    ['SQL', { from: "2026-01-01'; drop table users; --" }, /is not a day/],
  ])('refuses %s before it asks the server', async (_, parameters, message) => {
    // Nothing listens there.
    const db = open('postgres://nobody@127.0.0.1:1/nothing');
    const run = runAnyReport(db, reports.sessions, parameters, { now: NOW });
    await expect(run).rejects.toMatchObject({
      code: 'REPORT_PARAMETER_INVALID',
      message: expect.stringMatching(message) as string,
      hint: expect.any(String) as string,
    });
  });

  it('is not run under a name that there is none of', async () => {
    await expect(runReport(open(), 'session' as ReportName)).rejects.toMatchObject({
      code: 'REPORT_UNKNOWN',
      detail: expect.stringContaining('sessions') as string,
    });
  });

  it('says which migration state it needs', async () => {
    const empty = await emptyDatabaseForTest();
    await expect(runReport(open(empty.url), 'sessions')).rejects.toMatchObject({
      code: 'REPORT_UNAVAILABLE',
      hint: expect.stringContaining('migrate') as string,
    });
  });

  it('is stopped by its own timeout', async () => {
    const slow: AnyReport = { ...reports.sessions, sql: 'select pg_sleep(600)', values: [] };
    await expect(runAnyReport(open(), slow, {}, { statementTimeoutMs: 50 })).rejects.toMatchObject({
      code: 'REPORT_TIMEOUT',
      hint: expect.stringContaining('--timeout') as string,
    });
  });

  it('cannot write', async () => {
    const writing: AnyReport = {
      ...reports.sessions,
      sql: `with gone as (delete from users returning 1) select count(*) from gone`,
      values: [],
    };
    await expect(runAnyReport(open(), writing, {}, {})).rejects.toMatchObject({ code: 'REPORT_FAILED' });
  });

  it('never passes a value off as what it is not', async () => {
    const wrong: AnyReport = { ...reports.sessions, sql: `select 'many' as planned`, values: [] };
    await expect(runAnyReport(open(), wrong, {}, {})).rejects.toThrow(/of the report sessions is/);
  });
});

describe('all reports', () => {
  it('answer for a database with nothing in it', async () => {
    const outcomes = await runAllReports(open(), { now: NOW });
    expect(outcomes.map(({ report }) => report.name)).toEqual(Object.keys(reports));
    const failed = outcomes.flatMap((outcome) =>
      'error' in outcome ? [[outcome.report.name, outcome.error.code]] : [],
    );
    // No extension, and nobody has observed the indexes yet.
    expect(failed).toEqual([
      ['slow-statements', 'REPORT_UNAVAILABLE'],
      ['unused-indexes', 'REPORT_UNAVAILABLE'],
    ]);
  });

  it('have a name, labels in both languages, and values for every parameter of their statement', () => {
    for (const [name, report] of Object.entries<AnyReport>(reports)) {
      expect(report.name).toBe(name);
      const texts = [
        report.title,
        report.question,
        ...Object.values(report.columns).map(({ label }) => label),
      ];
      for (const { en, ko } of texts) {
        expect(en).not.toBe('');
        expect(ko, `${name}: ${en}`).not.toBe('');
      }
      expect(report.title.ko, name).toMatch(/[가-힣]/);
      if (!('sql' in report)) continue;
      const used = new Set([...report.sql.matchAll(/\$(\d+)/g)].map(([, number]) => Number(number)));
      expect(
        [...used].sort((a, b) => a - b),
        name,
      ).toEqual(report.values.map((_, index) => index + 1));
      for (const value of report.values) expect(Object.keys(report.parameters), name).toContain(value);
    }
  });

  it('draw columns that they have', () => {
    for (const { name, plots = [], pivot, columns } of Object.values<AnyReport>(reports)) {
      const drawn = plots.flatMap((plot) => {
        switch (plot.type) {
          case 'line':
          case 'bar':
            return [plot.x, ...plot.y];
          case 'heatmap':
            return [plot.x, plot.y, plot.value, plot.complete];
          case 'funnel':
            return [plot.step, plot.value];
        }
      });
      const named = [
        ...drawn,
        ...(pivot === undefined
          ? []
          : [pivot.row, pivot.column, pivot.value, pivot.complete, ...(pivot.beside ?? [])]),
      ];
      for (const column of named)
        if (column !== undefined) expect(Object.keys(columns), name).toContain(column);
    }
  });

  it('run on a replica when there is one, and say so', async () => {
    const primary = await startThrowAwayServer(17, { synchronous_commit: 'on' });
    onTestFinished(() => primary.dispose());
    await migrateUp({ connection: primary.connectionString });
    const replica = await startReplica(primary);
    onTestFinished(() => replica.dispose());
    const outcomes = await runAllReports(open(primary.connectionString, [replica.connectionString]), {
      now: NOW,
    });
    const ran = outcomes.filter((outcome) => 'result' in outcome);
    expect(ran.map(({ report, result }) => [report.name, result.server.isReplica])).toEqual(
      // What a server counts is its own.
      ran.map(({ report }) => [report.name, report.group === 'product']),
    );
    expect(ran.length).toBe(outcomes.length - 2);
  });
});
