import { formatDuration } from '../../database/duration.js';
import { sessionsNotVisible, type Check, type CheckContext } from '../check.js';
import type { Finding } from '../finding.js';
import { findLockChains, type LockChain, type Wait } from '../lock-chains.js';

interface WaitRow extends Wait {
  readonly waited_ms: number;
  readonly mode: string;
  readonly target: string;
  readonly who: string;
  readonly hidden: boolean;
}

interface SessionRow {
  readonly pid: number;
  readonly who: string;
  readonly query: string | null;
}

// pg_locks shows every lock to every role, pg_blocking_pids() knows every kind of them. Only waits of this database.
const waitsQuery = `
  select l.pid, array(select distinct unnest(pg_blocking_pids(l.pid))) as blockers, l.mode,
         coalesce(extract(epoch from clock_timestamp() - l.waitstart), 0)::float8 * 1000 as waited_ms,
         case l.locktype
           when 'relation' then 'relation ' || coalesce(l.relation::regclass::text, '?')
           when 'tuple' then 'a row of ' || coalesce(l.relation::regclass::text, '?')
           when 'extend' then 'room in ' || coalesce(l.relation::regclass::text, '?')
           when 'page' then 'a page of ' || coalesce(l.relation::regclass::text, '?')
           when 'transactionid' then 'a row that another transaction changed'
           when 'virtualxid' then 'a transaction to end'
           when 'advisory' then format('advisory lock %s, %s', l.classid, l.objid)
           else l.locktype
         end as target,
         format('pid %s (%s, user %s)', l.pid, coalesce(nullif(a.application_name, ''), 'unnamed'), a.usename) as who,
         a.query = '<insufficient privilege>' as hidden
    from pg_locks l
    join pg_stat_activity a on a.pid = l.pid and a.datname = current_database()
   where not l.granted
   order by l.waitstart nulls last`;

const sessionsQuery = `
  select pid, format('%s, user %s, %s%s', coalesce(nullif(application_name, ''), backend_type, 'unnamed'), usename,
           coalesce(state, 'state not visible'),
           ' for ' || date_trunc('second', clock_timestamp() - coalesce(case when state like 'idle%' then state_change end, xact_start, state_change))::text) as who,
         nullif(left(query, 100), '') as query
    from pg_stat_activity where pid = any ($1)`;

export const locks: Check = {
  name: 'locks',
  title: 'who waits for a lock, of any kind, and who is in the way',
  run: async (context) => {
    const { client, thresholds, measure } = context;
    const { rows: waits } = await client.query<WaitRow>(waitsQuery);
    measure({
      name: 'longest_lock_wait',
      value: Math.round(Math.max(0, ...waits.map(({ waited_ms: waited }) => waited)) / 1000),
      unit: 's',
      warn: thresholds.lockWaitWarnMs / 1000,
      error: thresholds.lockWaitErrorMs / 1000,
    });
    const chains = findLockChains(waits).filter((chain) => longest(chain) >= thresholds.lockWaitWarnMs);
    const { rows } = await client.query<SessionRow>(sessionsQuery, [chains.map(({ root }) => root)]);
    const sessions = new Map(rows.map((session) => [session.pid, session]));
    const findings = chains.map((chain) => asFinding(context, chain, sessions.get(chain.root)));
    const isHidden =
      chains.length > 0 &&
      (waits.some(({ hidden }) => hidden) || rows.some(({ query }) => query === '<insufficient privilege>'));
    return isHidden
      ? [...findings, sessionsNotVisible(context, 'sessions', 'what these sessions run, and since when')]
      : findings;
  },
};

function longest({ waiting }: LockChain<WaitRow>): number {
  return Math.max(...waiting.map(({ waited_ms: waited }) => waited));
}

function asFinding(
  { thresholds }: CheckContext,
  chain: LockChain<WaitRow>,
  session: SessionRow | undefined,
): Finding {
  const { root, deadlock, waiting } = chain;
  const waits = waiting
    .slice(0, 5)
    .map(
      ({ who, mode, target, waited_ms: waited }) =>
        `${who} has waited ${formatDuration(waited)} for ${mode} on ${target}`,
    )
    .join('; ');
  const who =
    root === 0 ? 'a prepared transaction' : `pid ${root}${session === undefined ? '' : ` (${session.who})`}`;
  const query = session?.query;
  return {
    severity: longest(chain) >= thresholds.lockWaitErrorMs ? 'error' : 'warn',
    object: root === 0 ? 'prepared transaction' : `pid ${root}`,
    what: `${deadlock ? 'a deadlock that the server will break: ' : ''}${who} keeps ${waiting.length} ${waiting.length === 1 ? 'session' : 'sessions'} waiting${query === null || query === undefined ? '' : `, its last statement: ${query}`}. ${waits}${waiting.length > 5 ? `; and ${waiting.length - 5} more` : ''}`,
    why: 'Whoever asks for the same lock queues behind them, readers too once somebody waits to change a table.',
    fix:
      root === 0
        ? 'select gid, prepared, owner from pg_prepared_xacts; then commit prepared or rollback prepared'
        : `select pg_terminate_backend(${root}), if it may be ended; only this one, the others go on then`,
  };
}
