import { join, relative, resolve } from 'node:path';
import type { Command } from 'commander';
import type { GenerateTypesResult } from '../../codegen/generate-types.js';
import { resolveConnection } from '../../config.js';
import { EXIT } from '../exit-codes.js';
import { withDatabase } from '../options.js';
import type { Outcome } from '../output.js';
import { packageFolder } from '../package-folder.js';
import { runCommand, type SetExitCode, type OutputFlags } from '../run-command.js';

interface Flags extends OutputFlags {
  readonly databaseUrl?: string;
  readonly out?: string;
  readonly check?: boolean;
}

export function registerCodegen(program: Command, setExitCode: SetExitCode): void {
  withDatabase(
    program.command('codegen').description('write the TypeScript types of a migrated database, for Kysely'),
  )
    .option('--out <file>', 'the file to write (default: generated/db.ts of the package around this folder)')
    .option('--check', 'write nothing; exit 3 with a diff when the file is not what the database wants')
    .addHelpText(
      'after',
      `
Examples:
  studymate-db codegen                        write generated/db.ts
  studymate-db codegen --out src/db/types.ts  write another file
  studymate-db codegen --check                in CI: fail when a migration came without its types`,
    )
    .action(async (flags: Flags) => {
      setExitCode(
        await runCommand(flags, async ({ signal }) => {
          const { generateTypes } = await import('../../codegen/generate-types.js');
          const file = resolve(flags.out ?? defaultFile());
          const check = flags.check === true;
          const result = await generateTypes({ connection: resolveConnection(flags), file, check, signal });
          return show(result, relative('', file), check);
        }),
      );
    });
}

function defaultFile(): string {
  return join(packageFolder(process.cwd()), 'generated', 'db.ts');
}

/** The columns that stay string are rows; the text of the file is left out, as it is in the file. */
function show(result: GenerateTypesResult, file: string, check: boolean): Outcome {
  const { unions, leftAsString, changed, diff } = result;
  const state = changed ? (check ? 'is out of date' : 'written') : 'is up to date';
  const differs = check && changed ? diff : '';
  return {
    data: { file, changed, unions, leftAsString, diff },
    columns: [
      { key: 'column', label: 'stays string' },
      { key: 'reason', label: 'because' },
    ],
    rows: leftAsString.map(({ column, reason }) => ({ column, reason })),
    summary: `${differs}${file} ${state}: ${unions.length} types of proved values, ${leftAsString.length} columns with a check stay string`,
    exitCode: check && changed ? EXIT.found : EXIT.done,
  };
}
