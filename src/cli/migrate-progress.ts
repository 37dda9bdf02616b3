import { describeSession } from '../database/session-description.js';
import { formatDuration } from '../database/duration.js';
import type { MigrateEvent } from '../migrate/events.js';
import type { Progress } from './progress.js';

/** One line for each event of a run. */
export function reportMigrateEvent(progress: Progress, event: MigrateEvent): void {
  progress.report({ ...event }, describe(event));
}

function describe(event: MigrateEvent): string | undefined {
  switch (event.type) {
    case 'waiting':
      return `waiting for another run: ${describeSession(event.holder)}`;
    case 'file-started':
      return `${event.action === 'up' ? '↑' : '↓'} ${event.name}`;
    case 'resumed':
      return `  goes on after ${event.statementsDone} statements that were done before`;
    case 'statement':
      return `  ${formatDuration(event.durationMs).padStart(8)}  line ${event.line}: ${event.summary}`;
    case 'notice':
      return `  ${event.severity}: ${event.message}`;
    case 'lock-retry':
      return [
        `  no lock at line ${event.line}; try ${event.attempt + 1} of ${event.retries + 1} in ${formatDuration(event.delayMs)}`,
        ...event.blockers.map((blocker) => `    blocked by ${describeSession(blocker)}`),
      ].join('\n');
    case 'blocked':
      return event.blockers
        .map((blocker) => `  line ${event.line} waits for ${describeSession(blocker)}`)
        .join('\n');
    case 'invalid-index-dropped':
      return `  dropped ${event.index}, left invalid by a build that did not finish`;
    case 'file-done':
      return `  ${formatDuration(event.durationMs).padStart(8)}  ${event.name} ${event.action === 'up' ? 'applied' : 'reverted'}`;
  }
}
