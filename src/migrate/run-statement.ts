import { setTimeout as delay } from 'node:timers/promises';
import { elapsedMs } from '../database/duration.js';
import { hasSqlState, SQLSTATE } from '../database/sqlstate.js';
import type { RunSettings } from './options.js';
import type { MigrationSession } from './session.js';
import { StatementFailure } from './statement-failure.js';
import type { Statement } from './statements.js';
import type { MigrationTask } from './task.js';

/** Runs one statement as it stands, tells how long it took, and knows who was in its way when it fails. */
export async function runStatement(
  session: MigrationSession,
  settings: RunSettings,
  task: MigrationTask,
  statement: Statement,
  {
    lockTimeoutMs = settings.lockTimeoutMs,
    execute = (): Promise<unknown> => session.client.query(statement.text),
  }: { lockTimeoutMs?: number; execute?: () => Promise<unknown> } = {},
): Promise<void> {
  const { signal, emit } = settings;
  signal?.throwIfAborted();
  const place = { name: task.file.name, line: statement.position.line };
  const patient = lockTimeoutMs !== settings.lockTimeoutMs;
  const observation = session.observer.watch(
    session.pid,
    patient ? 1_000 : Math.max(20, lockTimeoutMs / 4),
    patient ? (blockers) => emit({ type: 'blocked', ...place, blockers }) : undefined,
  );
  const startedAt = performance.now();
  let blockers: ReturnType<typeof observation.stop> = [];
  try {
    await execute().finally(() => (blockers = observation.stop()));
  } catch (error) {
    throw new StatementFailure(statement, error, blockers);
  }
  emit({
    type: 'statement',
    ...place,
    summary: summaryOf(statement),
    durationMs: elapsedMs(startedAt),
  });
}

function summaryOf({ text }: Statement): string {
  const line = (text.split('\n', 1)[0] ?? '').trim();
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}

export function isRetryable(failure: StatementFailure): boolean {
  return hasSqlState(failure.cause, SQLSTATE.lockNotAvailable, SQLSTATE.deadlockDetected);
}

/** Waits before attempt number `attempt` + 1: 0.1 s growing to 5 s, with jitter so that two runs do not meet again. */
export async function backOff(
  settings: RunSettings,
  task: MigrationTask,
  failure: StatementFailure,
  attempt: number,
): Promise<void> {
  const delayMs = Math.min(5_000, 100 * 1.5 ** (attempt - 1)) * (0.5 + Math.random());
  settings.emit({
    type: 'lock-retry',
    name: task.file.name,
    line: failure.statement?.position.line ?? 1,
    attempt,
    retries: settings.lockRetries,
    delayMs,
    blockers: failure.blockers,
  });
  await delay(delayMs, undefined, { signal: settings.signal });
}
