import type { Command } from 'commander';
import type { SetExitCode } from '../run-command.js';
import { registerIndexList } from './index-list.js';

export function registerIndex(program: Command, setExitCode: SetExitCode): void {
  const index = program
    .command('index')
    .description('what is true about every index, and the hands to mend it')
    .addHelpText(
      'after',
      `
Examples:
  studymate-db index list                       every index, partitioned ones in one line
  studymate-db index list --table chat_messages --leaves
  studymate-db index list --exact               read every page: needs pgstattuple`,
    );
  registerIndexList(index, setExitCode);
}
