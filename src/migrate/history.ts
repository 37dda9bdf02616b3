import { OperationError } from '../errors.js';
import type { Ledger } from './ledger.js';
import type { MigrationFile } from './migration-file.js';

export type MigrationState =
  | 'applied'
  /** Recorded by `baseline` without being run. */
  | 'baseline'
  | 'pending'
  /** Pending, and its last attempt failed. */
  | 'failed'
  /** Pending, and its last attempt neither finished nor failed: its process died. */
  | 'interrupted'
  /** Applied, and its file has changed since. */
  | 'edited'
  /** Applied, and its file is gone. */
  | 'missing'
  /** Pending, though a later one is applied. */
  | 'out of order';

export interface MigrationStatus {
  readonly name: string;
  readonly state: MigrationState;
  readonly appliedAt: Date | undefined;
  readonly appliedBy: string | undefined;
  readonly durationMs: number | undefined;
  /** For failed ones: SQLSTATE, place and message. */
  readonly error: string | undefined;
}

const conflicts: readonly MigrationState[] = ['edited', 'missing', 'out of order'];

export function isConflict({ state }: MigrationStatus): boolean {
  return conflicts.includes(state);
}

/** Compares the folder with the ledger. Pure; in the order of the files, missing ones where they were applied. */
export function compareHistory(files: readonly MigrationFile[], ledger: Ledger): MigrationStatus[] {
  const applied = new Map(ledger.applied.map((entry) => [entry.name, entry]));
  const known = new Set(files.map(({ name }) => name));
  const lastAppliedIndex = files.findLastIndex(({ name }) => applied.has(name));
  const statuses = files.map((file, index): MigrationStatus => {
    const entry = applied.get(file.name);
    if (entry !== undefined) {
      const edited = entry.checksum !== undefined && entry.checksum !== file.checksum;
      return status(file.name, edited ? 'edited' : entry.baseline ? 'baseline' : 'applied', entry);
    }
    const run = ledger.openRuns.get(file.name);
    if (
      index < lastAppliedIndex &&
      ledger.acceptedOutOfOrder.get(file.name) !== file.checksum &&
      run === undefined
    ) {
      return status(file.name, 'out of order');
    }
    if (run?.action !== 'up') return status(file.name, 'pending');
    const error =
      run.state === 'failed'
        ? [run.errorCode, run.errorPosition, run.errorMessage].filter(Boolean).join(' ')
        : undefined;
    return { ...status(file.name, run.state === 'failed' ? 'failed' : 'interrupted'), error };
  });
  const missing = ledger.applied
    .filter(({ name }) => !known.has(name))
    .map((entry) => status(entry.name, 'missing', entry));
  return [...statuses, ...missing].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

function status(name: string, state: MigrationState, entry?: Ledger['applied'][number]): MigrationStatus {
  return {
    name,
    state,
    appliedAt: entry?.appliedAt,
    appliedBy: entry?.appliedBy,
    durationMs: entry?.durationMs,
    error: undefined,
  };
}

const explanations: Partial<Record<MigrationState, string>> = {
  edited: 'was edited after it was applied: restore the file, or accept it as it is now',
  missing: 'is applied, but its file is gone: restore the file, or take it out of the ledger',
  'out of order': 'comes before one that is applied: give it the next free number, or accept it out of order',
};

/** Stops a run before it starts when the files no longer are what was applied. */
export function assertHistoryIntact(statuses: readonly MigrationStatus[]): void {
  const found = statuses.filter(isConflict);
  if (found.length === 0) return;
  throw new OperationError(
    'MIGRATION_HISTORY_CHANGED',
    found.length === 1
      ? 'an applied migration is not what it was'
      : `${found.length} migrations are not what they were`,
    {
      detail: found.map(({ name, state }) => `${name} ${explanations[state] ?? state}`).join('\n'),
      hint: `Undo the change to the file, or accept it, one file at a time, with «studymate-db migrate repair ${found[0]?.name ?? 'NAME'}».`,
    },
  );
}
