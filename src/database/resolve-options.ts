import { UsageError } from '../errors.js';
import {
  connectionSettings,
  describeConnection,
  parseConnectionString,
  type ConnectionSettings,
} from './connection-settings.js';
import { DATABASE_DEFAULTS, type DatabaseOptions, type NumericOption } from './database-options.js';
import { emitProcessWarning, type DatabaseWarning, type WarningListener } from './database-warning.js';
import type { PoolSettings, PoolTarget } from './pool-settings.js';
import { decideTls } from './tls.js';

type Numbers = Readonly<Record<NumericOption, number>>;

export interface ResolvedOptions extends Numbers {
  readonly primary: PoolSettings;
  readonly replicas: readonly PoolSettings[];
}

interface Range {
  readonly least: number;
  readonly most: number;
}

/** setTimeout and PostgreSQL's timeouts end at 2^31 - 1 ms, some 24 days. */
const anyDuration: Range = { least: 0, most: 2_147_483_647 };
const realDuration: Range = { ...anyDuration, least: 1 };

const ranges: Readonly<Record<NumericOption, Range>> = {
  maximumLagMs: realDuration,
  maximumLagBytes: { least: 0, most: Number.MAX_SAFE_INTEGER },
  replayWaitMs: anyDuration,
  replicaPollMs: realDuration,
  maximumPoolSize: { least: 1, most: 1_000 },
  connectionTimeoutMs: realDuration,
  idleTimeoutMs: anyDuration,
  // With its jitter on top.
  maxLifetimeMs: { least: 0, most: 1_900_000_000 },
  leakDetectionThresholdMs: anyDuration,
  statementTimeoutMs: anyDuration,
  lockTimeoutMs: anyDuration,
  idleInTransactionSessionTimeoutMs: anyDuration,
  slowQueryMs: anyDuration,
};

const otherOptions: Readonly<Record<Exclude<keyof DatabaseOptions, NumericOption>, string>> = {
  connectionString: 'string or object',
  password: 'string or function',
  allowUnverifiedTls: 'boolean',
  replicas: 'array of strings',
  applicationName: 'string',
  onQuery: 'function',
  onSlowQuery: 'function',
  queryParameters: 'boolean',
  onWarning: 'function',
};

/** @throws UsageError CONFIG_INVALID, with every problem in its detail; no value of a secret is repeated */
export function resolveOptions(options: DatabaseOptions): ResolvedOptions {
  const problems: string[] = [];
  const warnings: DatabaseWarning[] = [];
  const numbers = resolveNumbers(options, problems);
  checkOthers(options, problems);
  const target = (text: unknown, option: string): PoolTarget | undefined =>
    resolveTarget(text, option, options, { problems, warnings });
  const primary = target(options.connectionString, 'connectionString');
  const replicas = Array.isArray(options.replicas)
    ? options.replicas.map((text: unknown, index) => target(text, `replicas[${index}]`))
    : [];
  if (problems.length > 0 || primary === undefined) {
    throw new UsageError('CONFIG_INVALID', 'the database options are not valid', {
      detail: problems.join('\n'),
      hint: 'Correct each of them; docs/library.md lists the options with their ranges.',
    });
  }
  const onWarning = guard(options.onWarning ?? emitProcessWarning);
  for (const warning of warnings) onWarning(warning);
  const shared = {
    ...numbers,
    applicationName: options.applicationName ?? 'studymate-db',
    hooks: {
      onQuery: options.onQuery,
      onSlowQuery: options.onSlowQuery,
      slowQueryMs: numbers.slowQueryMs,
      queryParameters: options.queryParameters ?? false,
      onWarning,
    },
  };
  return {
    ...numbers,
    primary: { ...shared, name: 'primary', target: primary, readOnly: false },
    replicas: replicas
      .filter((replica) => replica !== undefined)
      .map((replica) => ({
        ...shared,
        name: `replica ${replica.settings.host ?? 'localhost'}:${replica.settings.port ?? 5432}`,
        target: replica,
        readOnly: true,
      })),
  };
}

function resolveNumbers(options: DatabaseOptions, problems: string[]): Numbers {
  const numbers: Record<NumericOption, number> = { ...DATABASE_DEFAULTS };
  for (const name of Object.keys(DATABASE_DEFAULTS) as NumericOption[]) {
    const value = options[name];
    if (value === undefined) continue;
    const { least, most } = ranges[name];
    if (Number.isInteger(value) && value >= least && value <= most) numbers[name] = value;
    else problems.push(`${name} is ${describe(value)}; it must be a whole number from ${least} to ${most}.`);
  }
  return numbers;
}

function checkOthers(options: DatabaseOptions, problems: string[]): void {
  for (const [name, value] of Object.entries(options) as [string, unknown][]) {
    if (value === undefined || name in ranges) continue;
    const wanted = (otherOptions as Readonly<Record<string, string>>)[name];
    if (wanted === undefined) {
      problems.push(`There is no option ${name}.`);
    } else if (!wanted.split(' or ').some((type) => isOf(value, type))) {
      problems.push(`${name} is ${describe(value)}; it must be of type ${wanted}.`);
    }
  }
}

function isOf(value: unknown, type: string): boolean {
  return type === 'array of strings' ? Array.isArray(value) : typeof value === type;
}

/** Numbers may be shown; whatever else it is might hold a password. */
function describe(value: unknown): string {
  return typeof value === 'number' ? String(value) : `of type ${typeof value}`;
}

function resolveTarget(
  given: unknown,
  option: string,
  { password, allowUnverifiedTls = false }: DatabaseOptions,
  { problems, warnings }: { problems: string[]; warnings: DatabaseWarning[] },
): PoolTarget | undefined {
  if (typeof given !== 'string' && (typeof given !== 'object' || given === null)) {
    problems.push(`${option} is ${given === undefined ? 'missing' : `of type ${typeof given}`}.`);
    return undefined;
  }
  try {
    const parsed: ConnectionSettings = typeof given === 'string' ? parseConnectionString(given) : given;
    const settings = connectionSettings({
      ...parsed,
      password: typeof password === 'string' ? password : parsed.password,
    });
    const where = describeConnection(settings);
    const { ssl, problem, warning } = decideTls(settings, { allowUnverifiedTls, where });
    if (problem !== undefined) problems.push(problem);
    if (warning !== undefined) warnings.push(warning);
    return { settings, ssl, password: typeof password === 'function' ? password : undefined };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    problems.push(`${option}: ${error.message}. ${error.detail ?? ''}`.trim());
    return undefined;
  }
}

/** A listener that throws must not fail what it is told about. */
function guard(listener: WarningListener): WarningListener {
  return (warning) => {
    try {
      listener(warning);
    } catch {
      // There is nobody left to tell.
    }
  };
}
