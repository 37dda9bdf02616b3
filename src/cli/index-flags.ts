import type { Command } from 'commander';
import { resolveConnection } from '../config.js';
import { parseDurationMs } from '../database/duration.js';
import { UsageError } from '../errors.js';
import type { IndexLockOptions, IndexSessionOptions } from '../indexes/concurrent-run.js';
import { exitCodeOf } from './exit-codes.js';
import { indexReporter } from './index-events.js';
import { withDatabase } from './options.js';
import type { Outcome } from './output.js';
import type { CommandContext, OutputFlags } from './run-command.js';

/** What reindex, heal and create have in common. */
export interface IndexFlags extends OutputFlags {
  readonly databaseUrl?: string;
  readonly schema?: string;
  readonly table?: string;
  readonly dryRun?: boolean;
  readonly wait: string;
  readonly lockTimeout: string;
}

export function withIndexWork(command: Command): Command {
  return withDatabase(command)
    .option(
      '--lock-timeout <duration>',
      'longest wait for a transaction in the way; it blocks nobody',
      '5min',
    )
    .option('--wait <duration>', 'longest wait for another maintenance run', '0s')
    .option('--dry-run', 'say what would be done, write nothing');
}

export function indexWorkOptions(
  flags: IndexFlags,
  { signal, progress }: CommandContext,
): IndexSessionOptions & Pick<IndexLockOptions, 'lockTimeoutMs' | 'onEvent'> {
  const lockTimeoutMs = parseDurationMs(flags.lockTimeout, '--lock-timeout');
  if (lockTimeoutMs === 0) {
    throw new UsageError('USAGE_INVALID_OPTION', '--lock-timeout cannot be 0', {
      hint: 'To PostgreSQL 0 means to wait for ever; give a time of 1ms or more.',
    });
  }
  return {
    connection: resolveConnection(flags),
    waitMs: parseDurationMs(flags.wait, '--wait'),
    lockTimeoutMs,
    signal,
    onEvent: indexReporter(progress),
  };
}

/** Tells what was not to be seen, and hands the outcome on. */
export function told(notices: readonly string[], { progress }: CommandContext, outcome: Outcome): Outcome {
  for (const notice of notices) progress.report({ type: 'notice', notice }, notice);
  return outcome;
}

/** The exit code of a signal that came; undefined when none did. */
export function signalCode({ signal }: CommandContext): number | undefined {
  return signal.aborted ? exitCodeOf(signal.reason) : undefined;
}
