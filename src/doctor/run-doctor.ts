import type pg from 'pg';
import { backendPid, clientFor, formatServerVersion, withConnection } from '../database/connect.js';
import type { ConnectionSettings } from '../database/connection-settings.js';
import { elapsedMs } from '../database/duration.js';
import { isTransactionPooled } from '../database/pooler.js';
import { UsageError } from '../errors.js';
import { defaultMigrationsDirectory } from '../migrate/migration-folder.js';
import { applyIgnores, type IgnoredFinding } from './apply-ignores.js';
import type { Check, CheckContext, Measurement, SessionFacts } from './check.js';
import { bySeverity, worstOf, type CheckFinding, type Severity } from './finding.js';
import { readIndexSituation, type IndexSituation } from './index-situation.js';
import { checks as allChecks } from './registry.js';
import { knownReleases, type KnownReleases } from './releases.js';
import type { Rules } from './rules.js';
import { runCheck } from './run-check.js';
import { resolveThresholds } from './thresholds.js';

export interface RunDoctorOptions {
  readonly connection: ConnectionSettings | string;
  /** Names of checks; default: all. */
  readonly only?: readonly string[] | undefined;
  /** What is ignored until a day, and other thresholds. */
  readonly rules?: Partial<Rules> | undefined;
  /** Decides which month is the current one and which ignores are over; default: the server's clock. */
  readonly now?: Date | undefined;
  /** Longest time for each statement, in milliseconds; default 10,000. */
  readonly statementTimeoutMs?: number | undefined;
  /** Longest wait for a lock, in milliseconds; default 200. */
  readonly lockTimeoutMs?: number | undefined;
  /** Folder of the migrations the database should have; default: those of this package. */
  readonly migrationsDirectory?: string | undefined;
  /** The releases of PostgreSQL to compare with; default: those known when this package was made. */
  readonly releases?: KnownReleases | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface DoctorResult {
  readonly now: Date;
  readonly server: { readonly version: string; readonly standby: boolean };
  readonly database: string;
  readonly role: string;
  /** In the order they ran. */
  readonly checks: readonly CheckReport[];
  /** The gravest first. */
  readonly findings: readonly CheckFinding[];
  /** What the rules take out of the findings. */
  readonly ignored: readonly IgnoredFinding[];
  /** The gravest of the findings; undefined when there are none. */
  readonly worst: Severity | undefined;
  /** For monitoring. */
  readonly measurements: readonly Measurement[];
}

export interface CheckReport {
  readonly name: string;
  readonly title: string;
  /** Ignored ones too. */
  readonly findings: number;
  readonly durationMs: number;
}

const sessionQuery = `
  select current_database()::text as database, current_user::text as role, rolsuper as superuser,
         pg_has_role('pg_read_all_stats', 'usage') as "seesSessions", pg_is_in_recovery() as standby,
         extract(epoch from clock_timestamp())::float8 * 1000 as ms
    from pg_roles where rolname = current_user`;

/**
 * Asks a database how it is: every check in a short read-only transaction of its own, one after the other, in one
 * session. Writes nothing and waits for nobody. A check that fails, or may not see what it needs, is a finding.
 *
 * @throws UsageError USAGE_INVALID_OPTION for unknown checks and thresholds; OperationError CONNECTION_LOST; what
 * withConnection throws
 */
export async function runDoctor(options: RunDoctorOptions): Promise<DoctorResult> {
  const { connection, signal, rules = {}, releases = knownReleases } = options;
  const checks = selectChecks(options.only);
  const thresholds = resolveThresholds(rules.thresholds);
  const limits = {
    statementTimeoutMs: options.statementTimeoutMs ?? 10_000,
    lockTimeoutMs: options.lockTimeoutMs ?? 200,
  };
  const applicationName = 'studymate-db doctor';
  return withConnection(
    connection,
    { applicationName, signal },
    async ({ client, settings, serverVersion }) => {
      const openSecond = (): pg.Client => clientFor(settings, { applicationName });
      const transactionPooled = await isTransactionPooled(client, backendPid(client), openSecond);
      const { rows } = await client.query<Omit<SessionFacts, 'transactionPooled'> & { ms: number }>(
        sessionQuery,
      );
      const [row] = rows;
      if (row === undefined) throw new Error('the server does not know the role of this session');
      const { ms, ...facts } = row;
      const session: SessionFacts = { ...facts, transactionPooled };
      if (!transactionPooled) {
        // For the index list, which has a transaction of its own. Through a pooler it would stay with somebody else.
        await client.query(
          `set statement_timeout = ${Math.trunc(limits.statementTimeoutMs)}; set lock_timeout = ${Math.trunc(limits.lockTimeoutMs)}`,
        );
      }
      const now = options.now ?? new Date(ms);
      const measurements: Measurement[] = [];
      let indexes: Promise<IndexSituation> | undefined;
      const context: CheckContext = {
        client,
        serverVersion,
        session,
        now,
        thresholds,
        migrationsDirectory: options.migrationsDirectory ?? defaultMigrationsDirectory(),
        releases,
        indexes: () => (indexes ??= readIndexSituation(client, now)),
        measure: (measurement) => measurements.push(measurement),
      };
      const reports: CheckReport[] = [];
      const found: CheckFinding[] = [];
      for (const check of checks) {
        const start = performance.now();
        const findings = await runCheck(check, context, limits, signal);
        found.push(...findings);
        const { name, title } = check;
        reports.push({ name, title, findings: findings.length, durationMs: elapsedMs(start) });
      }
      const relevant = (rules.ignore ?? []).filter(({ check }) => checks.some(({ name }) => name === check));
      const { findings, ignored } = applyIgnores(found, relevant, now);
      return {
        now,
        server: { version: formatServerVersion(serverVersion), standby: session.standby },
        database: session.database,
        role: session.role,
        checks: reports,
        findings: bySeverity(findings),
        ignored,
        worst: worstOf(findings),
        measurements,
      };
    },
  );
}

export const checkNames: readonly string[] = allChecks.map(({ name }) => name);

function selectChecks(only: readonly string[] | undefined): readonly Check[] {
  if (only === undefined) return allChecks;
  const unknown = only.filter((name) => !checkNames.includes(name));
  if (only.length > 0 && unknown.length === 0) return allChecks.filter(({ name }) => only.includes(name));
  throw new UsageError(
    'USAGE_INVALID_OPTION',
    only.length === 0 ? '--only: no check is named' : `--only: there is no check ${unknown.join(', ')}`,
    { hint: `Name some of these, with commas between: ${checkNames.join(', ')}.` },
  );
}
