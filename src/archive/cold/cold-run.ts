import type { MaintenanceSession } from '../../database/maintenance-session.js';
import type { RunLedger } from '../../database/run-ledger.js';
import { formatMonth } from '../../partitioning/month.js';
import type { PartitionPolicy } from '../../partitioning/policy.js';
import type { ArchiveRun } from '../archive-run.js';
import { byteProgress, type ColdPhase } from './events.js';
import { copyFolder, partialFolder } from './layout.js';
import type { ColdOptions, ColdWriteOptions } from './options.js';

/** One table's month and its copy, with what it takes to tell of the progress. */
export interface ColdTask {
  readonly policy: PartitionPolicy;
  readonly month: Date;
  readonly folder: string;
  readonly partial: string;
  readonly signal: AbortSignal | undefined;
  /** Begins a phase. @returns counts the bytes of text that it goes through */
  readonly phase: (phase: ColdPhase) => (count: number) => void;
}

export function coldTask(
  { directory, signal, onEvent }: ColdOptions,
  month: Date,
  policy: PartitionPolicy,
): ColdTask {
  const event = { table: policy.table, month: formatMonth(month) };
  return {
    policy,
    month,
    folder: copyFolder(directory, policy, month),
    partial: partialFolder(directory, policy, month),
    signal,
    phase(phase) {
      onEvent?.({ type: 'phase', ...event, phase });
      return byteProgress((bytes) => onEvent?.({ type: 'progress', ...event, phase, bytes }));
    },
  };
}

/** For the steps that lock tables. */
export function archiveRun(
  session: MaintenanceSession,
  ledger: RunLedger,
  { lockTimeoutMs = 200, retries = 30, onEvent }: ColdWriteOptions,
  { policy, month }: ColdTask,
): ArchiveRun {
  return {
    session,
    ledger,
    lockTimeoutMs,
    retries,
    onEvent: (event) => {
      if (event.type !== 'lock-retry') return;
      const { attempt, delayMs, blockers } = event;
      const about = { table: policy.table, month: formatMonth(month) };
      onEvent?.({ type: 'lock-retry', ...about, attempt, retries, delayMs, blockers });
    },
  };
}
