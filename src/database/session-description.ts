import type { SessionInfo } from './advisory-lock.js';
import { formatDuration } from './duration.js';

/** `pid 4711 (psql, user app, idle in transaction for 4.0 s): select …`, for messages. */
export function describeSession(session: SessionInfo | undefined): string {
  if (session === undefined) return 'a session that ended meanwhile or is not visible to this role';
  const { pid, applicationName, user, state, ageMs, query } = session;
  const facts = [
    applicationName,
    user && `user ${user}`,
    [state, ageMs !== undefined && `for ${formatDuration(ageMs)}`].filter(Boolean).join(' '),
  ].filter(Boolean);
  return `pid ${pid} (${facts.join(', ')})${query ? `: ${query}` : ''}`;
}
