import type { SeedLocale, SeedProfile } from '../../seeds/seed-plan.js';
import { resolveConnection } from '../config.js';
import { parseDurationMs } from '../database/duration.js';
import { UsageError } from '../errors.js';
import type { SeedRunOptions } from '../seed/seed.js';
import type { OutputFlags } from './run-command.js';

export interface SeedFlags extends OutputFlags {
  readonly databaseUrl?: string;
  readonly profile: string;
  readonly users?: string;
  readonly messages?: string;
  readonly months?: string;
  readonly seed?: string;
  readonly referenceDate?: string;
  readonly locale?: string;
  readonly only?: readonly string[];
  readonly reset?: boolean;
  readonly yes?: string;
  readonly dryRun?: boolean;
  readonly jobs: string;
  readonly wait: string;
}

/**
 * Ranges, profiles and locales are checked by the library, which names the same options.
 *
 * @throws UsageError
 */
export function seedOptions(flags: SeedFlags): SeedRunOptions {
  return {
    connection: resolveConnection(flags),
    profile: flags.profile as SeedProfile,
    users: asNumber(flags.users, '--users'),
    messages: asNumber(flags.messages, '--messages'),
    months: asNumber(flags.months, '--months'),
    seed: asNumber(flags.seed, '--seed'),
    referenceDate: asDate(flags.referenceDate),
    locales: flags.locale?.split(',').map((locale) => locale.trim() as SeedLocale),
    only: flags.only?.flatMap((names) => names.split(',')),
    reset: flags.reset,
    confirmDatabase: flags.yes,
    dryRun: flags.dryRun,
    jobs: asNumber(flags.jobs, '--jobs') as 1 | 2 | undefined,
    waitMs: parseDurationMs(flags.wait, '--wait'),
  };
}

function asNumber(text: string | undefined, option: string): number | undefined {
  if (text === undefined) return undefined;
  // 500_000 reads better than 500000.
  if (/^-?\d[\d_]*(\.\d+)?$/.test(text)) return Number(text.replaceAll('_', ''));
  throw new UsageError('USAGE_INVALID_OPTION', `${option}: «${text}» is not a number`, {
    hint: 'Give a whole number in digits.',
  });
}

function asDate(text: string | undefined): Date | undefined {
  if (text === undefined) return undefined;
  const date = new Date(`${text}T00:00:00Z`);
  // The 30th of February would be taken for the 2nd of March.
  const isDay = !Number.isNaN(date.getTime()) && date.toISOString().startsWith(`${text}T`);
  if (isDay) return date;
  throw new UsageError('USAGE_INVALID_OPTION', `--reference-date: «${text}» is not a day`, {
    hint: 'Write year, month and day as in 2026-01-01.',
  });
}
