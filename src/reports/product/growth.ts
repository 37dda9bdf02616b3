import { boolean, bytes, count, day } from '../columns.js';
import { addDays, windowParameters } from '../parameters.js';
import { defineReport } from '../report.js';
import { asOf } from './as-of.js';

const { timeZone, to, from } = windowParameters(365);

const firstOfMonth = (day: string): string => `${day.slice(0, 7)}-01`;

export const growth = defineReport({
  name: 'growth',
  group: 'product',
  title: { en: 'Growth by month', ko: '월별 성장' },
  question: {
    en: 'What is added each month, and how much room does it take?',
    ko: '매달 무엇이 얼마나 늘고, 저장 공간은 얼마나 쓰나요?',
  },
  definition: [
    'Rows that are there now, by local month; of a month that the window cuts, the days within.',
    'users, rooms, partnerships, requests: by when they were made. Those erased or deleted since are not counted, so that a month may shrink.',
    'sessions: by when they were planned to begin, whatever became of them.',
    'messages, log entries: live and archived, in the default partition too, by when they were made. Months that were moved out of the database count 0.',
    'bytes of messages and of the log: disk space of the partitions that begin in this month in UTC, with indexes and TOAST, live and archived, whether or not the window cuts the month; rows of the first hours of a month in Asia/Seoul lie in the partition before. Without the default partition.',
    'complete: the whole month lies in the window, and was over at the instant «as of».',
  ],
  parameters: {
    timeZone,
    to: {
      ...to,
      defaultText: 'the first of this month',
      default: (context) => firstOfMonth(to.default(context)),
    } satisfies typeof to,
    from: {
      ...from,
      defaultText: 'the first of the month a year before `to`',
      default: ({ known }) => firstOfMonth(addDays(String(known['to']), -365)),
    } satisfies typeof from,
    asOf,
  },
  columns: {
    month: day('month', '월'),
    users: count('users', '신규 사용자'),
    rooms: count('rooms', '채팅방'),
    partnerships: count('partnerships', '파트너십'),
    requests: count('requests', '매칭 요청'),
    sessions: count('sessions', '세션'),
    messages: count('messages', '메시지'),
    logEntries: count('log entries', '활동 로그'),
    messageBytes: bytes('bytes of messages', '메시지 용량'),
    logBytes: bytes('bytes of the log', '로그 용량'),
    complete: boolean('complete', '집계 완료'),
  },
  plots: [
    { type: 'line', title: { en: 'New users', ko: '신규 사용자' }, x: 'month', y: ['users'] },
    { type: 'line', title: { en: 'Messages', ko: '메시지' }, x: 'month', y: ['messages'] },
    {
      type: 'bar',
      title: { en: 'Bytes', ko: '저장 용량' },
      x: 'month',
      y: ['messageBytes', 'logBytes'],
      stacked: true,
    },
  ],
  values: ['from', 'to', 'timeZone', 'asOf'],
  sql: `
    with months as materialized (
      select month, (month + interval '1 month')::date as next_month, row_number() over (order by month) as number
      from generate_series(date_trunc('month', $1::date::timestamp), $2::date - 1, interval '1 month') as m (at)
      cross join lateral (select at::date as month) as days
    ), made as (
      -- Numbers instead of names, as millions of rows are grouped by them: users, rooms, partnerships, requests,
      -- sessions, messages, log.
      select 1 as what, created_at as at
      from users
      where created_at >= $1::date::timestamp at time zone $3
        and created_at < $2::date::timestamp at time zone $3
      union all
      select 2, created_at
      from chat_rooms
      where created_at >= $1::date::timestamp at time zone $3
        and created_at < $2::date::timestamp at time zone $3
      union all
      select 3, created_at
      from user_partnerships
      where created_at >= $1::date::timestamp at time zone $3
        and created_at < $2::date::timestamp at time zone $3
      union all
      select 4, created_at
      from matching_requests
      where created_at >= $1::date::timestamp at time zone $3
        and created_at < $2::date::timestamp at time zone $3
      union all
      select 5, scheduled_start_time
      from learning_sessions
      where scheduled_start_time >= $1::date::timestamp at time zone $3
        and scheduled_start_time < $2::date::timestamp at time zone $3
      union all
      select 6, created_at
      from chat_messages
      where created_at >= $1::date::timestamp at time zone $3
        and created_at < $2::date::timestamp at time zone $3
      union all
      select 6, created_at
      from chat_messages_archive
      where created_at >= $1::date::timestamp at time zone $3
        and created_at < $2::date::timestamp at time zone $3
      union all
      select 7, created_at
      from user_activity_logs
      where created_at >= $1::date::timestamp at time zone $3
        and created_at < $2::date::timestamp at time zone $3
      union all
      select 7, created_at
      from user_activity_logs_archive
      where created_at >= $1::date::timestamp at time zone $3
        and created_at < $2::date::timestamp at time zone $3
    ), counted as (
      select what, count(*) as rows,
        -- Found among the instants at which the months begin: about half the time of converting each row to the time
        -- zone. Not taken from "months", as a CTE cannot be read by parallel workers.
        width_bucket(at, array(
          select month at time zone $3
          from generate_series(date_trunc('month', $1::date::timestamp), $2::date - 1, interval '1 month') as m (month)
          order by month
        )) as number
      from made
      group by what, number
    ), by_month as (
      select number,
        sum(rows) filter (where what = 1) as users,
        sum(rows) filter (where what = 2) as rooms,
        sum(rows) filter (where what = 3) as partnerships,
        sum(rows) filter (where what = 4) as requests,
        sum(rows) filter (where what = 5) as sessions,
        sum(rows) filter (where what = 6) as messages,
        sum(rows) filter (where what = 7) as log_entries
      from counted
      group by number
    ), partitions as (
      -- By the bounds in the catalog. time_partitions() would read them, but is not marked parallel safe: with it
      -- nothing of the statement would run in parallel.
      select date_trunc('month', bound[1]::timestamptz at time zone 'UTC')::date as month, root.what, i.inhrelid as leaf
      from (values
        (6, 'public.chat_messages'::regclass),
        (6, 'public.chat_messages_archive'),
        (7, 'public.user_activity_logs'),
        (7, 'public.user_activity_logs_archive')
      ) as root (what, relation)
      join pg_inherits as i on i.inhparent = root.relation
      join pg_class as c on c.oid = i.inhrelid
      cross join lateral regexp_match(pg_get_expr(c.relpartbound, c.oid), $re$FROM \\('(.+)'\\) TO$re$) as bound
    ), sizes as (
      select month,
        sum(pg_total_relation_size(leaf)) filter (where what = 6) as messages,
        sum(pg_total_relation_size(leaf)) filter (where what = 7) as log
      from partitions
      where month in (select month from months)
      group by month
    )
    select months.month,
      coalesce(by_month.users, 0)::float8 as users,
      coalesce(by_month.rooms, 0)::float8 as rooms,
      coalesce(by_month.partnerships, 0)::float8 as partnerships,
      coalesce(by_month.requests, 0)::float8 as requests,
      coalesce(by_month.sessions, 0)::float8 as sessions,
      coalesce(by_month.messages, 0)::float8 as messages,
      coalesce(by_month.log_entries, 0)::float8 as "logEntries",
      coalesce(sizes.messages, 0)::float8 as "messageBytes",
      coalesce(sizes.log, 0)::float8 as "logBytes",
      months.month >= $1::date and months.next_month <= $2::date
        and months.next_month::timestamp at time zone $3 <= $4::timestamptz as complete
    from months
    left join by_month on by_month.number = months.number
    left join sizes on sizes.month = months.month
    order by months.month`,
});
