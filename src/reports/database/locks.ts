import { boolean, count, nullable, seconds, text } from '../columns.js';
import { defineReadReport } from '../report.js';
import { activityText, STATEMENT_LENGTH } from './statement-text.js';

export const locks = defineReadReport({
  name: 'locks',
  group: 'database',
  title: { en: 'Who waits for whom', ko: '잠금 대기' },
  question: {
    en: 'Which sessions wait for a lock, and who is in the way?',
    ko: '어떤 세션이 잠금을 기다리고, 누가 막고 있나요?',
  },
  definition: [
    'One row for each session of this database that waits for a lock of any kind, and for each that is in its way.',
    'heads: the beginning of the chain, who waits for nobody; a row without blockers is such a head. In a deadlock everybody waits: no head is there, and the server ends one of them after deadlock_timeout.',
    'behind: sessions that wait for this one, at first or second hand. blockers: those that hold the lock, and those that queue before it.',
    'pid 0 stands for a prepared transaction, which no session holds.',
    'in transaction: since it began; an idle session holds its locks for as long.',
    `statement: the last one of the session, with ? in place of literals, without comments, cut to ${STATEMENT_LENGTH} characters: it may hold what people wrote.`,
  ],
  parameters: {},
  columns: {
    pid: count('pid', 'PID'),
    blockers: nullable(text('blockers', '막는 PID')),
    heads: nullable(text('heads', '최초 원인 PID')),
    behind: count('behind', '뒤에서 대기'),
    isDeadlock: boolean('deadlock', '교착 상태'),
    mode: nullable(text('lock', '잠금')),
    target: nullable(text('on', '대상')),
    waitingSeconds: nullable(seconds('waiting', '대기 시간')),
    transactionSeconds: nullable(seconds('in transaction', '트랜잭션 시간')),
    role: nullable(text('role', '역할')),
    application: nullable(text('application', '애플리케이션')),
    state: nullable(text('state', '상태')),
    statement: nullable(text('statement', '문')),
  },
  needs: { monitor: true },
  read: async ({ client }) => {
    const { rows } = await client.query<LockRow>(waitsQuery);
    return rows.map((row) => ({ ...row, statement: activityText(row.statement) }));
  },
});

interface LockRow {
  readonly pid: number;
  readonly blockers: string | null;
  readonly heads: string | null;
  readonly behind: number;
  readonly isDeadlock: boolean;
  readonly mode: string | null;
  readonly target: string | null;
  readonly waitingSeconds: number | null;
  readonly transactionSeconds: number | null;
  readonly role: string | null;
  readonly application: string | null;
  readonly state: string | null;
  readonly statement: string | null;
}

// pg_locks shows every lock to every role, pg_blocking_pids() knows every kind of them. Names are read from the catalog:
// a session that waits for a table must not make the report wait for it. «union» keeps each pair once, so that a queue
// of a hundred is walked in ten thousand steps, and a ring ends.
const waitsQuery = `
  with recursive waits as materialized (
    select l.pid, l.mode, l.waitstart, array(select distinct unnest(pg_blocking_pids(l.pid)) order by 1) as blockers,
      case l.locktype
        when 'relation' then 'relation ' || coalesce(l.relation::regclass::text, '?')
        when 'tuple' then 'a row of ' || coalesce(l.relation::regclass::text, '?')
        when 'extend' then 'room in ' || coalesce(l.relation::regclass::text, '?')
        when 'page' then 'a page of ' || coalesce(l.relation::regclass::text, '?')
        when 'transactionid' then 'a row that another transaction changed'
        when 'virtualxid' then 'a transaction to end'
        when 'advisory' then format('advisory lock %s, %s', l.classid, l.objid)
        else l.locktype
      end as target
    from pg_locks as l
    where not l.granted
      and l.pid in (select a.pid from pg_stat_activity as a where a.datname = current_database())
  ), reach (pid, ancestor) as (
    select pid, unnest(blockers) from waits
    union
    select r.pid, unnest(w.blockers) from reach as r join waits as w on w.pid = r.ancestor
  ), heads as (
    select r.pid, array_agg(r.ancestor order by r.ancestor) as pids
    from reach as r
    where not exists (select from waits as w where w.pid = r.ancestor)
    group by r.pid
  ), sessions as (
    select pid from waits
    union
    select ancestor from reach
  ), behind as (
    select ancestor as pid, count(*) as sessions from reach where pid <> ancestor group by ancestor
  )
  select s.pid, array_to_string(w.blockers, ', ') as blockers, array_to_string(h.pids, ', ') as heads,
    coalesce(b.sessions, 0)::float8 as behind,
    exists (select from reach as r where r.pid = s.pid and r.ancestor = s.pid) as "isDeadlock", w.mode, w.target,
    extract(epoch from clock_timestamp() - w.waitstart)::float8 as "waitingSeconds",
    extract(epoch from clock_timestamp() - a.xact_start)::float8 as "transactionSeconds",
    a.usename::text as role, nullif(a.application_name, '') as application,
    case when s.pid = 0 then 'prepared' else a.state end as state, a.query as statement
  from sessions as s
  left join waits as w on w.pid = s.pid
  left join heads as h on h.pid = s.pid
  left join behind as b on b.pid = s.pid
  left join pg_stat_activity as a on a.pid = s.pid and s.pid <> 0
  -- Each chain together, its head first, then who has waited longest.
  order by coalesce(h.pids[1], s.pid), w.pid is not null, w.waitstart nulls last, s.pid`;
