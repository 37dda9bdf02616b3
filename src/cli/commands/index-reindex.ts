import type { Command } from 'commander';
import { parseBytes } from '../../database/bytes.js';
import { parseDurationMs } from '../../database/duration.js';
import { UsageError } from '../../errors.js';
import type { ReindexOptions } from '../../indexes/reindex-options.js';
import { indexWorkOptions, signalCode, told, withIndexWork, type IndexFlags } from '../index-flags.js';
import type { Outcome } from '../output.js';
import { reindexOutcome, reindexPlanOutcome } from '../reindex-output.js';
import { runCommand, type SetExitCode } from '../run-command.js';

interface ReindexFlags extends IndexFlags {
  readonly index?: readonly string[];
  readonly closedMonths?: boolean;
  readonly exact?: boolean;
  readonly minimumSize?: string;
  readonly minimumBloat?: string;
  readonly cooldownDays: string;
  readonly maxDuration: string;
  readonly maxIndexes?: string;
  readonly maxSize?: string;
  readonly window?: readonly string[];
  readonly freeBytes?: string;
  readonly maxReplicationLag: string;
  readonly maxReplicationLagBytes: string;
  readonly maxTransactionAge: string;
  readonly maxWait: string;
}

export function registerIndexReindex(index: Command, setExitCode: SetExitCode): void {
  withIndexWork(
    index
      .command('reindex')
      .description('rebuild indexes that are bloated, or those named, while everybody goes on working'),
  )
    .option('--index <name...>', 'these, whatever their bloat; a partitioned one with all of its leaves')
    .option('--schema <name>', 'of one schema')
    .option('--table <name>', 'all of one table, or partitioned table, whatever their bloat')
    .option('--closed-months', 'also pack the months that are over, once, with fillfactor 100')
    .option('--exact', 'read every page with pgstatindex, instead of estimating')
    .option('--minimum-size <size>', 'smallest worth it (default: 10MB, named ones 0)')
    .option('--minimum-bloat <percent>', 'smallest part that is given back (default: 30, named ones 0)')
    .option('--cooldown-days <days>', 'until one may be rebuilt again by rule', '10')
    .option('--max-duration <duration>', 'begin none after this time; the next run goes on', '2h')
    .option('--max-indexes <count>', 'most of them in one run')
    .option('--max-size <size>', 'leave larger ones out')
    .option('--window <window...>', 'begin none outside, as in «Sat 01:00-05:00 Asia/Seoul»')
    .option(
      '--free-bytes <size>',
      'free space on the disk, which the server cannot tell: twice an index must fit',
    )
    .option('--max-replication-lag <duration>', 'wait for a replica further behind; 0 for any', '30s')
    .option('--max-replication-lag-bytes <size>', 'the same in bytes of WAL; 0 for any', '256MB')
    .option('--max-transaction-age <duration>', 'wait for a transaction older than this; 0 for any', '10min')
    .option('--max-wait <duration>', 'longest wait for either, then stop', '60s')
    .action(async (flags: ReindexFlags) =>
      setExitCode(
        await runCommand(flags, async (context): Promise<Outcome> => {
          const { planReindex, reindexIndexes } = await import('../../indexes/reindex.js');
          const { parseMaintenanceWindows } = await import('../../indexes/maintenance-window.js');
          const windows = flags.window?.flatMap((text) => parseMaintenanceWindows(text));
          const options = { ...reindexOptions(flags), windows };
          const shared = indexWorkOptions(flags, context);
          if (flags.dryRun === true) {
            const plan = await planReindex({ ...options, ...shared });
            return told(plan.notices, context, reindexPlanOutcome(plan));
          }
          const result = await reindexIndexes({ ...options, ...shared });
          return told(result.notices, context, reindexOutcome(result, signalCode(context)));
        }),
      ),
    );
}

function reindexOptions(flags: ReindexFlags): Omit<ReindexOptions, 'windows'> {
  const bytes = (text: string | undefined, option: string): number | undefined =>
    text === undefined ? undefined : parseBytes(text, option);
  const { minimumBloat, maxIndexes } = flags;
  return {
    schema: flags.schema,
    table: flags.table,
    indexes: flags.index,
    closedMonths: flags.closedMonths,
    exact: flags.exact,
    minimumBytes: bytes(flags.minimumSize, '--minimum-size'),
    minimumBloat: minimumBloat === undefined ? undefined : count(minimumBloat, '--minimum-bloat', 100) / 100,
    cooldownDays: count(flags.cooldownDays, '--cooldown-days', 36_500),
    maxIndexes: maxIndexes === undefined ? undefined : count(maxIndexes, '--max-indexes', 1_000_000),
    maxBytes: bytes(flags.maxSize, '--max-size'),
    freeBytes: bytes(flags.freeBytes, '--free-bytes'),
    maxDurationMs: parseDurationMs(flags.maxDuration, '--max-duration'),
    maxReplicationLagMs: parseDurationMs(flags.maxReplicationLag, '--max-replication-lag'),
    maxReplicationLagBytes: parseBytes(flags.maxReplicationLagBytes, '--max-replication-lag-bytes'),
    maxTransactionAgeMs: parseDurationMs(flags.maxTransactionAge, '--max-transaction-age'),
    maxWaitMs: parseDurationMs(flags.maxWait, '--max-wait'),
  };
}

function count(text: string, option: string, most: number): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (value <= most) return value;
  throw new UsageError('USAGE_INVALID_OPTION', `${option}: «${text}» is not a whole number up to ${most}`, {
    hint: `Write a number from 0 to ${most}.`,
  });
}
