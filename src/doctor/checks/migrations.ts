import { compareHistory, isConflict, type MigrationStatus } from '../../migrate/history.js';
import { readLedger } from '../../migrate/ledger.js';
import { formatProblem, readMigrationFolder } from '../../migrate/migration-folder.js';
import type { Check } from '../check.js';
import type { Finding } from '../finding.js';

export const migrations: Check = {
  name: 'migrations',
  title: 'migrations pending, failed, or not what was applied',
  run: async ({ client, migrationsDirectory }) => {
    const { files, problems } = await readMigrationFolder(migrationsDirectory);
    const history = compareHistory(files, await readLedger(client));
    const pending = history.filter(({ state }) => state === 'pending');
    return [
      ...problems.map((problem): Finding => ({
        severity: 'error',
        object: problem.file,
        what: formatProblem(problem),
        why: 'No migration is applied while one of the files cannot be read.',
        fix: problem.hint,
      })),
      ...history.filter(isConflict).map(conflict),
      ...history.filter(({ state }) => state === 'failed' || state === 'interrupted').map(broken),
      ...(pending.length === 0 ? [] : [waiting(pending, history.length)]),
    ];
  },
};

function waiting(pending: readonly MigrationStatus[], count: number): Finding {
  const names = pending.map(({ name }) => name);
  const never = pending.length === count;
  return {
    severity: never ? 'error' : 'warn',
    object: names[0] ?? '',
    what: never
      ? 'no migration was ever applied to this database'
      : `${names.length} pending: ${names.slice(0, 3).join(', ')}${names.length > 3 ? ', …' : ''}`,
    why: 'The code of this package expects tables and functions as the files have them.',
    fix: 'studymate-db migrate',
  };
}

function broken({ name, state, error }: MigrationStatus): Finding {
  return {
    severity: 'error',
    object: name,
    what:
      state === 'failed'
        ? `its last run failed: ${error ?? 'no message was kept'}`
        : 'its last run neither ended nor failed: it runs now, or its process died',
    why: 'Nothing that comes after it is applied; one without a transaction may be half done.',
    fix: 'studymate-db migrate, which goes on where it stopped',
  };
}

const conflicts: Readonly<Partial<Record<MigrationStatus['state'], readonly [what: string, fix: string]>>> = {
  edited: [
    'its file was edited after it was applied',
    'Restore the file, or accept it: studymate-db migrate repair',
  ],
  missing: [
    'it is applied, and its file is gone',
    'Restore the file, or forget it: studymate-db migrate repair',
  ],
  'out of order': [
    'it comes before one that is applied',
    'Give it the next free number, or accept it: studymate-db migrate repair',
  ],
};

function conflict({ name, state }: MigrationStatus): Finding {
  const [what, fix] = conflicts[state] ?? [state, 'studymate-db migrate repair'];
  return {
    severity: 'error',
    object: name,
    what,
    why: 'What this database has is no longer what the files make: no other database can be made like it, and migrate refuses to go on.',
    fix: `${fix} ${name}`,
  };
}
