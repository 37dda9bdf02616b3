import type { Command } from 'commander';
import { UsageError } from '../../errors.js';
import type { IndexColumn } from '../../indexes/create-definition.js';
import { createOutcome, createPlanOutcome } from '../create-index-output.js';
import { indexWorkOptions, withIndexWork, type IndexFlags } from '../index-flags.js';
import type { Outcome } from '../output.js';
import { runCommand, type SetExitCode } from '../run-command.js';

interface CreateFlags extends IndexFlags {
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

export function registerIndexCreate(index: Command, setExitCode: SetExitCode): void {
  withIndexWork(
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
            ...indexWorkOptions(flags, context),
          };
          return flags.dryRun === true
            ? createPlanOutcome(await planCreateIndex(options))
            : createOutcome(await createIndex(options));
        }),
      ),
    );
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
