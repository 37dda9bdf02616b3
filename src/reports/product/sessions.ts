import { boolean, count, day, decimal, nullable, ratio } from '../columns.js';
import { oneOf, windowParameters } from '../parameters.js';
import { defineReport } from '../report.js';
import { asOf } from './as-of.js';

export const sessions = defineReport({
  name: 'sessions',
  group: 'product',
  title: { en: 'Learning sessions', ko: '학습 세션' },
  question: {
    en: 'Do the sessions that people plan take place, on time and for as long as planned?',
    ko: '예약한 세션이 제시간에, 예정된 시간만큼 진행되나요?',
  },
  definition: [
    'A session belongs to the local day, or to the week from Monday, in which it was planned to begin. Days without a session have a row of zeros.',
    'planned = completed + cancelled + no-show (host) + no-show (guests) + never closed + open: each session is in exactly one of them.',
    'completed: of status COMPLETED, unless it was a no-show.',
    'no-show: a session that is over and was not cancelled, where exactly one of those invited came (joined_at) and somebody else did not. It is the guests’ when the host came, else the host’s. A group that met without one of its members is completed.',
    'never closed: SCHEDULED or IN_PROGRESS although the planned end is an hour or more ago, and no no-show. Nobody can say whether it took place: it is in no rate.',
    'open: SCHEDULED or IN_PROGRESS, and not an hour past its planned end.',
    'cancelled late: of the cancelled ones, those whose row last changed 24 hours or less before the planned start, or later. When a session was cancelled is not recorded: a later change of the row makes it late. Sessions whose host is erased are not counted as late, as the erasure changed the row.',
    'completion: completed / (completed + no-shows + cancelled late). Sessions cancelled in time, never closed and open ones are left out.',
    'on time: of the completed sessions that have an actual start, those that began 5 minutes after the planned start or earlier.',
    'planned and actual minutes: of the completed sessions that have an actual start and end.',
    'A session that was moved counts where it was moved to; what it was before is not recorded. Erased users are not among those invited.',
    'complete: the whole day or week is within the window, is over, and none of its sessions is open.',
  ],
  parameters: {
    ...windowParameters(28),
    by: oneOf({ en: 'by', ko: '단위' }, ['day', 'week'], 'day'),
    asOf,
  },
  columns: {
    period: day('from', '시작일'),
    planned: count('planned', '예약'),
    completed: count('completed', '완료'),
    cancelled: count('cancelled', '취소'),
    cancelledLate: count('cancelled late', '직전 취소'),
    noShowHost: count('no-show (host)', '호스트 노쇼'),
    noShowGuest: count('no-show (guests)', '참가자 노쇼'),
    neverClosed: count('never closed', '미종료'),
    open: count('open', '진행 전·중'),
    completion: nullable(ratio('completion', '완료율')),
    onTime: nullable(ratio('on time', '정시 시작률')),
    plannedMinutes: decimal('planned minutes', '예정 시간(분)'),
    actualMinutes: decimal('actual minutes', '실제 시간(분)'),
    complete: boolean('complete', '집계 완료'),
  },
  plots: [
    {
      type: 'line',
      title: { en: 'Sessions planned and completed', ko: '예약·완료된 세션' },
      x: 'period',
      y: ['planned', 'completed'],
    },
    {
      type: 'line',
      title: { en: 'Completion and punctuality', ko: '완료율과 정시 시작률' },
      x: 'period',
      y: ['completion', 'onTime'],
    },
  ],
  values: ['from', 'to', 'timeZone', 'by', 'asOf'],
  sql: `
    with periods as (
      select period::date as period, (period + ('1 ' || $4::text)::interval)::date as next
      from generate_series(
        date_trunc($4::text, $1::date::timestamp), $2::date - interval '1 day', ('1 ' || $4::text)::interval
      ) as period
    ), planned as (
      select id, status, scheduled_start_time, scheduled_end_time, actual_start_time, actual_end_time,
        created_by_user_id, updated_at,
        date_trunc($4::text, scheduled_start_time at time zone $3)::date as period
      from learning_sessions
      where scheduled_start_time >= $1::date::timestamp at time zone $3
        and scheduled_start_time < $2::date::timestamp at time zone $3
    ), attendance as (
      select p.session_id,
        count(p.joined_at) as came,
        count(*) - count(p.joined_at) as missed,
        bool_or(p.role = 'HOST' and p.joined_at is not null) as host_came
      from planned
      join session_participants as p on p.session_id = planned.id
      group by p.session_id
    ), ended as (
      select planned.*,
        case
          when status = 'CANCELLED' then 'cancelled'
          when status <> 'COMPLETED' and scheduled_end_time + interval '1 hour' > $5::timestamptz then 'open'
          when came = 1 and missed > 0 then case when host_came then 'no-show guest' else 'no-show host' end
          when status = 'COMPLETED' then 'completed'
          else 'never closed'
        end as outcome,
        updated_at >= scheduled_start_time - interval '24 hours' and created_by_user_id is not null as changed_late,
        -- Nothing keeps an end from being written before its start.
        case when actual_end_time >= actual_start_time
          then extract(epoch from actual_end_time - actual_start_time) / 60 end as actual_minutes,
        extract(epoch from scheduled_end_time - scheduled_start_time) / 60 as planned_minutes
      from planned
      left join attendance on attendance.session_id = planned.id
    ), counted as (
      select period,
        count(*) as planned,
        count(*) filter (where outcome = 'completed') as completed,
        count(*) filter (where outcome = 'cancelled') as cancelled,
        count(*) filter (where outcome = 'cancelled' and changed_late) as cancelled_late,
        count(*) filter (where outcome = 'no-show host') as no_show_host,
        count(*) filter (where outcome = 'no-show guest') as no_show_guest,
        count(*) filter (where outcome = 'never closed') as never_closed,
        count(*) filter (where outcome = 'open') as open,
        count(actual_start_time) filter (where outcome = 'completed') as started,
        count(*) filter (
          where outcome = 'completed' and actual_start_time <= scheduled_start_time + interval '5 minutes'
        ) as started_on_time,
        sum(planned_minutes) filter (where outcome = 'completed' and actual_minutes is not null) as planned_minutes,
        sum(actual_minutes) filter (where outcome = 'completed') as actual_minutes
      from ended
      group by period
    )
    select period,
      coalesce(planned, 0)::float8 as planned,
      coalesce(completed, 0)::float8 as completed,
      coalesce(cancelled, 0)::float8 as cancelled,
      coalesce(cancelled_late, 0)::float8 as "cancelledLate",
      coalesce(no_show_host, 0)::float8 as "noShowHost",
      coalesce(no_show_guest, 0)::float8 as "noShowGuest",
      coalesce(never_closed, 0)::float8 as "neverClosed",
      coalesce(open, 0)::float8 as open,
      completed::float8 / nullif(completed + no_show_host + no_show_guest + cancelled_late, 0) as completion,
      started_on_time::float8 / nullif(started, 0) as "onTime",
      coalesce(planned_minutes, 0)::float8 as "plannedMinutes",
      coalesce(actual_minutes, 0)::float8 as "actualMinutes",
      period >= $1::date and next <= $2::date and next::timestamp at time zone $3 <= $5::timestamptz
        and coalesce(open, 0) = 0 as complete
    from periods
    left join counted using (period)
    order by period`,
});
