import { count, decimal, nullable, ratio, text } from '../columns.js';
import { windowParameters, wholeNumber } from '../parameters.js';
import { defineReport } from '../report.js';

export const ratings = defineReport({
  name: 'ratings',
  group: 'product',
  title: { en: 'Session ratings', ko: '세션 평점' },
  question: {
    en: 'How do people rate their sessions, and how many of them say so at all?',
    ko: '참가자들은 세션을 어떻게 평가하고, 얼마나 많은 참가자가 평점을 남기나요?',
  },
  definition: [
    'Completed sessions (COMPLETED) that were planned to begin in the window. ALL is all of them, whatever their type.',
    'participants: one for each session that somebody came to (joined_at) or rated. Erased users are not among them.',
    'response rate: ratings / participants. When a rating is given is not recorded: for the newest sessions more may still come.',
    'shrunk mean: (sum of ratings + weight × mean of ALL) / (ratings + weight). A few ratings stay close to the mean of all; many speak for themselves. Without ratings it is the mean of ALL.',
    'Those who are unhappy may leave without a rating: a mean with a low response rate says little.',
  ],
  parameters: {
    ...windowParameters(28),
    weight: wholeNumber(
      { en: 'weight of the mean of all, in ratings', ko: '전체 평균의 가중치(평점 수)' },
      { most: 1_000, standard: 10 },
    ),
  },
  columns: {
    sessionType: text('session type', '세션 유형'),
    participants: count('participants', '참가'),
    ratings: count('ratings', '평점 수'),
    responseRate: nullable(ratio('response rate', '응답률')),
    mean: nullable(decimal('mean', '평균')),
    shrunkMean: nullable(decimal('shrunk mean', '보정 평균')),
    one: count('1 star', '1점'),
    two: count('2 stars', '2점'),
    three: count('3 stars', '3점'),
    four: count('4 stars', '4점'),
    five: count('5 stars', '5점'),
  },
  plots: [
    {
      type: 'bar',
      title: { en: 'Mean rating', ko: '평균 평점' },
      x: 'sessionType',
      y: ['mean', 'shrunkMean'],
    },
    {
      type: 'bar',
      title: { en: 'Ratings given', ko: '평점 분포' },
      x: 'sessionType',
      y: ['one', 'two', 'three', 'four', 'five'],
      stacked: true,
    },
  ],
  values: ['from', 'to', 'timeZone', 'weight'],
  sql: `
    with given as (
      select s.session_type, p.rating_given as rating
      from learning_sessions as s
      join session_participants as p on p.session_id = s.id
      where s.scheduled_start_time >= $1::date::timestamp at time zone $3
        and s.scheduled_start_time < $2::date::timestamp at time zone $3
        and s.status = 'COMPLETED'
        and (p.joined_at is not null or p.rating_given is not null)
    ), counted as (
      select coalesce(session_type, 'ALL') as session_type,
        count(*) as participants,
        count(rating) as ratings,
        coalesce(sum(rating), 0) as stars,
        count(*) filter (where rating = 1) as one,
        count(*) filter (where rating = 2) as two,
        count(*) filter (where rating = 3) as three,
        count(*) filter (where rating = 4) as four,
        count(*) filter (where rating = 5) as five
      from given
      group by grouping sets ((), (session_type))
    ), overall as (
      select stars::float8 / nullif(ratings, 0) as mean from counted where session_type = 'ALL'
    )
    select kind.session_type as "sessionType",
      coalesce(participants, 0)::float8 as participants,
      coalesce(ratings, 0)::float8 as ratings,
      ratings::float8 / nullif(participants, 0) as "responseRate",
      stars::float8 / nullif(ratings, 0) as mean,
      (coalesce(stars, 0) + $4::float8 * overall.mean) / nullif(coalesce(ratings, 0) + $4::float8, 0) as "shrunkMean",
      coalesce(one, 0)::float8 as one,
      coalesce(two, 0)::float8 as two,
      coalesce(three, 0)::float8 as three,
      coalesce(four, 0)::float8 as four,
      coalesce(five, 0)::float8 as five
    from (values (1, 'ALL'), (2, 'VIDEO_1V1'), (3, 'AUDIO_1V1'), (4, 'GROUP_VIDEO')) as kind (place, session_type)
    cross join overall
    left join counted using (session_type)
    order by kind.place`,
});
