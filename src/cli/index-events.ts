import { formatBytes } from '../database/bytes.js';
import { formatDuration } from '../database/duration.js';
import { describeSession } from '../database/session-description.js';
import type { StudymateError } from '../errors.js';
import type { IndexEvent, IndexListener } from '../indexes/concurrent-events.js';
import type { Progress } from './progress.js';

/** Tells what reindex, heal and create do while they work. */
export function indexReporter(progress: Progress): IndexListener {
  return (event) =>
    progress.report(
      { ...event, ...('error' in event && { error: errorData(event.error) }) },
      describe(event),
    );
}

function describe(event: IndexEvent): string | undefined {
  switch (event.type) {
    case 'waiting':
      return `waiting for another run: ${describeSession(event.holder)}`;
    case 'step-started':
      return `${event.action} ${event.object}${event.sizeBytes === undefined ? '' : `, ${formatBytes(event.sizeBytes)}`} (${event.reason})`;
    case 'progress':
      return [
        `  ${event.phase}${event.done === undefined ? '' : `, ${Math.round(event.done * 100)} %`}`,
        ...event.blockers.map((blocker) => `    for ${describeSession(blocker)}`),
      ].join('\n');
    case 'lock-retry':
      return [
        `  no lock; try ${event.attempt + 1} of ${event.retries + 1} in ${formatDuration(event.delayMs)}`,
        ...event.blockers.map((blocker) => `    blocked by ${describeSession(blocker)}`),
      ].join('\n');
    case 'step-ended':
      return event.error === undefined
        ? `  done in ${formatDuration(event.durationMs)}${event.sizeBytes === undefined ? '' : `, now ${formatBytes(event.sizeBytes)}`}`
        : `  failed: ${errorText(event.error).replaceAll('\n', '\n    ')}`;
    case 'guard-waiting':
      return `  waiting: ${event.reason}: ${event.detail}`;
    case 'guard-passed':
      return `  goes on after ${formatDuration(event.waitedMs)}`;
    case 'warning':
      return `  warning: ${event.message}`;
    case 'notice':
      return event.notice;
  }
}

export function errorText({ message, code, detail, hint }: StudymateError): string {
  return [`${message} [${code}]`, detail, hint && `hint: ${hint}`].filter(Boolean).join('\n');
}

export function errorData(error: StudymateError | undefined): unknown {
  if (error === undefined) return undefined;
  const { code, message, detail, hint } = error;
  return { code, message, detail, hint };
}
