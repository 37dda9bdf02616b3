import { boolean, count, day, nullable, ratio } from '../columns.js';
import { PLATFORM_TIME_ZONE, wholeNumber, windowParameters } from '../parameters.js';
import { defineReport } from '../report.js';
import { asOf } from './as-of.js';

export const retention = defineReport({
  name: 'retention',
  group: 'product',
  title: { en: 'Retention', ko: '리텐션' },
  question: {
    en: 'Of those who sign up in a week, how many are still active in each week after?',
    ko: '같은 주에 가입한 사람 가운데 몇 명이 이후 매주 계속 활동하나요?',
  },
  definition: [
    'A cohort is all who signed up in one week, which begins on Monday at midnight in the time zone of the report. The window is widened to whole weeks: from the Monday on or before its first day, until the Monday on or after its end.',
    'Week n of a user is the n-th span of seven days from the day of their own sign-up: week 0 is that day and the six after it. It is not a calendar week.',
    'Active: at least one entry in the activity log on one of these days that is not LOGIN or LOGOUT; signing up is such an entry.',
    'retention: users active in week n / all who signed up in the cohort, also those who never came back and those who are deactivated. Whether they were active in other weeks does not matter.',
    'The day of `asOf` is not over: what happened on it or later, sign-ups too, does not count.',
    'A cell is complete when week n of the last user of the cohort was over by then; one that is not complete is too low, and may still grow. retention is empty when the cohort has nobody, and when week n has not begun for anybody.',
    'Users who were erased are not counted, neither as sign-ups nor as active.',
    'Days in Asia/Seoul are kept when old months of the log leave the database; in any other time zone the log is counted, so that what has left it is missing.',
  ],
  parameters: {
    ...windowParameters(84),
    asOf,
    weeks: wholeNumber({ en: 'weeks', ko: '주 수' }, { least: 1, most: 104, standard: 8 }),
  },
  columns: {
    cohort: day('signed up in the week of', '가입 주'),
    week: count('week', '주차'),
    users: count('users', '가입자'),
    active: count('active', '활동'),
    retention: nullable(ratio('retention', '리텐션')),
    complete: boolean('complete', '확정'),
  },
  pivot: {
    row: 'cohort',
    column: 'week',
    value: 'retention',
    beside: ['users'],
    complete: 'complete',
  },
  plots: [
    {
      type: 'heatmap',
      title: { en: 'Retention by week of sign-up', ko: '가입 주별 리텐션' },
      x: 'week',
      y: 'cohort',
      value: 'retention',
      complete: 'complete',
    },
  ],
  warnings: (_rows, values) =>
    values.timeZone === PLATFORM_TIME_ZONE
      ? []
      : [
          `Days in ${values.timeZone} are counted from the log: months that have left the database count as without activity.`,
        ],
  values: ['from', 'to', 'timeZone', 'asOf', 'weeks'],
  sql: `
    with bounds as (
      select date_trunc('week', $1::date::timestamp)::date as first_day,
        date_trunc('week', $2::date::timestamp + interval '6 days')::date as end_day,
        ($4::timestamptz at time zone $3)::date as today
    ), cohorts as (
      select generate_series(first_day, end_day - 1, interval '7 days')::date as cohort from bounds
    ), signed_up as (
      select id, (created_at at time zone $3)::date as day,
        date_trunc('week', created_at at time zone $3)::date as cohort
      from users
      where created_at >= (select first_day::timestamp at time zone $3 from bounds)
        and created_at < (select least(end_day, today)::timestamp at time zone $3 from bounds)
    ), sizes as (
      select cohort, count(*) as users, min(day) as first_day, max(day) as last_day from signed_up group by cohort
    ), active_days as (
      select a.user_id, a.day
      from bounds
      -- No week of anybody ends later.
      cross join studymate.list_user_active_days(first_day, least(end_day + 7 * ($5::int + 1), today), $3) as a
    ), active_weeks as (
      select distinct id, cohort, (active_days.day - signed_up.day) / 7 as week
      from signed_up join active_days on user_id = id
      where active_days.day >= signed_up.day and active_days.day < signed_up.day + 7 * ($5::int + 1)
    ), active as (
      select cohort, week, count(*) as active from active_weeks group by cohort, week
    )
    select cohort, week::float8 as week, coalesce(users, 0)::float8 as users, coalesce(active, 0)::float8 as active,
      -- Of a week that has begun for somebody.
      case when sizes.first_day + 7 * week < today then coalesce(active, 0)::float8 / users end as retention,
      coalesce(last_day, cohort + 6) + 7 * (week + 1) <= today as complete
    from cohorts
    cross join generate_series(0, $5::int) as week
    cross join bounds
    left join sizes using (cohort)
    left join active using (cohort, week)
    order by cohort, week`,
});
