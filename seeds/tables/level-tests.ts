import type { SeedTable } from '../seed-table.js';
import {
  scoredSkills,
  testAnalyses,
  testAnswers,
  testFeedback,
  testQuestions,
  type Texts,
} from '../vocabulary/index.js';
import { createByteText } from './byte-text.js';
import { createChildren } from '../world/children.js';
import type { Draw } from '../world/draw.js';
import { NEVER, optionalTimestamp, SECOND, timestampValue } from '../world/time.js';
import type { World } from '../world/world.js';

const parts = ['pronunciation', 'grammar', 'fluency', 'vocabulary', 'comprehension', 'interaction'] as const;

export function levelTests({ history, people, tests }: World): SeedTable {
  const words = history.draw('level_tests.feedback_text');
  const isDone = (row: number): boolean => tests.completedAt[row] !== NEVER;
  const user = (row: number): number => tests.user[row] as number;
  const scores = Object.fromEntries(
    parts.map((name, part) => [
      `${name}_score`,
      (row: number): number | null => (isDone(row) ? tests.score(row, part) : null),
    ]),
  );
  return {
    table: 'level_tests',
    rowCount: tests.count,
    columns: {
      id: (row) => row + 1,
      user_id: (row) => user(row) + 1,
      language_code: (row) => people.learning(user(row)),
      test_type: (row) => tests.type(row),
      status: (row) => tests.status(row),
      overall_level: (row) => (isDone(row) ? tests.level(row) : null),
      overall_score: (row) => (isDone(row) ? tests.overallScore(row) : null),
      ...scores,
      feedback_text: (row) =>
        isDone(row)
          ? pick(testFeedback[people.native(user(row)) === 'ko' ? 'ko' : 'en'][tests.level(row)], words, row)
          : null,
      ai_analysis: (row) => (isDone(row) ? pick(testAnalyses[tests.level(row)], words, row, 1) : null),
      started_at: (row) => timestampValue(tests.startedAt[row] as number),
      completed_at: (row) => optionalTimestamp(tests.completedAt[row] as number),
    },
  };
}

const opening = Buffer.from('{');
const closing = Buffer.from('}');
/** The parts in the order of the JSON. */
const scored = scoredSkills.map((skill) => parts.indexOf(skill));
const keys = scoredSkills.map((skill, nth) => Buffer.from(`${nth === 0 ? '' : ', '}"${skill}": `));
const folder = Buffer.from('https://media.studymate.example/level-tests/');
const slash = Buffer.from('/');
const fileType = Buffer.from('.webm');

/** Four answers in a whole test, two in a quick one, fewer in one that was given up or still goes on. */
export function levelTestResponses({ history, people, tests }: World): SeedTable {
  const stop = history.draw('level_test_responses.test_id');
  const speed = history.draw('level_test_responses.duration_seconds');
  const words = history.draw('level_test_responses.transcription');
  const questions = (test: number): number => (tests.type(test) === 'QUICK' ? 2 : 4);
  const answeredAt = (test: number, nth: number): number => {
    const completed = tests.completedAt[test] as number;
    const started = tests.startedAt[test] as number;
    const last = completed === NEVER ? started + questions(test) * 150 * SECOND : completed;
    return Math.floor((started + ((last - started) * (nth + 1)) / (questions(test) + 0.2)) / SECOND) * SECOND;
  };
  const responses = createChildren(tests.count, (test) => {
    if (tests.completedAt[test] !== NEVER) return questions(test);
    let answers = 0;
    const most = stop.below(questions(test), test);
    while (answers < most && answeredAt(test, answers) < history.to) answers++;
    return answers;
  });
  const test = (row: number): number => responses.parent(row);
  const nth = (row: number): number => responses.nth(row);
  const text = createByteText();
  const url = createByteText();
  const language = (row: number) => people.learning(tests.user[test(row)] as number);
  return {
    table: 'level_test_responses',
    rowCount: responses.count,
    columns: {
      id: (row) => row + 1,
      test_id: (row) => test(row) + 1,
      question_number: (row) => nth(row) + 1,
      question_text: (row) => testQuestions[language(row)][nth(row)] ?? '',
      audio_url: (row) => {
        url
          .start(folder)
          .addNumber(test(row) + 1)
          .add(slash);
        return url
          .addNumber(nth(row) + 1)
          .add(fileType)
          .end();
      },
      transcription: (row) =>
        pick(testAnswers[language(row)][tests.level(test(row))][nth(row)] as Texts, words, row),
      duration_seconds: (row) => 18 + speed.below(75, row),
      ai_scores: (row) => {
        text.start(opening);
        for (const [nth, part] of scored.entries()) {
          text.add(keys[nth] as Uint8Array);
          text.addNumber(near(tests.score(test(row), part), speed.unit(row, part + 1)));
        }
        return text.add(closing).end();
      },
      created_at: (row) => timestampValue(answeredAt(test(row), nth(row))),
    },
  };
}

function near(score: number, luck: number): number {
  return Math.max(0, Math.min(100, score + Math.round(12 * luck - 6)));
}

function pick({ bytes }: Texts, draw: Draw, row: number, salt?: number): Uint8Array {
  return bytes[draw.below(bytes.length, row, salt)] as Uint8Array;
}
