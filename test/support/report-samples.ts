import {
  boolean,
  bytes,
  count,
  day,
  decimal,
  instant,
  nullable,
  ratio,
  seconds,
  text,
} from '../../src/reports/columns.js';
import { addDays, windowParameters } from '../../src/reports/parameters.js';
import { defineReport, type AnyReport } from '../../src/reports/report.js';
import type { ReportResult } from '../../src/reports/report-result.js';

/** Reports and results made by hand: what is drawn and written of them does not ask for a database. */

type Row = ReportResult['rows'][number];

/** A result as runReport returns it. */
export function resultOf(
  report: AnyReport,
  rows: readonly Row[],
  differences: Partial<ReportResult> = {},
): ReportResult {
  return {
    schemaVersion: 1,
    report: report.name,
    title: report.title,
    question: report.question,
    definition: report.definition,
    server: { version: '17.10', database: 'studymate', isReplica: false, replayedAt: null },
    generatedAt: new Date('2026-01-29T00:05:00.123Z'),
    durationMs: 41.5,
    statisticsSince: null,
    parameters: { timeZone: 'Asia/Seoul', to: '2026-01-29', from: '2026-01-01' },
    warnings: [],
    columns: Object.entries(report.columns).map(([name, { kind, label }]) => ({ name, kind, label })),
    rows,
    ...differences,
  };
}

const common = {
  group: 'product',
  parameters: windowParameters(28),
  definition: ['A session belongs to the day it was planned for.', 'completion: completed / planned.'],
  sql: 'select',
  values: [],
} as const;

/** Days with two counts, and a share that is null where there is nothing to share. */
export const daily: AnyReport = defineReport({
  ...common,
  name: 'daily',
  title: { en: 'Learning sessions', ko: '학습 세션' },
  question: {
    en: 'Do the sessions that people plan take place?',
    ko: '예약한 세션이 예정대로 진행되고 있나요?',
  },
  columns: {
    day: day('day', '날짜'),
    planned: count('planned', '예약'),
    completed: count('completed', '완료'),
    completion: nullable(ratio('completion', '완료율')),
    length: nullable(seconds('median length', '진행 시간(중앙값)')),
  },
  plots: [
    { type: 'line', title: { en: 'Sessions a day', ko: '일별 세션' }, x: 'day', y: ['planned', 'completed'] },
    { type: 'line', title: { en: 'Completion', ko: '완료율' }, x: 'day', y: ['completion'] },
    {
      type: 'bar',
      title: { en: 'Planned and completed', ko: '예약과 완료' },
      x: 'day',
      y: ['planned', 'completed'],
    },
  ],
});

export function dailyRows(length: number): readonly Row[] {
  return Array.from({ length }, (_, index) => {
    const planned = Math.round(1200 + 420 * Math.sin(index / 4) + ((index * 7919) % 190));
    const completed = Math.round(planned * (0.72 + 0.1 * Math.cos(index / 5)));
    const gap = index % 13 === 9;
    return {
      day: addDays('2026-01-01', index),
      planned,
      completed,
      completion: gap ? null : completed / planned,
      length: gap ? null : 1800 + ((index * 977) % 1700),
    };
  });
}

/** Names with several numbers, stacked and side by side. */
export const byLanguage: AnyReport = defineReport({
  ...common,
  name: 'by-language',
  title: { en: 'Levels by language', ko: '언어별 레벨 분포' },
  question: { en: 'How far are the learners of each language?', ko: '언어별 학습자 수준은 어느 정도인가요?' },
  columns: {
    language: text('language', '언어'),
    beginner: count('beginner', '초급'),
    intermediate: count('intermediate', '중급'),
    advanced: count('advanced', '고급'),
    rating: nullable(decimal('mean rating', '평균 평점')),
    share: ratio('share', '비율'),
  },
  plots: [
    {
      type: 'bar',
      title: { en: 'Learners by level', ko: '레벨별 학습자' },
      x: 'language',
      y: ['beginner', 'intermediate', 'advanced'],
      stacked: true,
    },
    { type: 'bar', title: { en: 'Rating', ko: '평점' }, x: 'language', y: ['rating'] },
  ],
});

const languageNames = [
  '한국어',
  'English',
  '日本語',
  'Français',
  'Español (Latinoamérica y el Caribe)',
  '중국어 간체 및 번체를 함께 배우는 학습자',
];

export function languageRows(length: number): readonly Row[] {
  return Array.from({ length }, (_, index) => ({
    language: languageNames[index] ?? `언어 ${index}`,
    beginner: 1700 - ((index * 331) % 1500),
    intermediate: 900 - ((index * 173) % 800),
    advanced: 300 - ((index * 37) % 290),
    rating: index === 2 ? null : 4.9 - (index % 9) * 0.31,
    share: 1 / (index + 2),
  }));
}

/** A cohort a line, a week a column; the last weeks are not over. */
export const cohorts: AnyReport = defineReport({
  ...common,
  name: 'cohorts',
  title: { en: 'Retention', ko: '리텐션' },
  question: { en: 'Do people come back after they sign up?', ko: '가입한 사용자가 다시 돌아오나요?' },
  columns: {
    cohort: day('week of sign-up', '가입 주'),
    signups: count('sign-ups', '가입자'),
    week: count('week', '경과 주'),
    retention: nullable(ratio('retention', '유지율')),
    complete: boolean('complete', '집계 완료'),
  },
  plots: [
    {
      type: 'heatmap',
      title: { en: 'Retention by week of sign-up', ko: '가입 주별 유지율' },
      x: 'week',
      y: 'cohort',
      value: 'retention',
      complete: 'complete',
    },
  ],
  pivot: { row: 'cohort', column: 'week', value: 'retention', beside: ['signups'], complete: 'complete' },
});

export function cohortRows(lines: number, weeks = 9): readonly Row[] {
  return Array.from({ length: lines }, (_, line) =>
    Array.from({ length: Math.max(1, Math.min(weeks, lines - line)) }, (__, week) => ({
      cohort: addDays('2025-11-03', line * 7),
      signups: 1400 - line * 61,
      week,
      retention:
        line === 1 && week === 2 ? null : week === 0 ? 1 : (0.62 + line * 0.012) / Math.sqrt(week + 1),
      complete: line + week < lines - 1,
    })),
  ).flat();
}

/** Steps, each of fewer people. */
export const steps: AnyReport = defineReport({
  ...common,
  name: 'steps',
  title: { en: 'Matching funnel', ko: '매칭 퍼널' },
  question: {
    en: 'How many requests lead to a first session?',
    ko: '매칭 요청이 첫 세션까지 이어지나요?',
  },
  columns: {
    step: text('step', '단계'),
    requests: count('requests', '요청'),
    wait: nullable(seconds('median time', '소요 시간(중앙값)')),
  },
  plots: [
    {
      type: 'funnel',
      title: { en: 'From request to session', ko: '요청부터 세션까지' },
      step: 'step',
      value: 'requests',
    },
  ],
});

const stepNames = ['요청', '수락', '48시간 안에 첫 메시지', 'first session within 14 days', '두 번째 세션'];

export function stepRows(length: number): readonly Row[] {
  return Array.from({ length }, (_, index) => ({
    step: stepNames[index] ?? `단계 ${index + 1}`,
    requests: Math.round(12_480 * 0.68 ** index),
    wait: index === 0 ? null : 3600 * 5.2 * index,
  }));
}

/** A column of every kind; no plot. */
export const kinds: AnyReport = defineReport({
  ...common,
  group: 'database',
  parameters: {},
  name: 'kinds',
  title: { en: 'Tables', ko: '테이블 크기' },
  question: { en: 'What takes the place?', ko: '무엇이 공간을 차지하나요?' },
  columns: {
    type: text('type', '종류'),
    name: nullable(text('name', '이름')),
    used: nullable(boolean('used', '사용')),
    rows: nullable(count('rows', '행')),
    score: nullable(decimal('score', '점수')),
    share: nullable(ratio('share', '비율')),
    age: nullable(seconds('age', '경과')),
    size: nullable(bytes('size', '크기')),
    since: nullable(day('since', '시작일')),
    seen: nullable(instant('last seen', '최근 사용')),
  },
});

export const kindRows: readonly Row[] = [
  {
    type: 'table',
    name: 'chat_messages | 채팅 메시지',
    used: true,
    rows: 3_120_455,
    score: 0.8712,
    share: 0.4217,
    age: 11_520,
    size: 1_503_238_553,
    since: '2025-04-01',
    seen: new Date('2026-01-28T15:00:00Z'),
  },
  {
    type: '=SUM(A1)',
    name: null,
    used: null,
    rows: null,
    score: null,
    share: null,
    age: null,
    size: null,
    since: null,
    seen: null,
  },
];
