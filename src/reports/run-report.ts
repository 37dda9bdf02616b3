import { CompiledQuery } from 'kysely';
import { elapsedMs } from '../database/duration.js';
import { clientOf } from '../database/read-transaction.js';
import type { ReadKysely } from '../database/read-kysely.js';
import type { Session } from '../database/session.js';
import { OperationError } from '../errors.js';
import type { ColumnSet } from './columns.js';
import { findReport, type ParametersOf, type ReportName, type RowsOf } from './registry.js';
import { reportError } from './report-error.js';
import { SCHEMA_VERSION, type ReportResult } from './report-result.js';
import type { AnyReport, ReportContext } from './report.js';
import { readServerFacts, type ServerFacts } from './server-facts.js';
import { resolveParameters } from './resolve-parameters.js';

export interface RunReportOptions {
  /** The present: windows end with the day before it. Default: this machine's clock. */
  readonly now?: Date | undefined;
  /** Longest time for each statement, in milliseconds; default 30,000. 0 is without limit. */
  readonly statementTimeoutMs?: number | undefined;
  /** Cancels the running statement on the server. */
  readonly signal?: AbortSignal | undefined;
}

export const REPORT_TIMEOUT_MS = 30_000;

/**
 * Runs a report in a read-only transaction: everything in it is of one snapshot. Those of the platform run on a replica
 * where there is one that is not too far behind; those of the database on the server that `db` calls its primary. It
 * changes nothing and takes no lock that a writer would wait for.
 *
 * @param db of createDatabase, or a session of it
 * @param parameters those to differ from the defaults; see docs/reports.md
 * @throws UsageError REPORT_UNKNOWN, REPORT_PARAMETER_INVALID; OperationError REPORT_TIMEOUT, REPORT_UNAVAILABLE,
 * REPORT_FAILED, CONNECTION_LOST; ConnectError; the reason of the signal
 * @example
 * const { rows } = await runReport(database, 'matching-funnel', { from: '2026-01-01', to: '2026-02-01' });
 */
export async function runReport<Name extends ReportName>(
  db: Pick<Session, 'readTransaction'>,
  name: Name,
  parameters?: ParametersOf<Name>,
  options: RunReportOptions = {},
): Promise<ReportResult<RowsOf<Name>>> {
  // The rows were checked against the columns that the type is made of.
  return (await runAnyReport(db, findReport(name), parameters ?? {}, options)) as ReportResult<RowsOf<Name>>;
}

/** The same for a report that is known at run time only. */
export async function runAnyReport(
  db: Pick<Session, 'readTransaction'>,
  report: AnyReport,
  given: Readonly<Record<string, unknown>>,
  { now = new Date(), statementTimeoutMs = REPORT_TIMEOUT_MS, signal }: RunReportOptions,
): Promise<ReportResult> {
  const values = resolveParameters(report, given, now);
  try {
    return await db.readTransaction((snapshot) => readReport(snapshot, report, values, now), {
      // What a server counts and holds is its own: that of a replica is asked for by its own address.
      on: report.group === 'database' ? 'primary' : undefined,
      statementTimeoutMs,
      signal,
    });
  } catch (error) {
    throw reportError(error, report.name);
  }
}

async function readReport(
  db: ReadKysely,
  report: AnyReport,
  values: Readonly<Record<string, unknown>>,
  now: Date,
): Promise<ReportResult> {
  const start = performance.now();
  const client = await clientOf(db);
  const facts = await readServerFacts(client);
  assertNeeds(report, facts);
  const { serverVersion, server } = facts;
  const context: ReportContext = { now, client, serverVersion, isReplica: server.isReplica };
  const rows = await readRows(db, report, values, context);
  assertRows(report.name, report.columns, rows);
  return {
    schemaVersion: SCHEMA_VERSION,
    report: report.name,
    title: report.title,
    question: report.question,
    definition: report.definition,
    server,
    generatedAt: now,
    durationMs: elapsedMs(start),
    statisticsSince: report.group === 'database' ? facts.statisticsSince : null,
    parameters: values,
    warnings: [...monitorWarning(report, facts), ...(report.warnings?.(rows, values, context) ?? [])],
    columns: Object.entries(report.columns).map(([column, { kind, label }]) => ({
      name: column,
      kind,
      label,
    })),
    rows,
  };
}

async function readRows(
  db: ReadKysely,
  report: AnyReport,
  values: Readonly<Record<string, unknown>>,
  context: ReportContext,
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  if ('read' in report) return report.read(context, values);
  const query = CompiledQuery.raw(
    report.sql,
    report.values.map((name) => values[name]),
  );
  const { rows } = await db.getExecutor().executeQuery<Readonly<Record<string, unknown>>>(query);
  return rows;
}

function assertNeeds({ name, needs }: AnyReport, { extensions }: ServerFacts): void {
  const { extension } = needs ?? {};
  if (extension === undefined || extensions.includes(extension)) return;
  throw new OperationError('REPORT_UNAVAILABLE', `${name} needs the extension ${extension}`, {
    hint:
      extension === 'pg_stat_statements'
        ? 'Add it to shared_preload_libraries, restart the server, and run «create extension pg_stat_statements».'
        : `Run «create extension ${extension}» as a superuser.`,
  });
}

function monitorWarning({ needs }: AnyReport, { seesAll }: ServerFacts): readonly string[] {
  return needs?.monitor === true && !seesAll
    ? ['The role is not a member of pg_monitor: sessions and statements of others are missing or hidden.']
    : [];
}

/** A value that is not what its column says is a bug of the report, and must not pass as a number. */
function assertRows(
  report: string,
  columns: ColumnSet,
  rows: readonly Readonly<Record<string, unknown>>[],
): void {
  for (const row of rows)
    for (const [name, { kind, accept }] of Object.entries(columns))
      if (accept(row[name]) === undefined)
        throw new TypeError(`${name} of the report ${report} is ${String(row[name])}, which is no ${kind}`);
}
