import { resolveConnection } from '../config.js';
import { parseDurationMs } from '../database/duration.js';
import { UsageError } from '../errors.js';
import type { MigrateRunOptions } from '../migrate/options.js';
import { reportMigrateEvent } from './migrate-progress.js';
import type { CommandContext, OutputFlags } from './run-command.js';

export interface MigrateFlags extends OutputFlags {
  readonly databaseUrl?: string;
  readonly migrations?: string;
  readonly lockTimeout: string;
  readonly lockRetries: string;
  readonly concurrentLockTimeout: string;
  readonly wait: string;
  readonly dryRun?: boolean;
  readonly to?: string;
  readonly all?: boolean;
  readonly yes?: string;
  readonly exitCode?: boolean;
  readonly transaction?: boolean;
}

export function runOptions(flags: MigrateFlags, { signal, progress }: CommandContext): MigrateRunOptions {
  return {
    connection: resolveConnection(flags),
    directory: flags.migrations,
    lockTimeoutMs: positive(parseDurationMs(flags.lockTimeout, '--lock-timeout'), '--lock-timeout'),
    lockRetries: wholeNumber(flags.lockRetries, '--lock-retries'),
    concurrentLockTimeoutMs: parseDurationMs(flags.concurrentLockTimeout, '--concurrent-lock-timeout'),
    waitMs: parseDurationMs(flags.wait, '--wait'),
    dryRun: flags.dryRun,
    signal,
    onEvent: (event) => reportMigrateEvent(progress, event),
  };
}

/** PostgreSQL reads 0 as «wait for ever», which is what the option exists to prevent. */
function positive(milliseconds: number, option: string): number {
  if (milliseconds > 0) return milliseconds;
  throw new UsageError('USAGE_INVALID_OPTION', `${option} cannot be 0`, {
    hint: 'To PostgreSQL 0 means to wait for ever; give a time of 1ms or more.',
  });
}

function wholeNumber(text: string, option: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new UsageError('USAGE_INVALID_OPTION', `${option}: «${text}» is not a whole number`, {
    hint: 'Write a number from 0 to 999999.',
  });
}

export function downCount(count: string, { all }: MigrateFlags): number | 'all' {
  if (all !== true) return count === '' ? 1 : wholeNumber(count, 'count');
  if (count === '') return 'all';
  throw new UsageError('USAGE_INVALID_OPTION', 'a count and --all exclude each other', {
    hint: 'Give one of them.',
  });
}
