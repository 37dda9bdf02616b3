import { setTimeout as delay } from 'node:timers/promises';
import type { ClientBase } from 'pg';

/** First half of every advisory lock key of this package: «STDY» in ASCII. */
const lockNamespace = 0x53_54_44_59;

/**
 * Second half. Advisory locks are per database, so one number a purpose is enough. archive_old_data() takes the
 * one of maintenance, by its number.
 */
export const ADVISORY_LOCKS = { migrate: 1, maintenance: 2 } as const;

export type AdvisoryLockName = keyof typeof ADVISORY_LOCKS;

/** A session that holds or blocks something, as pg_stat_activity shows it. */
export interface SessionInfo {
  readonly pid: number;
  readonly user: string | undefined;
  readonly applicationName: string | undefined;
  readonly state: string | undefined;
  /** Age of its transaction, or of the session when it has none, in milliseconds. */
  readonly ageMs: number | undefined;
  /** The statement it runs or ran last, first 200 characters; undefined when this role may not see it. */
  readonly query: string | undefined;
}

export interface AcquireOptions {
  /** Milliseconds to keep trying; 0 tries once. */
  readonly waitMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Called when the lock turns out to be held, and whenever the holder changes. */
  readonly onWait?: ((holder: SessionInfo | undefined) => void) | undefined;
}

/**
 * Takes a session-level advisory lock by polling. A blocking wait would hold a snapshot, for which the holder's
 * CREATE INDEX CONCURRENTLY waits in turn: a deadlock.
 *
 * @returns undefined when the lock is ours, else who holds it after `waitMs`.
 */
export async function acquireAdvisoryLock(
  client: ClientBase,
  name: AdvisoryLockName,
  { waitMs, signal, onWait }: AcquireOptions,
): Promise<
  { readonly acquired: true } | { readonly acquired: false; readonly holder: SessionInfo | undefined }
> {
  const deadline = performance.now() + waitMs;
  let holderPid: number | undefined | null = null;
  for (;;) {
    const { rows } = await client.query<{ acquired: boolean }>(
      'select pg_try_advisory_lock($1, $2) as acquired',
      [lockNamespace, ADVISORY_LOCKS[name]],
    );
    if (rows[0]?.acquired === true) return { acquired: true };
    const holder = await findHolder(client, name);
    if (performance.now() >= deadline) return { acquired: false, holder };
    if (holderPid !== holder?.pid) onWait?.(holder);
    holderPid = holder?.pid;
    // Twenty waiters should not ask in step.
    await delay(Math.min(100 + Math.random() * 100, Math.max(1, deadline - performance.now())), undefined, {
      signal,
    });
  }
}

export async function releaseAdvisoryLock(client: ClientBase, name: AdvisoryLockName): Promise<void> {
  await client.query('select pg_advisory_unlock($1, $2)', [lockNamespace, ADVISORY_LOCKS[name]]);
}

const sessionColumns = `
  a.pid, a.usename as user, nullif(a.application_name, '') as application_name, a.state,
  extract(epoch from clock_timestamp() - coalesce(a.xact_start, a.backend_start))::float8 * 1000 as age_ms,
  case when a.query <> '<insufficient privilege>' then left(a.query, 200) end as query`;

async function findHolder(client: ClientBase, name: AdvisoryLockName): Promise<SessionInfo | undefined> {
  const { rows } = await client.query<SessionRow>(
    `select ${sessionColumns}
     from pg_locks l
     join pg_stat_activity a using (pid)
     where l.locktype = 'advisory' and l.granted and l.objsubid = 2
       and l.database = (select oid from pg_database where datname = current_database())
       and l.classid = $1 and l.objid = $2`,
    [lockNamespace, ADVISORY_LOCKS[name]],
  );
  return rows[0] && sessionInfo(rows[0]);
}

/** The sessions that `pid` waits for now, directly. */
export async function findBlockers(client: ClientBase, pid: number): Promise<SessionInfo[]> {
  const { rows } = await client.query<SessionRow>(
    `select ${sessionColumns}
     from pg_stat_activity a
     where a.pid = any (pg_blocking_pids($1))
     order by a.pid`,
    [pid],
  );
  return rows.map(sessionInfo);
}

interface SessionRow {
  pid: number;
  user: string | null;
  application_name: string | null;
  state: string | null;
  age_ms: number | null;
  query: string | null;
}

function sessionInfo(row: SessionRow): SessionInfo {
  return {
    pid: row.pid,
    user: row.user ?? undefined,
    applicationName: row.application_name ?? undefined,
    state: row.state ?? undefined,
    ageMs: row.age_ms ?? undefined,
    query: row.query === null ? undefined : redactPasswords(row.query).replaceAll(/\s+/g, ' '),
  };
}

/** `alter role x password '…'` shows in pg_stat_activity like any statement. */
function redactPasswords(query: string): string {
  return query.replaceAll(/(password\s+)(E?'(?:[^']|'')*'?)/gi, "$1'***'");
}
