import { count, day, nullable, ratio } from '../columns.js';
import { dayIn, PLATFORM_TIME_ZONE, windowParameters } from '../parameters.js';
import { defineReport } from '../report.js';

export const activeUsers = defineReport({
  name: 'active-users',
  group: 'product',
  title: { en: 'Active users', ko: '활성 사용자' },
  question: {
    en: 'How many people use the platform each day, week and month, and how often do they come back?',
    ko: '하루, 한 주, 한 달에 몇 명이 이용하고 얼마나 자주 다시 찾나요?',
  },
  definition: [
    'Active on a day: at least one entry in the activity log that is not LOGIN or LOGOUT; whoever only comes and goes is not active.',
    'A day begins and ends at midnight in the time zone of the report, whatever that of the user.',
    'daily: users who were active on that day, each counted once.',
    'weekly: users who were active on that day or one of the 6 before; monthly: on that day or one of the 27 before. Both roll: they are told for every day, and reach back before the window.',
    'stickiness: daily / monthly; empty when nobody was active in those 28 days.',
    'Every day of the window has a row, also one on which nobody was active. A day that is not over counts what there is until now.',
    'Users who were erased are not counted, on no day.',
    'Days in Asia/Seoul are kept when old months of the log leave the database; in any other time zone the log is counted, so that what has left it is missing.',
  ],
  parameters: windowParameters(28),
  columns: {
    day: day('day', '날짜'),
    daily: count('daily', '일간(DAU)'),
    weekly: count('weekly', '주간(WAU)'),
    monthly: count('monthly', '월간(MAU)'),
    stickiness: nullable(ratio('stickiness', '고착도(DAU/MAU)')),
  },
  plots: [
    {
      type: 'line',
      title: { en: 'Active users', ko: '활성 사용자' },
      x: 'day',
      y: ['daily', 'weekly', 'monthly'],
    },
    { type: 'line', title: { en: 'Stickiness', ko: '고착도' }, x: 'day', y: ['stickiness'] },
  ],
  warnings(_rows, { to, timeZone }, { now }) {
    return [
      ...(to > dayIn(timeZone, now) ? ['The last days of the window are not over; they will grow.'] : []),
      ...(timeZone === PLATFORM_TIME_ZONE
        ? []
        : [
            `Days in ${timeZone} are counted from the log: months that have left the database are missing, also from weekly and monthly of the days after them.`,
          ]),
    ];
  },
  values: ['from', 'to', 'timeZone'],
  // One sweep instead of a join of days with the 28 days before each: a user counts for the month from an active day
  // on, until the next one takes over or 28 days are over.
  sql: `
    with stays as (
      select day, least(gap, 28) as gap, count(*) as users
      from (
        select day, lead(day) over (partition by user_id order by day) - day as gap
        from studymate.list_user_active_days($1::date - 27, $2::date, $3)
      ) as active
      group by 1, 2
    ), changes as (
      select day, users as daily, users as weekly, users as monthly from stays
      union all
      select day + least(gap, 7), 0, -users, 0 from stays
      union all
      select day + gap, 0, 0, -users from stays
      union all
      select day::date, 0, 0, 0 from generate_series($1::date, $2::date - 1, interval '1 day') as day
    ), counted as (
      select day, sum(daily) as daily, sum(sum(weekly)) over (order by day) as weekly,
        sum(sum(monthly)) over (order by day) as monthly
      from changes
      group by day
    )
    select day, daily::float8 as daily, weekly::float8 as weekly, monthly::float8 as monthly,
      daily::float8 / nullif(monthly::float8, 0) as stickiness
    from counted
    where day >= $1::date and day < $2::date
    order by day`,
});
