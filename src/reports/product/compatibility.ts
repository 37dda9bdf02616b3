import { boolean, count, decimal, nullable, ratio, text } from '../columns.js';
import { windowParameters, wholeNumber } from '../parameters.js';
import { defineReport } from '../report.js';
import { asOf } from './as-of.js';

export const compatibility = defineReport({
  name: 'compatibility',
  group: 'product',
  title: { en: 'Compatibility score and what comes of it', ko: '궁합 점수와 실제 결과' },
  question: {
    en: 'Do partners with a high compatibility score meet more often, and like it more?',
    ko: '궁합 점수가 높은 파트너는 더 자주 만나고 더 만족하나요?',
  },
  definition: [
    'Partnerships that began in the window, by the local day of created_at, by their score in tens; 90–100 is the last. «none» has no score. One that ended and went on again began the first time.',
    'followed: those that began `followDays` days ago or earlier. All that comes after is of them, so that each had the same time; the younger ones are in partnerships alone. complete: all are followed.',
    'sessions: of the two, in the first `followDays` days, on average. A session of the two is one of type AUDIO_1V1 or VIDEO_1V1 with both as participants, COMPLETED, and not one to which only one of them came (joined_at); it is of its actual start, else of the planned one. The counter total_sessions is not used.',
    'third session: share of the partnerships with three such sessions or more in that time. lift: third session / third session of all scores; a score that predicts has a lift that rises from bucket to bucket, one that does not stays about 1.',
    'mean rating: of the ratings that the two gave to these sessions.',
    'still active: share that has not ended (is_active), whenever that was; when one ended is not recorded.',
    'Acceptance by score cannot be told: a score is stored with a partnership, that is after the request was accepted. So these are survivors: pairs with a low score who still agreed to be partners had other reasons to, and the rows say nothing about pairs who never became partners. Partnerships of erased users are gone.',
  ],
  parameters: {
    ...windowParameters(182),
    followDays: wholeNumber(
      { en: 'days followed', ko: '관찰 기간(일)' },
      { least: 1, most: 365, standard: 56 },
    ),
    asOf,
  },
  columns: {
    score: text('score', '점수'),
    partnerships: count('partnerships', '파트너십'),
    followed: count('followed', '관찰 대상'),
    sessions: nullable(decimal('sessions', '평균 세션 수')),
    thirdSession: nullable(ratio('third session', '3회 이상 세션')),
    lift: nullable(decimal('lift', '전체 대비 배수')),
    ratings: count('ratings', '평점 수'),
    meanRating: nullable(decimal('mean rating', '평균 평점')),
    stillActive: nullable(ratio('still active', '유지율')),
    complete: boolean('complete', '집계 완료'),
  },
  plots: [
    {
      type: 'bar',
      title: { en: 'Third session and still active, by score', ko: '점수별 3회 이상 세션과 유지율' },
      x: 'score',
      y: ['thirdSession', 'stillActive'],
    },
  ],
  values: ['from', 'to', 'timeZone', 'followDays', 'asOf'],
  sql: `
    with begun as materialized (
      select id, user_id_1, user_id_2, is_active, created_at,
        -- least() skips nulls: no score would be the best.
        case when compatibility_score is null then 10 else least(compatibility_score / 10, 9) end as bucket,
        created_at + make_interval(hours => 24 * $4::int) as until,
        created_at + make_interval(hours => 24 * $4::int) <= $5::timestamptz as is_followed
      from user_partnerships
      where created_at >= $1::date::timestamp at time zone $3
        and created_at < $2::date::timestamp at time zone $3
    ), met as (
      select begun.id,
        count(*) as sessions,
        coalesce(sum(one.rating_given), 0) + coalesce(sum(other.rating_given), 0) as stars,
        count(one.rating_given) + count(other.rating_given) as ratings
      from begun
      join session_participants as one on one.user_id = begun.user_id_1
      join session_participants as other
        on other.session_id = one.session_id and other.user_id = begun.user_id_2
      join learning_sessions as s on s.id = one.session_id
      where begun.is_followed
        and s.status = 'COMPLETED' and s.session_type in ('AUDIO_1V1', 'VIDEO_1V1')
        and (one.joined_at is null) = (other.joined_at is null)
        and coalesce(s.actual_start_time, s.scheduled_start_time) >= begun.created_at
        and coalesce(s.actual_start_time, s.scheduled_start_time) < begun.until
      group by begun.id
    ), counted as (
      select bucket,
        count(*) as partnerships,
        count(*) filter (where is_followed) as followed,
        coalesce(sum(sessions), 0) as sessions,
        count(*) filter (where sessions >= 3) as third,
        coalesce(sum(stars), 0) as stars,
        coalesce(sum(ratings), 0) as ratings,
        count(*) filter (where is_followed and is_active) as active
      from begun
      left join met using (id)
      group by bucket
    ), overall as (
      select sum(third) / nullif(sum(followed), 0) as third_of_all from counted
    )
    select
      case bucket when 9 then '90–100' when 10 then 'none' else bucket * 10 || '–' || bucket * 10 + 9 end as score,
      coalesce(partnerships, 0)::float8 as partnerships,
      coalesce(followed, 0)::float8 as followed,
      sessions::float8 / nullif(followed, 0) as sessions,
      third::float8 / nullif(followed, 0) as "thirdSession",
      (third::float8 / nullif(followed, 0) / nullif(overall.third_of_all, 0))::float8 as lift,
      coalesce(ratings, 0)::float8 as ratings,
      stars::float8 / nullif(ratings, 0)::float8 as "meanRating",
      active::float8 / nullif(followed, 0) as "stillActive",
      coalesce(followed = partnerships, true) as complete
    from generate_series(0, 10) as bucket
    cross join overall
    left join counted using (bucket)
    order by bucket`,
});
