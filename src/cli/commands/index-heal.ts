import type { Command } from 'commander';
import { healOutcome, healPlanOutcome } from '../heal-output.js';
import { indexWorkOptions, signalCode, told, withIndexWork, type IndexFlags } from '../index-flags.js';
import type { Outcome } from '../output.js';
import { runCommand, type SetExitCode } from '../run-command.js';

export function registerIndexHeal(index: Command, setExitCode: SetExitCode): void {
  withIndexWork(
    index
      .command('heal')
      .description('mend what killed or half-done work left: invalid and missing indexes, pending detaches'),
  )
    .option('--schema <name>', 'of one schema')
    .option('--table <name>', 'of one table, or partitioned table')
    .option('--exit-code', 'with --dry-run: exit 3 when there is something to heal')
    .action(async (flags: IndexFlags & { readonly exitCode?: boolean }) =>
      setExitCode(
        await runCommand(flags, async (context): Promise<Outcome> => {
          const { healIndexes, planHeal } = await import('../../indexes/heal.js');
          const { schema, table } = flags;
          const shared = indexWorkOptions(flags, context);
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
