import { boolean, count, nullable, seconds, text } from '../columns.js';
import { wholeNumber } from '../parameters.js';
import { defineReadReport } from '../report.js';
import { activityText, STATEMENT_LENGTH } from './statement-text.js';

export const longTransactions = defineReadReport({
  name: 'long-transactions',
  group: 'database',
  title: { en: 'Long transactions', ko: '오래 열린 트랜잭션' },
  question: {
    en: 'What has been open for long, and keeps vacuum from taking dead rows away?',
    ko: '오래 열려 있어 VACUUM이 죽은 행을 정리하지 못하게 막는 것은 무엇인가요?',
  },
  definition: [
    'Transactions of this database that have been open for at least `seconds`, idle ones too; prepared transactions of the same age; and, whatever their age, replication slots and replicas that keep dead rows.',
    'held transactions: how many transactions began since the oldest one that this one may still see; what was deleted since cannot be taken away. Empty where nothing is held.',
    'oldest: the one that holds most; ending it moves vacuum on to the next.',
    'idle: time since the last statement of a transaction that runs none.',
    `statement: the last one of the session, with ? in place of literals, without comments, cut to ${STATEMENT_LENGTH} characters: it may hold what people wrote.`,
  ],
  parameters: {
    seconds: wholeNumber({ en: 'open for seconds', ko: '경과 시간(초)' }, { most: 31_536_000, standard: 60 }),
  },
  columns: {
    kind: text('kind', '종류'),
    name: text('name', '이름'),
    role: nullable(text('role', '역할')),
    application: nullable(text('application', '애플리케이션')),
    state: nullable(text('state', '상태')),
    openSeconds: nullable(seconds('open', '경과 시간')),
    idleSeconds: nullable(seconds('idle', '유휴 시간')),
    heldTransactions: nullable(count('held transactions', '붙잡은 트랜잭션 수')),
    isOldest: boolean('oldest', '가장 오래됨'),
    statement: nullable(text('statement', '문')),
  },
  needs: { monitor: true },
  read: async ({ client }, { seconds: openSeconds }) => {
    const { rows } = await client.query<TransactionRow>(transactionsQuery, [openSeconds]);
    return rows.map((row) => ({ ...row, statement: activityText(row.statement) }));
  },
});

interface TransactionRow {
  readonly kind: string;
  readonly name: string;
  readonly role: string | null;
  readonly application: string | null;
  readonly state: string | null;
  readonly openSeconds: number | null;
  readonly idleSeconds: number | null;
  readonly heldTransactions: number | null;
  readonly isOldest: boolean;
  readonly statement: string | null;
}

// A snapshot in another database keeps nothing alive in this one; slots and replicas keep dead rows in all of them.
// $1: seconds.
const transactionsQuery = `
  with open as (
    select 'transaction' as kind, 'pid ' || pid as name, usename::text as role,
      nullif(application_name, '') as application, state,
      extract(epoch from clock_timestamp() - xact_start)::float8 as open_seconds,
      case when state like 'idle in transaction%'
           then extract(epoch from clock_timestamp() - state_change)::float8 end as idle_seconds,
      -- Its own number, once it has written, and the oldest that its snapshot sees.
      nullif(greatest(coalesce(age(backend_xmin), -1), coalesce(age(backend_xid), -1)), -1) as held, query as statement
    from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'
      and xact_start <= clock_timestamp() - make_interval(secs => $1::float8)
    union all
    select 'prepared transaction', gid, owner::text, null, 'prepared',
      extract(epoch from clock_timestamp() - prepared)::float8, null, age(transaction), null
    from pg_prepared_xacts
    where database = current_database() and prepared <= clock_timestamp() - make_interval(secs => $1::float8)
    union all
    select 'replication slot', slot_name::text, null, null, case when active then 'in use' else 'used by nobody' end,
      null, null, greatest(coalesce(age(xmin), 0), coalesce(age(catalog_xmin), 0)), null
    from pg_replication_slots
    where xmin is not null or catalog_xmin is not null
    union all
    -- By hot_standby_feedback, where no slot keeps it.
    select 'replica', coalesce(nullif(application_name, ''), client_addr::text, 'pid ' || pid), usename::text,
      null, state, null, null, age(backend_xmin), null
    from pg_stat_replication
    where backend_xmin is not null
  )
  select kind, name, role, application, state, open_seconds as "openSeconds", idle_seconds as "idleSeconds",
    held::float8 as "heldTransactions", coalesce(held = max(held) over (), false) as "isOldest", statement
  from open
  order by held desc nulls last, open_seconds desc nulls last, name collate "C"`;
