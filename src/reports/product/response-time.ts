import { boolean, count, day, decimal, nullable, ratio } from '../columns.js';
import { oneOf, windowParameters } from '../parameters.js';
import { defineReport } from '../report.js';
import { asOf } from './as-of.js';

export const responseTime = defineReport({
  name: 'response-time',
  group: 'product',
  title: { en: 'Answers to matching requests', ko: '매칭 요청 응답' },
  question: {
    en: 'How many matching requests are accepted, and how long do people wait for an answer?',
    ko: '매칭 요청은 얼마나 수락되고, 응답까지 얼마나 기다리나요?',
  },
  definition: [
    'Requests made in the window, by the local day of created_at, in the day, week (from Monday) or month of it, or all together. Each request counts; those of erased users are gone.',
    'requests = accepted + rejected + expired + pending. expired: of status EXPIRED, or PENDING beyond expires_at (not yet marked). pending: PENDING before it.',
    'acceptance: accepted / (accepted + rejected + expired). Pending requests are apart.',
    'p50 and p90: the time from a request to its answer, accepted or rejected, that half and nine in ten have had it by (Kaplan–Meier): an expired request counts as unanswered up to its expiry, a pending one up to the present, and neither is left out, as those who never answer are the slowest.',
    'It is empty where so many never had an answer that half, or nine in ten, were not reached.',
    'An answer without responded_at is in the counts and not in the times.',
    'complete: the whole day, week or month is within the window and over, and none of its requests is pending.',
  ],
  parameters: {
    ...windowParameters(56),
    by: oneOf({ en: 'by', ko: '단위' }, ['day', 'week', 'month', 'all'], 'week'),
    asOf,
  },
  columns: {
    period: day('from', '시작일'),
    requests: count('requests', '요청'),
    accepted: count('accepted', '수락'),
    rejected: count('rejected', '거절'),
    expired: count('expired', '만료'),
    pending: count('pending', '대기 중'),
    acceptance: nullable(ratio('acceptance', '수락률')),
    p50Hours: nullable(decimal('p50 hours', '응답 시간 50%(시간)')),
    p90Hours: nullable(decimal('p90 hours', '응답 시간 90%(시간)')),
    complete: boolean('complete', '집계 완료'),
  },
  plots: [
    {
      type: 'line',
      title: { en: 'Hours to an answer', ko: '응답까지 걸린 시간(시간)' },
      x: 'period',
      y: ['p50Hours', 'p90Hours'],
    },
    {
      type: 'bar',
      title: { en: 'What became of the requests', ko: '요청 결과' },
      x: 'period',
      y: ['accepted', 'rejected', 'expired', 'pending'],
      stacked: true,
    },
  ],
  values: ['from', 'to', 'timeZone', 'by', 'asOf'],
  sql: `
    with periods as (
      select $1::date as period, $2::date as next where $4::text = 'all'
      union all
      select period::date, (period + ('1 ' || $4::text)::interval)::date
      from (select nullif($4::text, 'all') as by) as unit
      cross join lateral generate_series(
        date_trunc(by, $1::date::timestamp), $2::date - interval '1 day', ('1 ' || by)::interval
      ) as period
    ), made as (
      select
        case $4::text
          when 'all' then $1::date
          else date_trunc(nullif($4::text, 'all'), created_at at time zone $3)::date
        end as period,
        case when status = 'PENDING' and expires_at <= $5::timestamptz then 'EXPIRED' else status end as status,
        created_at, responded_at, expires_at
      from matching_requests
      where created_at >= $1::date::timestamp at time zone $3
        and created_at < $2::date::timestamp at time zone $3
    ), waits as (
      select period, status in ('ACCEPTED', 'REJECTED') as is_answered,
        -- Nothing keeps an answer from being written before its request.
        greatest(0, extract(epoch from
          case status when 'EXPIRED' then expires_at when 'PENDING' then $5::timestamptz else responded_at end
          - created_at)) / 3600 as hours
      from made
      where status in ('EXPIRED', 'PENDING') or responded_at is not null
    ), instants as (
      select period, hours,
        count(*) filter (where is_answered) as answered,
        -- Those who still waited just before: a request that ends unanswered at this very time is one of them.
        sum(count(*)) over (partition by period order by hours desc) as waiting
      from waits
      group by period, hours
    ), survival as (
      select period, hours,
        -- ln(0) is an error; when all who waited are answered nobody is left.
        exp(sum(case when answered < waiting then ln(1 - answered::float8 / waiting) else '-Infinity' end)
          over (partition by period order by hours)) as unanswered
      from instants
    ), quantiles as (
      select period,
        -- Products of fractions miss a half by a hair.
        min(hours) filter (where unanswered <= 0.5 + 1e-9) as p50,
        min(hours) filter (where unanswered <= 0.1 + 1e-9) as p90
      from survival
      group by period
    ), counted as (
      select period,
        count(*) as requests,
        count(*) filter (where status = 'ACCEPTED') as accepted,
        count(*) filter (where status = 'REJECTED') as rejected,
        count(*) filter (where status = 'EXPIRED') as expired,
        count(*) filter (where status = 'PENDING') as pending
      from made
      group by period
    )
    select period,
      coalesce(requests, 0)::float8 as requests,
      coalesce(accepted, 0)::float8 as accepted,
      coalesce(rejected, 0)::float8 as rejected,
      coalesce(expired, 0)::float8 as expired,
      coalesce(pending, 0)::float8 as pending,
      accepted::float8 / nullif(accepted + rejected + expired, 0) as acceptance,
      p50::float8 as "p50Hours",
      p90::float8 as "p90Hours",
      period >= $1::date and next <= $2::date and next::timestamp at time zone $3 <= $5::timestamptz
        and coalesce(pending, 0) = 0 as complete
    from periods
    left join counted using (period)
    left join quantiles using (period)
    order by period`,
});
