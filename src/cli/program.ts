import { Command, CommanderError } from 'commander';
import { packageVersion } from '../package-root.js';
import { registerArchive } from './commands/archive.js';
import { registerCodegen } from './commands/codegen.js';
import { registerDev } from './commands/dev.js';
import { registerDemo } from './commands/demo.js';
import { registerDoctor } from './commands/doctor.js';
import { registerErd } from './commands/erd.js';
import { registerExplain } from './commands/explain.js';
import { registerExpiry } from './commands/expiry.js';
import { registerIndex } from './commands/index.js';
import { registerMaintain } from './commands/maintain.js';
import { registerMigrate } from './commands/migrate.js';
import { registerPartition } from './commands/partition.js';
import { registerReport } from './commands/report.js';
import { registerSeed } from './commands/seed.js';
import { EXIT, exitCodeOf } from './exit-codes.js';
import { explain, type SetExitCode } from './run-command.js';

/** Parses the arguments and runs the one command they name. @returns the exit code */
export async function run(argv: readonly string[]): Promise<number> {
  let exitCode: number = EXIT.done;
  const program = createProgram((code) => (exitCode = code));
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    // Help and version are exits too; commander has already printed what there is to say.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    process.stderr.write(explain(error));
    return exitCodeOf(error);
  }
}

export function createProgram(setExitCode: SetExitCode): Command {
  const program = new Command('studymate-db')
    .description('The PostgreSQL side of StudyMate: migrate, look after and query its database.')
    .version(packageVersion(), '-V, --version')
    .exitOverride()
    .showHelpAfterError('(add --help for the options)')
    .configureHelp({ showGlobalOptions: true });
  registerMigrate(program, setExitCode);
  registerMaintain(program, setExitCode);
  registerArchive(program, setExitCode);
  registerExpiry(program, setExitCode);
  registerCodegen(program, setExitCode);
  registerErd(program, setExitCode);
  registerIndex(program, setExitCode);
  registerDoctor(program, setExitCode);
  registerExplain(program, setExitCode);
  registerPartition(program, setExitCode);
  registerReport(program, setExitCode);
  registerSeed(program, setExitCode);
  registerDev(program, setExitCode);
  registerDemo(program, setExitCode);
  program.addHelpText(
    'after',
    `
Exit codes: 0 done, 1 failed, 2 usage or configuration, 3 a check found something, 4 cannot connect,
75 another run holds the lock (retry later), 130/143 interrupted.`,
  );
  return program;
}
