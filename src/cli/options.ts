import { Option, type Command } from 'commander';
import { formats } from './output.js';

/** The options that every command has which talks to a database. */
/** @param choices of `--format`, where a command has more of them */
export function withDatabase(command: Command, choices: readonly string[] = formats): Command {
  return withOutput(command, choices).option(
    '--database-url <url>',
    'postgres://user@host:port/database (default: DATABASE_URL, else PGHOST and its like)',
  );
}

export function withOutput(command: Command, choices: readonly string[] = formats): Command {
  return command
    .addOption(new Option('--format <format>', 'how stdout is written').choices(choices).default('table'))
    .option('--quiet', 'no progress on stderr')
    .option('--verbose', 'the cause of an error, with its stack');
}
