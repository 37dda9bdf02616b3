import type { Command } from 'commander';
import type { SetExitCode } from '../run-command.js';
import { registerIndexList } from './index-list.js';
import { registerIndexReport, registerIndexSnapshot } from './index-report.js';

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
  studymate-db index list --exact               read every page: needs pgstattuple
  studymate-db index report --exit-code         what there is to do; 3 when there is something
  studymate-db index snapshot                   daily: what «unused» is told by`,
    );
  registerIndexList(index, setExitCode);
  registerIndexReport(index, setExitCode);
  registerIndexSnapshot(index, setExitCode);
}
