import { EngineRun, runEngine } from './engine.js';
import { recordRun, type OpenRun } from './ledger.js';
import type { RunSettings } from './options.js';
import { backOff, isRetryable } from './run-statement.js';
import type { MigrationSession } from './session.js';
import { asMigrationError, asRunFailure, StatementFailure } from './statement-failure.js';
import type { MigrationTask } from './task.js';

/**
 * Runs tasks in order, and again what did not get its lock. A task with a transaction is all or nothing, one
 * without is resumable; on a failure the tasks before it stay done.
 *
 * @returns milliseconds each task took, in the order of `tasks`
 */
export async function runTasks(
  session: MigrationSession,
  settings: RunSettings,
  tasks: readonly MigrationTask[],
  openRuns: ReadonlyMap<string, OpenRun>,
): Promise<number[]> {
  const durations: number[] = [];
  const onNotice = (notice: NoticeMessage): void => {
    const { severity = 'NOTICE', message = '' } = notice;
    settings.emit({ type: 'notice', name: tasks[durations.length]?.file.name ?? '', severity, message });
  };
  session.client.on('notice', onNotice);
  try {
    await runInOrder(session, settings, tasks, openRuns, durations);
  } finally {
    session.client.off('notice', onNotice);
  }
  return durations;
}

/** As much of pg's notice as is passed on. */
interface NoticeMessage {
  readonly severity?: string | undefined;
  readonly message?: string | undefined;
}

async function runInOrder(
  session: MigrationSession,
  settings: RunSettings,
  tasks: readonly MigrationTask[],
  openRuns: ReadonlyMap<string, OpenRun>,
  durations: number[],
): Promise<void> {
  let attempt = 1;
  while (durations.length < tasks.length) {
    const run = new EngineRun(session, settings, openRuns, (durationMs) => {
      durations.push(durationMs);
      attempt = 1;
    });
    try {
      await runEngine(batchOf(tasks.slice(durations.length)), run);
    } catch (error) {
      const failure = error instanceof StatementFailure ? error : new StatementFailure(undefined, error);
      const task = tasks[durations.length];
      await session.client.query('rollback').catch(() => undefined);
      if (task === undefined) throw error;
      if (task.file.transaction && isRetryable(failure) && attempt <= settings.lockRetries) {
        await backOff(settings, task, failure, attempt++);
      } else {
        await recordFailure(session, task, failure, run);
        throw asMigrationError(task.file, failure, settings.lockRetries);
      }
    }
  }
}

/** Going up, the engine takes all files in one go; going down it can be told of one file at a time. */
function batchOf(tasks: readonly MigrationTask[]): readonly MigrationTask[] {
  const firstDown = tasks.findIndex(({ action }) => action === 'down');
  return tasks.slice(0, firstDown < 0 ? undefined : Math.max(1, firstDown));
}

/** The failure is reported all the same when it cannot be written down: the connection may be gone. */
async function recordFailure(
  { client }: MigrationSession,
  { file, action }: MigrationTask,
  failure: StatementFailure,
  { separate, startedAt }: EngineRun,
): Promise<void> {
  // It did not even begin: what an earlier run has done must stay on record.
  if (separate === undefined && !file.transaction) return;
  const written =
    separate?.fail(failure) ??
    recordRun(
      client,
      { name: file.name, action, checksum: file.checksum, startedAt },
      'failed',
      asRunFailure(file, failure),
    );
  await written.catch(() => undefined);
}
