import { count, decimal, nullable, ratio, text } from '../columns.js';
import { windowParameters } from '../parameters.js';
import { defineReport } from '../report.js';
import { language } from './language.js';

export const levelDistribution = defineReport({
  name: 'level-distribution',
  group: 'product',
  title: { en: 'Levels of the learners', ko: '학습자 레벨 분포' },
  question: {
    en: 'How good are the learners of each language, by their latest level test?',
    ko: '언어별 학습자의 최근 레벨 테스트 결과는 어떻게 분포하나요?',
  },
  definition: [
    'Of each user and language, the latest test that was completed within the window and found a level; other tests do not count, nor do tests that failed or were never finished.',
    'A test belongs to the instant of its completion; of two at the same instant the one made later is the latest.',
    'A user who was tested in two languages counts once in each.',
    'users: whose latest test found this level. Of a language with any, all six levels have a row.',
    'learners: users with such a test in the language, of any level.',
    'share: users / learners.',
    'mean score: of these latest tests, without those that have no score.',
    'Users who took no test in the window are not in it: for the latest test whenever it was, give an earlier start. Users who are erased take their tests with them.',
  ],
  parameters: {
    ...windowParameters(365),
    language,
  },
  columns: {
    language: text('language', '언어'),
    learners: count('learners', '학습자'),
    level: text('level', '레벨'),
    users: count('users', '사용자'),
    share: ratio('share', '비율'),
    meanScore: nullable(decimal('mean score', '평균 점수')),
  },
  plots: [
    {
      type: 'heatmap',
      title: { en: 'Share of each level', ko: '언어별 레벨 비율' },
      x: 'level',
      y: 'language',
      value: 'share',
    },
  ],
  pivot: { row: 'language', column: 'level', value: 'share', beside: ['learners'] },
  values: ['from', 'to', 'timeZone', 'language'],
  sql: `
    with latest as (
      select distinct on (user_id, language_code) language_code, overall_level, overall_score
      from level_tests
      where status = 'COMPLETED' and overall_level is not null
        and completed_at >= $1::date::timestamp at time zone $3
        and completed_at < $2::date::timestamp at time zone $3
        and ($4::text is null or language_code = $4)
      order by user_id, language_code, completed_at desc, id desc
    ), counted as (
      select language_code, overall_level, count(*) as users, avg(overall_score) as mean_score
      from latest
      group by language_code, overall_level
    ), languages as (
      select language_code, sum(users) as learners from counted group by language_code
    )
    select languages.language_code as language,
      languages.learners::float8 as learners,
      levels.level,
      coalesce(counted.users, 0)::float8 as users,
      coalesce(counted.users, 0)::float8 / languages.learners as share,
      counted.mean_score::float8 as "meanScore"
    from languages
    cross join unnest(array['A1', 'A2', 'B1', 'B2', 'C1', 'C2']) as levels (level)
    left join counted on counted.language_code = languages.language_code and counted.overall_level = levels.level
    order by languages.language_code collate "C", levels.level collate "C"`,
});
