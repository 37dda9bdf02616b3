import { count, decimal, nullable, ratio, text } from '../columns.js';
import { windowParameters } from '../parameters.js';
import { defineReport } from '../report.js';
import { language } from './language.js';

export const levelProgression = defineReport({
  name: 'level-progression',
  group: 'product',
  title: { en: 'Progress between level tests', ko: '레벨 테스트 간 성장' },
  question: {
    en: 'Do learners who take another level test reach a higher level, and how long does it take?',
    ko: '레벨 테스트를 다시 본 학습자는 레벨이 올랐나요? 얼마나 걸렸나요?',
  },
  definition: [
    'A pair is two consecutive completed tests of one user in one language, both with a level. It belongs to the window by the completion of the later test; the earlier one may be older.',
    'Tests that failed or were never finished are passed over, and do not part two others.',
    'Rows are by the level of the earlier test; a user with three tests has two pairs.',
    'improved, same, worse: the later level is higher, equal, lower. C2 cannot improve, A1 cannot get worse.',
    'shares: of the pairs of the row.',
    'median days: between the two completions; median score change: later score − earlier score, without pairs in which one has no score.',
    'not retested: tests completed within the window at this level that no completed test follows before its end. They are censored: the pairs speak of those who came back only, and those who feel progress may come back more often.',
  ],
  parameters: {
    ...windowParameters(365),
    language,
  },
  columns: {
    levelBefore: text('level before', '이전 레벨'),
    pairs: count('pairs', '재응시'),
    improved: count('improved', '상승'),
    same: count('same', '유지'),
    worse: count('worse', '하락'),
    improvedShare: nullable(ratio('share improved', '상승 비율')),
    sameShare: nullable(ratio('share same', '유지 비율')),
    worseShare: nullable(ratio('share worse', '하락 비율')),
    medianDays: nullable(decimal('median days', '간격 중앙값(일)')),
    medianScoreChange: nullable(decimal('median score change', '점수 변화 중앙값')),
    notRetested: count('not retested', '재응시 전'),
  },
  plots: [
    {
      type: 'bar',
      title: { en: 'Pairs by level before', ko: '이전 레벨별 변화' },
      x: 'levelBefore',
      y: ['improved', 'same', 'worse'],
      stacked: true,
    },
  ],
  values: ['from', 'to', 'timeZone', 'language'],
  sql: `
    with taken as (
      select id, user_id, language_code, overall_level, overall_score, completed_at,
        lead(id) over (partition by user_id, language_code order by completed_at, id) is not null as is_retested
      from level_tests
      where status = 'COMPLETED' and overall_level is not null
        and completed_at >= $1::date::timestamp at time zone $3
        and completed_at < $2::date::timestamp at time zone $3
        and ($4::text is null or language_code = $4)
    ), pairs as (
      select earlier.overall_level as level_before,
        -- The codes of CEFR sort as the levels do.
        taken.overall_level collate "C" > earlier.overall_level as is_improved,
        taken.overall_level = earlier.overall_level as is_same,
        extract(epoch from taken.completed_at - earlier.completed_at) / 86400 as days,
        taken.overall_score - earlier.overall_score as score_change
      from taken
      -- One look-up each in idx_user_tests, however long the earlier test was ago.
      cross join lateral (
        select t.overall_level, t.overall_score, t.completed_at
        from level_tests as t
        where t.user_id = taken.user_id and t.language_code = taken.language_code
          and t.status = 'COMPLETED' and t.overall_level is not null and isfinite(t.completed_at)
          and (t.completed_at, t.id) < (taken.completed_at, taken.id)
        order by t.completed_at desc, t.id desc
        limit 1
      ) as earlier
    ), by_level as (
      select level_before, count(*)::float8 as pairs,
        count(*) filter (where is_improved)::float8 as improved,
        count(*) filter (where is_same)::float8 as same,
        count(*) filter (where not is_improved and not is_same)::float8 as worse,
        percentile_cont(0.5) within group (order by days::float8) as median_days,
        percentile_cont(0.5) within group (order by score_change::float8) as median_score_change
      from pairs
      group by level_before
    ), censored as (
      select overall_level, count(*)::float8 as tests from taken where not is_retested group by overall_level
    )
    select levels.level as "levelBefore",
      coalesce(by_level.pairs, 0) as pairs,
      coalesce(by_level.improved, 0) as improved,
      coalesce(by_level.same, 0) as same,
      coalesce(by_level.worse, 0) as worse,
      by_level.improved / by_level.pairs as "improvedShare",
      by_level.same / by_level.pairs as "sameShare",
      by_level.worse / by_level.pairs as "worseShare",
      by_level.median_days as "medianDays",
      by_level.median_score_change as "medianScoreChange",
      coalesce(censored.tests, 0) as "notRetested"
    from unnest(array['A1', 'A2', 'B1', 'B2', 'C1', 'C2']) as levels (level)
    left join by_level on by_level.level_before = levels.level
    left join censored on censored.overall_level = levels.level
    order by levels.level collate "C"`,
});
