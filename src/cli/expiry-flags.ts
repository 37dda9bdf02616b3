import type { Command } from 'commander';
import { parseDurationMs } from '../database/duration.js';
import { UsageError } from '../errors.js';
import type { ExpiryOptions } from '../expiry/options.js';

export interface ExpiryFlags {
  readonly grace: string;
  readonly maxDuration: string;
  readonly maxReplicationLag: string;
  readonly maxReplicationLagBytes: string;
  readonly maxTransactionAge: string;
  readonly maxWait: string;
}

/** The options that bound expiry, in its own command and in `maintain`. */
export function withExpiry(command: Command): Command {
  return command
    .option('--grace <duration>', 'how long what is deleted stays after it expired', '24h')
    .option('--max-duration <duration>', 'begin no batch after this time; the next run goes on', '1h')
    .option('--max-replication-lag <duration>', 'wait for a replica further behind; 0 for any', '30s')
    .option('--max-replication-lag-bytes <count>', 'the same in bytes of WAL; 0 for any', '268435456')
    .option('--max-transaction-age <duration>', 'wait for a transaction older than this; 0 for any', '1h')
    .option('--max-wait <duration>', 'longest wait for either, then stop', '60s');
}

export function expiryOptions(flags: ExpiryFlags): Omit<ExpiryOptions, 'dryRun' | 'onEvent'> {
  return {
    graceMs: parseDurationMs(flags.grace, '--grace'),
    maxDurationMs: parseDurationMs(flags.maxDuration, '--max-duration'),
    maxReplicationLagMs: parseDurationMs(flags.maxReplicationLag, '--max-replication-lag'),
    maxReplicationLagBytes: bytes(flags.maxReplicationLagBytes),
    maxTransactionAgeMs: parseDurationMs(flags.maxTransactionAge, '--max-transaction-age'),
    maxWaitMs: parseDurationMs(flags.maxWait, '--max-wait'),
  };
}

function bytes(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new UsageError(
    'USAGE_INVALID_OPTION',
    `--max-replication-lag-bytes: «${text}» is not a number of bytes`,
    { hint: 'Write a whole number, as in 268435456 for 256 MB.' },
  );
}
