import type { Command } from 'commander';
import { resolveConnection } from '../../config.js';
import { parseBytes } from '../../database/bytes.js';
import { parseDurationMs } from '../../database/duration.js';
import { UsageError } from '../../errors.js';
import type { IndexLockOptions, IndexSessionOptions } from '../../indexes/concurrent-run.js';
import type { IndexColumn } from '../../indexes/create-definition.js';
import type { ReindexOptions } from '../../indexes/reindex-options.js';
import { exitCodeOf } from '../exit-codes.js';
import {
  createOutcome,
  createPlanOutcome,
  healOutcome,
  healPlanOutcome,
  indexReporter,
  reindexOutcome,
  reindexPlanOutcome,
} from '../index-maintenance-output.js';
import { withDatabase } from '../options.js';
import type { Outcome } from '../output.js';
import { runCommand, type CommandContext, type OutputFlags, type SetExitCode } from '../run-command.js';

interface Flags extends OutputFlags {
  readonly databaseUrl?: string;
  readonly schema?: string;
  readonly table?: string;
  readonly dryRun?: boolean;
  readonly wait: string;
  readonly lockTimeout: string;
}

interface ReindexFlags extends Flags {
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

interface CreateFlags extends Flags {
  readonly table: string;
  readonly name: string;
  readonly columns?: string;
  readonly include?: string;
  readonly where?: string;
  readonly method?: string;
  readonly definition?: string;
  readonly unique?: boolean;
  readonly nullsNotDistinct?: boolean;
}

export function registerIndexReindex(index: Command, setExitCode: SetExitCode): void {
  writing(
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
          const shared = sharedOptions(flags, context);
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

export function registerIndexHeal(index: Command, setExitCode: SetExitCode): void {
  writing(
    index
      .command('heal')
      .description('mend what killed or half-done work left: invalid and missing indexes, pending detaches'),
  )
    .option('--schema <name>', 'of one schema')
    .option('--table <name>', 'of one table, or partitioned table')
    .option('--exit-code', 'with --dry-run: exit 3 when there is something to heal')
    .action(async (flags: Flags & { readonly exitCode?: boolean }) =>
      setExitCode(
        await runCommand(flags, async (context): Promise<Outcome> => {
          const { healIndexes, planHeal } = await import('../../indexes/heal.js');
          const { schema, table } = flags;
          const shared = sharedOptions(flags, context);
          if (flags.dryRun === true) {
            const { connection, signal } = shared;
            const plan = await planHeal({ schema, table, connection, signal });
            return told(plan.notices, context, healPlanOutcome(plan, flags.exitCode === true));
          }
          const result = await healIndexes({ schema, table, ...shared });
          return told(result.notices, context, healOutcome(result, signalCode(context)));
        }),
      ),
    );
}

export function registerIndexCreate(index: Command, setExitCode: SetExitCode): void {
  writing(
    index
      .command('create')
      .description('make an index, of a partitioned table too, while everybody goes on writing'),
  )
    .requiredOption('--table <name>', 'of which table')
    .requiredOption('--name <name>', 'how it is called')
    .option('--schema <name>', 'of the table (default: public)')
    .option('--columns <list>', 'keys, as in room_id,created_at:desc; also :nulls-first, :nulls-last')
    .option('--include <list>', 'columns carried along')
    .option('--where <condition>', 'only rows of which this is true, in SQL')
    .option('--method <name>', 'btree, gin, gist, brin, hash (default: btree)')
    .option('--unique', 'no two rows may be equal in it')
    .option('--nulls-not-distinct', 'for a unique one: two nulls are equal')
    .option('--definition <sql>', 'instead of columns: all that follows the table in CREATE INDEX')
    .action(async (flags: CreateFlags) =>
      setExitCode(
        await runCommand(flags, async (context): Promise<Outcome> => {
          const { createIndex } = await import('../../indexes/create.js');
          const { planCreateIndex } = await import('../../indexes/create-plan.js');
          const { schema, table, name, unique, nullsNotDistinct, where, method, definition } = flags;
          const options = {
            ...{ schema, table, name, unique, nullsNotDistinct, where, method, definition },
            columns: flags.columns === undefined ? undefined : list(flags.columns).map(parseColumn),
            include: flags.include === undefined ? undefined : list(flags.include),
            ...sharedOptions(flags, context),
          };
          return flags.dryRun === true
            ? createPlanOutcome(await planCreateIndex(options))
            : createOutcome(await createIndex(options));
        }),
      ),
    );
}

function writing(command: Command): Command {
  return withDatabase(command)
    .option(
      '--lock-timeout <duration>',
      'longest wait for a transaction in the way; it blocks nobody',
      '5min',
    )
    .option('--wait <duration>', 'longest wait for another maintenance run', '0s')
    .option('--dry-run', 'say what would be done, write nothing');
}

function sharedOptions(
  flags: Flags,
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

function told(notices: readonly string[], { progress }: CommandContext, outcome: Outcome): Outcome {
  for (const notice of notices) progress.report({ type: 'notice', notice }, notice);
  return outcome;
}

function signalCode({ signal }: CommandContext): number | undefined {
  return signal.aborted ? exitCodeOf(signal.reason) : undefined;
}

function count(text: string, option: string, most: number): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (value <= most) return value;
  throw new UsageError('USAGE_INVALID_OPTION', `${option}: «${text}» is not a whole number up to ${most}`, {
    hint: `Write a number from 0 to ${most}.`,
  });
}

function list(text: string): readonly string[] {
  return text.split(',').map((part) => part.trim());
}

/** `created_at:desc:nulls-last` */
function parseColumn(text: string): IndexColumn {
  const [name = '', ...options] = text.split(':');
  const known = ['asc', 'desc', 'nulls-first', 'nulls-last'];
  const unknown = options.find((option) => !known.includes(option));
  if (name === '' || unknown !== undefined) {
    throw new UsageError('USAGE_INVALID_OPTION', `--columns: «${text}» is not a column`, {
      hint: 'Write name, name:desc, name:desc:nulls-last; for expressions use --definition.',
    });
  }
  return {
    name,
    descending: options.includes('desc'),
    nulls: options.includes('nulls-first') ? 'first' : options.includes('nulls-last') ? 'last' : undefined,
  };
}
