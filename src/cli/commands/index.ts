import type { Command } from 'commander';
import type { SetExitCode } from '../run-command.js';
import { registerIndexCreate } from './index-create.js';
import { registerIndexHeal } from './index-heal.js';
import { registerIndexList } from './index-list.js';
import { registerIndexReindex } from './index-reindex.js';
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
  studymate-db index snapshot                   daily: what «unused» is told by
  studymate-db index reindex --window "Sat 01:00-05:00 Asia/Seoul"
  studymate-db index heal --dry-run             what killed or half-done work left
  studymate-db index create --table chat_messages --name idx_sender_time --columns sender_id,created_at:desc`,
    );
  registerIndexList(index, setExitCode);
  registerIndexReport(index, setExitCode);
  registerIndexSnapshot(index, setExitCode);
  registerIndexReindex(index, setExitCode);
  registerIndexHeal(index, setExitCode);
  registerIndexCreate(index, setExitCode);
}
