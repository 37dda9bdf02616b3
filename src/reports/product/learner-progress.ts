import { boolean, count, day, decimal, nullable, ratio, text } from '../columns.js';
import { addDays, oneOf, optionalText, windowParameters } from '../parameters.js';
import { defineReport } from '../report.js';
import { asOf } from './as-of.js';
import { language } from './language.js';

const { timeZone, to, from } = windowParameters(84);

/** Monday of its week, or the first of its month. */
function startOf(period: unknown, day: string): string {
  if (period === 'month') return `${day.slice(0, 7)}-01`;
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
  return addDays(day, -((weekday + 6) % 7));
}

export const learnerProgress = defineReport({
  name: 'learner-progress',
  group: 'product',
  title: { en: 'Progress of the learners', ko: '학습자 활동과 성장' },
  question: {
    en: 'How much do learners practise each language, and what do they gain?',
    ko: '학습자는 언어별로 얼마나 연습하고 무엇을 얻나요?',
  },
  definition: [
    'From the daily summaries of learners (learning_analytics), by week from Monday or by month, and language. A summary has the day that the platform gave it, in Asia/Seoul; the time zone only tells which day is today.',
    'learners: users with a session, a message, a level or a badge in the language in the period, each once. A user who practises two languages counts in both. share: of all learners of the period, whatever their language; so shares may add up to more than 100 %.',
    'sessions, minutes, messages, levels gained, badges: sums of the summaries. The session of two learners counts for each of them; it counts for the main language that they learn.',
    'rating: the mean ratings of the days, weighted by the sessions of the day; days without a rating or without a session do not count. Not every session of a day is rated.',
    'With `language` or `user` only their summaries count, and the share is of these.',
    'complete: the whole period lies in the window, and was over at the instant «as of». The summary of a day is made after midnight.',
    'Periods and languages without any learner have no row. Erased users are not in it.',
  ],
  parameters: {
    timeZone,
    by: oneOf({ en: 'by', ko: '집계 단위' }, ['week', 'month'], 'week'),
    to: {
      ...to,
      defaultText: 'start of this week, or of this month with `by` month',
      default: (context) => startOf(context.known['by'], to.default(context)),
    } satisfies typeof to,
    from: {
      ...from,
      defaultText: 'start of the week 84 days before `to`, or of the month a year before with `by` month',
      default: ({ known }) =>
        startOf(known['by'], addDays(String(known['to']), known['by'] === 'month' ? -365 : -84)),
    } satisfies typeof from,
    language,
    user: optionalText({ en: 'user', ko: '사용자' }, 'the id of a user', /^[1-9]\d{0,17}$/),
    asOf,
  },
  columns: {
    period: day('period', '기간'),
    language: text('language', '언어'),
    learners: count('learners', '학습자'),
    share: ratio('share', '비율'),
    sessions: count('sessions', '세션'),
    minutes: decimal('minutes', '세션 시간(분)'),
    messages: count('messages', '메시지'),
    levelsGained: count('levels gained', '레벨 상승'),
    badges: count('badges', '배지'),
    rating: nullable(decimal('rating', '평균 평점')),
    complete: boolean('complete', '집계 완료'),
  },
  plots: [
    {
      type: 'heatmap',
      title: { en: 'Share of the learners', ko: '언어별 학습자 비율' },
      x: 'period',
      y: 'language',
      value: 'share',
      complete: 'complete',
    },
  ],
  pivot: { row: 'period', column: 'language', value: 'learners', complete: 'complete' },
  values: ['from', 'to', 'timeZone', 'by', 'language', 'user', 'asOf'],
  sql: `
    with by_user as (
      -- Once a user, so that nothing is counted distinct below.
      select date_trunc($4, date::timestamp)::date as period, language_code, user_id,
        sum(session_count) as sessions,
        sum(total_session_time) as seconds,
        sum(messages_sent) as messages,
        sum(level_improvements) as levels_gained,
        sum(badges_earned) as badges,
        sum(average_session_rating * session_count) as rated,
        sum(session_count) filter (where average_session_rating is not null) as ratings
      from learning_analytics
      where date >= $1::date and date < $2::date
        and ($5::text is null or language_code = $5)
        and ($6::bigint is null or user_id = $6::bigint)
      group by 1, language_code, user_id
    ), learners as (
      select *
      from by_user
      where sessions > 0 or messages > 0 or levels_gained > 0 or badges > 0
    ), in_period as (
      select period, count(distinct user_id)::float8 as learners from learners group by period
    ), counted as (
      select period, language_code, count(*)::float8 as learners,
        sum(sessions)::float8 as sessions,
        sum(seconds)::float8 / 60 as minutes,
        sum(messages)::float8 as messages,
        sum(levels_gained)::float8 as levels_gained,
        sum(badges)::float8 as badges,
        (sum(rated) / nullif(sum(ratings), 0))::float8 as rating
      from learners
      group by period, language_code
    )
    select counted.period, counted.language_code as language, counted.learners,
      counted.learners / in_period.learners as share,
      counted.sessions, counted.minutes, counted.messages,
      counted.levels_gained as "levelsGained",
      counted.badges, counted.rating,
      counted.period >= $1::date and ends.day <= $2::date
        and ends.day::timestamp at time zone $3 <= $7::timestamptz as complete
    from counted
    join in_period on in_period.period = counted.period
    cross join lateral (select (counted.period + ('1 ' || $4)::interval)::date as day) as ends
    order by counted.period, counted.language_code collate "C"`,
});
