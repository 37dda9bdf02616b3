import { count, decimal, nullable, text } from '../columns.js';
import { wholeNumber } from '../parameters.js';
import { defineReport } from '../report.js';
import { asOf } from './as-of.js';

export const liquidity = defineReport({
  name: 'liquidity',
  group: 'product',
  title: { en: 'Liquidity by language pair', ko: '언어쌍별 매칭 수급' },
  question: {
    en: 'Is there somebody for everybody: who speaks what they learn, and learns what they speak?',
    ko: '서로의 언어를 배우려는 상대가 언어쌍마다 충분한가요?',
  },
  definition: [
    'A pair is a language spoken natively (NATIVE) and another one that is learned (LEARNING) by one user. A user with several languages counts in each pair they make; sums over pairs are more than users. Languages of type TEACHING are not looked at.',
    'seekers: users of the pair who are active: the account is in use (users.is_active) and a login of theirs (user_sessions.last_activity_at) was seen in the last `activeDays` days. Whether they look for a partner right now is not recorded.',
    'complementary: the seekers of the opposite pair. ratio: complementary / seekers; 1 is one partner for each, below it people compete.',
    'open requests: PENDING before expires_at, made by users of the pair, active or not.',
    'median wait: the days from a user’s first request to the first acceptance of a request of theirs, that half of the users of the pair have had one by (Kaplan–Meier). Of users whose first request was made in the last `waitDays` days, active or not, as those who gave up waited too; who has no acceptance yet counts as waiting up to the present. waiters: how many they are.',
    'It is empty where fewer than half had an acceptance while they could be watched. Partners found as the one who is asked do not end a wait. An acceptance without responded_at is taken to be of the time of its request.',
    'Pairs that nobody has are not listed. Rows are as they stand now, whatever the present is: languages and logins of the past are not recorded.',
  ],
  parameters: {
    activeDays: wholeNumber(
      { en: 'days seen in', ko: '활동 기준(일)' },
      { least: 1, most: 365, standard: 28 },
    ),
    waitDays: wholeNumber(
      { en: 'days of first requests', ko: '첫 요청 기준(일)' },
      { least: 1, most: 3_660, standard: 84 },
    ),
    asOf,
  },
  columns: {
    pair: text('pair', '언어쌍'),
    native: text('native', '모국어'),
    learning: text('learning', '학습 언어'),
    seekers: count('seekers', '찾는 사람'),
    complementary: count('complementary', '상대가 될 사람'),
    ratio: nullable(decimal('ratio', '수급 비율')),
    openRequests: count('open requests', '대기 중 요청'),
    waiters: count('waiters', '대기 표본'),
    medianWaitDays: nullable(decimal('median wait (days)', '대기 중앙값(일)')),
  },
  plots: [
    {
      type: 'bar',
      title: { en: 'Seekers and their complement', ko: '찾는 사람과 상대가 될 사람' },
      x: 'pair',
      y: ['seekers', 'complementary'],
    },
  ],
  values: ['activeDays', 'waitDays', 'asOf'],
  sql: `
    with pairs as materialized (
      select spoken.user_id, spoken.language_code as native, learned.language_code as learning
      from user_languages as spoken
      join user_languages as learned using (user_id)
      where spoken.language_type = 'NATIVE' and learned.language_type = 'LEARNING'
        and spoken.language_code <> learned.language_code
    ), active as (
      select id as user_id
      from users
      where is_active and id in (
        select user_id from user_sessions
        where last_activity_at >= $3::timestamptz - make_interval(hours => 24 * $1::int)
      )
    ), seekers as (
      select native, learning, count(active.user_id) as seekers
      from pairs
      left join active using (user_id)
      group by native, learning
    ), open_requests as (
      select native, learning, count(*) as requests
      from matching_requests as r
      join pairs on pairs.user_id = r.requester_id
      where r.status = 'PENDING' and r.expires_at > $3::timestamptz
      group by native, learning
    ), first_requests as (
      select requester_id as user_id, min(created_at) as at
      from matching_requests as r
      where created_at >= $3::timestamptz - make_interval(hours => 24 * $2::int)
        and created_at <= $3::timestamptz
        and not exists (
          select from matching_requests as earlier
          where earlier.requester_id = r.requester_id
            and earlier.created_at < $3::timestamptz - make_interval(hours => 24 * $2::int)
        )
      group by requester_id
    ), first_acceptances as (
      select requester_id as user_id, min(coalesce(responded_at, created_at)) as at
      from matching_requests
      where status = 'ACCEPTED' and requester_id in (select user_id from first_requests)
      group by requester_id
    ), waits as (
      select pairs.native, pairs.learning, accepted.at is not null as is_over,
        greatest(0, extract(epoch from coalesce(accepted.at, $3::timestamptz) - asked.at)) / 86400 as days
      from first_requests as asked
      join pairs using (user_id)
      left join first_acceptances as accepted using (user_id)
    ), instants as (
      select native, learning, days,
        count(*) filter (where is_over) as ended,
        sum(count(*)) over (partition by native, learning order by days desc) as waiting
      from waits
      group by native, learning, days
    ), survival as (
      select native, learning, days, waiting,
        -- ln(0) is an error; when all who waited have an acceptance nobody is left.
        exp(sum(case when ended < waiting then ln(1 - ended::float8 / waiting) else '-Infinity' end)
          over (partition by native, learning order by days)) as still_waiting
      from instants
    ), medians as (
      select native, learning, max(waiting) as waiters,
        -- Products of fractions miss a half by a hair.
        min(days) filter (where still_waiting <= 0.5 + 1e-9) as median
      from survival
      group by native, learning
    )
    select native || '→' || learning as pair, native, learning,
      s.seekers::float8 as seekers,
      coalesce(opposite.seekers, 0)::float8 as complementary,
      coalesce(opposite.seekers, 0)::float8 / nullif(s.seekers, 0) as ratio,
      coalesce(o.requests, 0)::float8 as "openRequests",
      coalesce(m.waiters, 0)::float8 as waiters,
      m.median::float8 as "medianWaitDays"
    from seekers as s
    left join (select native as learning, learning as native, seekers from seekers) as opposite
      using (native, learning)
    left join open_requests as o using (native, learning)
    left join medians as m using (native, learning)
    order by s.seekers desc, native, learning`,
});
