import { boolean, count, nullable, ratio, seconds, text } from '../columns.js';
import { windowParameters, wholeNumber } from '../parameters.js';
import { defineReport } from '../report.js';
import { asOf } from './as-of.js';

export const onboardingFunnel = defineReport({
  name: 'onboarding-funnel',
  group: 'product',
  title: { en: 'Onboarding funnel', ko: '온보딩 퍼널' },
  question: {
    en: 'How far do new users come in the onboarding, where do they stop, and how long does each step take?',
    ko: '신규 가입자는 온보딩을 어디까지 진행하고, 어느 단계에서 멈추며, 단계마다 얼마나 걸리나요?',
  },
  definition: [
    'Users who signed up in the window, by the local day of users.created_at. Erased users are not among them.',
    'reached = done + skipped: users who did this step or any later one. Of completed: those whose progress is completed (is_completed).',
    'skipped: no data of this step, but of a later one, or completed without it. A gap is no drop-off: whoever went on has not stopped there.',
    'still open: this is the furthest the user came, and the last sign of them (sign-up or step data) is less than `openDays` days old. abandoned: the same, but older. So reached = reached of the next row + still open + abandoned, in each row but the last.',
    'Someone who comes back after that time is no longer abandoned: numbers of old windows can rise a little.',
    'of the start: reached / signed up. Of the step before: reached / reached of the row above.',
    'median and p90: from the step before (for step 1 from the sign-up; for completed from step 6) to this one, of users who have both; a user who skipped the step before or did it later is left out.',
    'complete: nobody is still open at an earlier step, so that nobody is on the way here.',
  ],
  parameters: {
    ...windowParameters(28),
    openDays: wholeNumber(
      { en: 'days until abandoned', ko: '이탈로 보는 기간(일)' },
      { least: 1, most: 365, standard: 7 },
    ),
    asOf,
  },
  columns: {
    step: text('step', '단계'),
    reached: count('reached', '도달'),
    ofStart: nullable(ratio('of the start', '가입 대비')),
    ofStepBefore: nullable(ratio('of the step before', '이전 단계 대비')),
    skipped: count('skipped', '건너뜀'),
    open: count('still open', '진행 중'),
    abandoned: count('abandoned', '이탈'),
    medianSeconds: nullable(seconds('median time', '소요 시간 중앙값')),
    p90Seconds: nullable(seconds('p90 time', '소요 시간 90%')),
    complete: boolean('complete', '집계 완료'),
  },
  plots: [
    {
      type: 'funnel',
      title: { en: 'Users who reached each step', ko: '단계별 도달 인원' },
      step: 'step',
      value: 'reached',
    },
  ],
  values: ['from', 'to', 'timeZone', 'openDays', 'asOf'],
  // Step 0 is the sign-up, 7 the completion.
  sql: `
    with signed_up as (
      select u.id, u.created_at, coalesce(p.is_completed, false) as is_completed, p.completed_at
      from users as u
      left join onboarding_progress as p on p.user_id = u.id
      where u.created_at >= $1::date::timestamp at time zone $3
        and u.created_at < $2::date::timestamp at time zone $3
    ), done as (
      select id as user_id, 0 as step, created_at as at from signed_up
      union all
      select d.user_id, d.step_num, d.created_at
      from signed_up as u
      join onboarding_step_data as d on d.user_id = u.id
      union all
      select id, 7, completed_at from signed_up where is_completed
    ), timed as (
      select *, case when lag(step) over by_step = step - 1 then extract(epoch from at - lag(at) over by_step) end as took
      from done
      window by_step as (partition by user_id order by step)
    ), furthest as (
      select user_id, max(step) as step,
        max(at) > $5::timestamptz - make_interval(hours => 24 * $4::int) as is_open
      from done
      group by user_id
    ), stopped as (
      select step,
        count(*) as here,
        count(*) filter (where is_open and step < 7) as open,
        count(*) filter (where not is_open and step < 7) as abandoned
      from furthest
      group by step
    ), measured as (
      select step, count(*) as done,
        percentile_cont(0.5) within group (order by took) filter (where took >= 0) as median,
        percentile_cont(0.9) within group (order by took) filter (where took >= 0) as p90
      from timed
      group by step
    ), steps as (
      select step,
        coalesce(sum(stopped.here) over (order by step desc), 0)::float8 as reached,
        coalesce(measured.done, 0)::float8 as done,
        coalesce(stopped.open, 0)::float8 as open,
        coalesce(stopped.abandoned, 0)::float8 as abandoned,
        measured.median,
        measured.p90,
        coalesce(sum(stopped.open) over (order by step rows between unbounded preceding and 1 preceding), 0) = 0
          as complete
      from generate_series(0, 7) as step
      left join stopped using (step)
      left join measured using (step)
    )
    select case step when 0 then 'signed up' when 7 then 'completed' else 'step ' || step end as step,
      reached,
      reached / nullif(first_value(reached) over (order by steps.step), 0) as "ofStart",
      reached / nullif(lag(reached) over (order by steps.step), 0) as "ofStepBefore",
      reached - done as skipped,
      open,
      abandoned,
      median::float8 as "medianSeconds",
      p90::float8 as "p90Seconds",
      complete
    from steps
    order by steps.step`,
});
