import { setTimeout as delay } from 'node:timers/promises';
import type { ClientBase } from 'pg';
import { formatDuration } from './duration.js';

/** When maintenance holds back; 0 is never. */
export interface GuardSettings {
  /** Milliseconds after which nothing further begins. */
  readonly maxDurationMs: number;
  /** A replica further behind, in milliseconds, holds the next step back. */
  readonly maxReplicationLagMs: number;
  /** The same in bytes of WAL not replayed. */
  readonly maxReplicationLagBytes: number;
  /** So does a transaction in this database that is older, in milliseconds. */
  readonly maxTransactionAgeMs: number;
  /** Longest wait for either before the run stops, in milliseconds. */
  readonly maxWaitMs: number;
}

export type GuardEvent =
  /** Nothing begins until it is over, or `maxWaitMs` is. */
  | { readonly type: 'guard-waiting'; readonly reason: StopReason; readonly detail: string }
  | { readonly type: 'guard-passed'; readonly reason: StopReason; readonly waitedMs: number }
  | { readonly type: 'warning'; readonly message: string };

/** Why a run stopped before it was through; the next run goes on. */
export type StopReason = 'time budget' | 'replication lag' | 'long transaction' | 'interrupted';

export interface Stop {
  readonly reason: StopReason;
  /** Which replica, which transaction. */
  readonly detail: string;
}

const LOOK_EVERY_MS = 1_000;

/** A base backup sends no changes: it lags behind by design. */
const replicationSql = `
  select count(*) filter (where state is null)::int as hidden,
    (select json_build_object('name', coalesce(nullif(application_name, ''), client_addr::text, 'pid ' || pid),
       'bytes', pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn)::float8,
       'ms', coalesce(extract(epoch from replay_lag) * 1000, 0)::float8)
     from pg_stat_replication
     where state in ('streaming', 'catchup')
       and (($1::float8 > 0 and extract(epoch from replay_lag) * 1000 > $1)
         or ($2::float8 > 0 and pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn) > $2))
     order by replay_lsn
     limit 1) as worst
  from pg_stat_replication`;

/**
 * Only of this database: a snapshot in another one keeps nothing alive here. Of a session that is hidden from this role
 * even the type is. Prepared transactions are seen by all.
 */
const transactionSql = `
  with sessions as (
    select pid, usename, application_name, state, xact_start, query
    from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid() and coalesce(backend_type, 'client backend') = 'client backend'
  )
  select (select count(*)::int from sessions where query = '<insufficient privilege>') as hidden,
    (select json_build_object('what', what, 'ms', ms)
     from (
       select format('pid %s (%s, user %s, %s)', pid, coalesce(nullif(application_name, ''), 'unnamed'), usename, state)
           as what,
         extract(epoch from clock_timestamp() - xact_start)::float8 * 1000 as ms
       from sessions
       union all
       select format('prepared transaction %L', gid), extract(epoch from clock_timestamp() - prepared)::float8 * 1000
       from pg_prepared_xacts
       where database = current_database()
     ) as open
     where ms > $1::float8
     order by ms desc
     limit 1) as worst`;

/** What is asked before every batch, and before every index. */
export interface Guards {
  /** Waits while replicas lag or a transaction is old, `maxWaitMs` at most. @returns why to stop, else undefined */
  pass(): Promise<Stop | undefined>;
  /** What this role could not see. */
  readonly warnings: readonly string[];
}

/** @param deadline of performance.now(): nothing begins after it */
export function createGuards(
  client: ClientBase,
  settings: GuardSettings,
  {
    deadline,
    signal,
    onEvent,
  }: {
    deadline: number;
    signal?: AbortSignal | undefined;
    onEvent?: ((event: GuardEvent) => void) | undefined;
  },
): Guards {
  const warnings: string[] = [];
  const warn = (message: string): void => {
    if (warnings.includes(message)) return;
    warnings.push(message);
    onEvent?.({ type: 'warning', message });
  };

  const replicationLag = async (): Promise<Stop | undefined> => {
    const { maxReplicationLagMs, maxReplicationLagBytes } = settings;
    if (maxReplicationLagMs === 0 && maxReplicationLagBytes === 0) return undefined;
    const { rows } = await client.query<{
      hidden: number;
      worst: { name: string; bytes: number; ms: number } | null;
    }>(replicationSql, [maxReplicationLagMs, maxReplicationLagBytes]);
    const { hidden = 0, worst = null } = rows[0] ?? {};
    if (hidden > 0) {
      warn(
        `this role may not see how far ${hidden} replicas are behind: replication lag is not looked at; grant it pg_read_all_stats`,
      );
    }
    if (worst === null) return undefined;
    return {
      reason: 'replication lag',
      detail: `${worst.name} is ${formatDuration(worst.ms)} and ${Math.round(worst.bytes / 1024)} kB behind`,
    };
  };

  const longTransaction = async (): Promise<Stop | undefined> => {
    if (settings.maxTransactionAgeMs === 0) return undefined;
    const { rows } = await client.query<{ hidden: number; worst: { what: string; ms: number } | null }>(
      transactionSql,
      [settings.maxTransactionAgeMs],
    );
    const { hidden = 0, worst = null } = rows[0] ?? {};
    if (hidden > 0) {
      warn(
        'this role may not see the transactions of others: their age is not looked at; grant it pg_read_all_stats',
      );
    }
    if (worst === null) return undefined;
    return {
      reason: 'long transaction',
      detail: `${worst.what} has been open for ${formatDuration(worst.ms)}`,
    };
  };

  return {
    warnings,
    async pass() {
      const startedAt = performance.now();
      let waiting: Stop | undefined;
      for (;;) {
        signal?.throwIfAborted();
        if (performance.now() >= deadline) {
          return (
            waiting ?? { reason: 'time budget', detail: `${formatDuration(settings.maxDurationMs)} are over` }
          );
        }
        const trouble = (await replicationLag()) ?? (await longTransaction());
        const waitedMs = performance.now() - startedAt;
        if (trouble === undefined) {
          if (waiting !== undefined) onEvent?.({ type: 'guard-passed', reason: waiting.reason, waitedMs });
          return undefined;
        }
        if (waitedMs >= settings.maxWaitMs) return trouble;
        if (waiting?.reason !== trouble.reason) onEvent?.({ type: 'guard-waiting', ...trouble });
        waiting = trouble;
        await delay(Math.min(LOOK_EVERY_MS, settings.maxWaitMs - waitedMs + 1), undefined, { signal });
      }
    },
  };
}
