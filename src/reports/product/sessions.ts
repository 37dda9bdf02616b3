import { count, nullable, ratio, day, decimal } from '../columns.js';
import { windowParameters } from '../parameters.js';
import { defineReport } from '../report.js';

export const sessions = defineReport({
  name: 'sessions',
  group: 'product',
  title: { en: 'Learning sessions', ko: '학습 세션' },
  question: {
    en: 'Do the sessions that people plan take place, on time and for as long as planned?',
    ko: '예약한 세션이 제시간에, 예정된 시간만큼 진행되나요?',
  },
  definition: [
    'A session belongs to the day on which it was planned to begin.',
    'completed: of status COMPLETED.',
    'completion: completed / all.',
    'planned minutes: of completed sessions.',
  ],
  parameters: windowParameters(28),
  columns: {
    day: day('day', '날짜'),
    planned: count('planned', '예약'),
    completed: count('completed', '완료'),
    completion: nullable(ratio('completion', '완료율')),
    plannedMinutes: decimal('planned minutes', '예정 시간(분)'),
  },
  plots: [
    { type: 'line', title: { en: 'Sessions a day', ko: '일별 세션' }, x: 'day', y: ['planned', 'completed'] },
  ],
  values: ['from', 'to', 'timeZone'],
  sql: `
    with days as (
      select generate_series($1::date, $2::date - 1, interval '1 day')::date as day
    ), held as (
      select (scheduled_start_time at time zone $3)::date as day, status,
        extract(epoch from scheduled_end_time - scheduled_start_time) / 60 as planned_minutes
      from learning_sessions
      where scheduled_start_time >= $1::date::timestamp at time zone $3
        and scheduled_start_time < $2::date::timestamp at time zone $3
    )
    select days.day,
      count(held.status)::float8 as planned,
      count(*) filter (where held.status = 'COMPLETED')::float8 as completed,
      (count(*) filter (where held.status = 'COMPLETED'))::float8 / nullif(count(held.status), 0) as completion,
      coalesce(sum(held.planned_minutes) filter (where held.status = 'COMPLETED'), 0)::float8 as "plannedMinutes"
    from days left join held using (day)
    group by days.day
    order by days.day`,
});
