import type { Measurement } from '../doctor/check.js';
import { isAtLeast, type CheckFinding, type Severity } from '../doctor/finding.js';
import type { IgnoredFinding } from '../doctor/apply-ignores.js';
import type { DoctorResult } from '../doctor/run-doctor.js';
import { ConnectError, OperationError, StudymateError } from '../errors.js';
import { EXIT } from './exit-codes.js';
import type { Cell, Format, Outcome } from './output.js';

export interface DoctorView {
  readonly format: Format;
  /** Findings of this severity or worse make the exit code 3. */
  readonly failOn: Exclude<Severity, 'info'> | undefined;
  /** Shows what is ignored too. */
  readonly verbose: boolean;
}

export function doctorOutcome(result: DoctorResult, { format, failOn, verbose }: DoctorView): Outcome {
  const { findings, ignored } = result;
  const shown: readonly (CheckFinding | IgnoredFinding)[] = verbose ? [...findings, ...ignored] : findings;
  const failed = failOn !== undefined && findings.some((finding) => isAtLeast(finding, failOn));
  return {
    data: { ...result, worst: result.worst ?? null },
    columns: format === 'table' ? forPeople : forMachines,
    rows: shown.map(format === 'table' ? stacked : flat),
    summary: summaryOf(result),
    exitCode: failed ? EXIT.found : EXIT.done,
  };
}

const forPeople = [
  { key: 'severity', label: 'severity' },
  { key: 'check', label: 'check' },
  { key: 'finding', label: 'finding' },
];

const forMachines = ['severity', 'check', 'object', 'what', 'why', 'fix', 'ignoredUntil', 'ignoredFor'].map(
  (key) => ({
    key,
    label: key,
  }),
);

type Row = Readonly<Record<string, Cell>>;

/** One below the other: side by side they would be wider than any terminal. */
function stacked(finding: CheckFinding | IgnoredFinding): Row {
  const { check, severity, object, what, why, fix } = finding;
  const ignored = 'ignored' in finding ? finding.ignored : undefined;
  return {
    severity: ignored === undefined ? severity : `ignored ${severity}`,
    check,
    finding: [
      `${object}: ${what}`,
      `why: ${why}`,
      `fix: ${fix}`,
      ...(ignored === undefined ? [] : [`ignored until ${ignored.until}: ${ignored.reason}`]),
    ].join('\n'),
  };
}

function flat(finding: CheckFinding | IgnoredFinding): Row {
  const { check, severity, object, what, why, fix } = finding;
  const ignored = 'ignored' in finding ? finding.ignored : undefined;
  return {
    severity,
    check,
    object,
    what,
    why,
    fix,
    ignoredUntil: ignored?.until ?? null,
    ignoredFor: ignored?.reason ?? null,
  };
}

function summaryOf({ findings, ignored, checks, database, role, server }: DoctorResult): string {
  const count = (severity: Severity): number =>
    findings.filter((finding) => finding.severity === severity).length;
  return [
    `${checks.length} checks of ${database} on PostgreSQL ${server.version} as ${role}`,
    findings.length === 0
      ? 'all is well'
      : `${count('error')} errors, ${count('warn')} warnings, ${count('info')} to know`,
    ...(ignored.length === 0 ? [] : [`${ignored.length} ignored, shown with --verbose`]),
  ].join('; ');
}

/** The exit codes of Nagios' plugins. */
export const NAGIOS = { ok: 0, warning: 1, critical: 2, unknown: 3 } as const;

/** One line: what is worst first, then the figures. */
export function nagiosOutcome(result: DoctorResult): Outcome {
  const { findings, ignored, worst, measurements } = result;
  const exitCode = worst === 'error' ? NAGIOS.critical : worst === 'warn' ? NAGIOS.warning : NAGIOS.ok;
  const counted = findings.filter((finding) => isAtLeast(finding, 'warn'));
  const text =
    counted.length === 0
      ? `${result.checks.length} checks of ${result.database}`
      : [
          `${counted.length} findings in ${result.database}`,
          ...counted.slice(0, 3).map(({ check, object, what }) => `${check}: ${object}: ${what}`),
          ...(counted.length > 3 ? [`and ${counted.length - 3} more`] : []),
        ].join('; ');
  const count = (severity: Severity): number =>
    findings.filter((finding) => finding.severity === severity).length;
  const data = [
    ...measurements,
    { name: 'errors', value: count('error'), unit: '' as const },
    { name: 'warnings', value: count('warn'), unit: '' as const },
    { name: 'ignored', value: ignored.length, unit: '' as const },
  ].map(performanceData);
  return nagiosLine(exitCode, `${oneLine(text)} | ${data.join(' ')}`, result);
}

/**
 * Why nothing is known. A server that cannot be reached is trouble of the server, not of the plugin, so it is critical;
 * what is wrong with the call is unknown.
 */
export function nagiosError(error: unknown): Outcome {
  const isServers =
    error instanceof ConnectError || (error instanceof OperationError && error.code === 'CONNECTION_LOST');
  const message =
    error instanceof StudymateError
      ? [(error as StudymateError).message, (error as StudymateError).detail].filter(Boolean).join(': ')
      : `this is a bug in studymate-db: ${error instanceof Error ? error.message : String(error)}`;
  return nagiosLine(isServers ? NAGIOS.critical : NAGIOS.unknown, oneLine(message), undefined);
}

function nagiosLine(exitCode: number, text: string, data: unknown): Outcome {
  const [state = 'UNKNOWN'] = Object.entries(NAGIOS).find(([, code]) => code === exitCode) ?? [];
  return { data, columns: [], rows: [], summary: `STUDYMATE ${state.toUpperCase()} - ${text}`, exitCode };
}

/** `name=value[unit];[warn];[critical];[min];[max]` */
function performanceData({ name, value, unit, warn, error, max }: Measurement): string {
  return `${name}=${value}${unit};${warn ?? ''};${error ?? ''};0;${max ?? ''}`.replace(/;+$/, '');
}

/** The pipe begins the figures, and a line end what Nagios shows only on request. */
function oneLine(text: string): string {
  return text.replaceAll('|', '/').replace(/\s*\n\s*/g, '; ');
}
