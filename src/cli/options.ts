import { Option, type Command } from 'commander';
import { formats } from './output.js';

/** The options that every command has which talks to a database. */
export function withDatabase(command: Command): Command {
  return withOutput(command).option(
    '--database-url <url>',
    'postgres://user@host:port/database (default: DATABASE_URL, else PGHOST and its like)',
  );
}

export function withOutput(command: Command): Command {
  return command
    .addOption(new Option('--format <format>', 'how stdout is written').choices(formats).default('table'))
    .option('--quiet', 'no progress on stderr')
    .option('--verbose', 'the cause of an error, with its stack');
}
