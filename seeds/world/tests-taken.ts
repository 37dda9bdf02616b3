import type { History } from './history.js';
import { listOfInstants, listOfIntegers } from './number-list.js';
import { instantsOf, orderByTime } from './order-by-time.js';
import type { People } from './people.js';
import { daysLater } from './rhythm.js';
import { MINUTE, NEVER, SECOND, wholeSeconds } from './time.js';
import { levels, type Level } from '../vocabulary/index.js';

export type TestStatus = 'IN_PROGRESS' | 'COMPLETED' | 'FAILED';
export type TestType = 'FULL' | 'QUICK' | 'RETAKE';

/** The level tests in the order in which they were started; each in the language the user mainly learns. */
export interface LevelTests {
  readonly count: number;
  readonly user: Int32Array;
  /** How many the user took before. */
  readonly nth: Uint8Array;
  readonly startedAt: Float64Array;
  /** NEVER unless completed. */
  readonly completedAt: Float64Array;
  status(test: number): TestStatus;
  type(test: number): TestType;
  /** Of one of the six parts, 0 to 5; also of a test that has no result yet. */
  score(test: number, part: number): number;
  overallScore(test: number): number;
  level(test: number): Level;
  /** Levels gained since the user's completed test before; 0 for the first. */
  readonly gained: Uint8Array;
  /** By user: what the latest completed test found; undefined without one. */
  levelOf(user: number): Level | undefined;
  /** What the user can do before any lessons, 0 to 100. */
  talent(user: number): number;
}

const MOST_TESTS = 12;
export const TEST_PARTS = 6;

export function createLevelTests(history: History, people: People): LevelTests {
  const users = listOfIntegers();
  const nths = listOfIntegers();
  const starts = listOfInstants();
  const takes = history.draw('level_tests.user_id');
  const when = history.draw('level_tests.started_at');
  for (let user = 0; user < people.count; user++) {
    let at = people.onboardedAt[user] as number;
    if (at === NEVER || !takes.chance(0.82, user)) continue;
    const patience = 35 + 110 * takes.unit(user, 1);
    for (let nth = 0; nth < MOST_TESTS; nth++) {
      const days = when.wait(user, 2 * nth) * (nth === 0 ? 0.7 : patience) + (nth === 0 ? 0 : 14);
      at = daysLater(at, days, when.unit(user, 2 * nth + 1));
      if (at >= history.to) break;
      users.push(user);
      nths.push(nth);
      starts.push(at);
    }
  }
  const order = orderByTime(users.length, (index) => starts.at(index), history);
  const tests = {
    count: order.length,
    user: order.map((index) => users.at(index)),
    nth: new Uint8Array(order.map((index) => nths.at(index))),
    startedAt: instantsOf(order, (index) => starts.at(index)),
  };
  return withResults(history, people, tests);
}

function withResults(
  history: History,
  people: People,
  tests: Pick<LevelTests, 'count' | 'user' | 'nth' | 'startedAt'>,
): LevelTests {
  const skill = history.draw('level_tests.overall_score');
  const part = history.draw('level_tests.scores');
  const fate = history.draw('level_tests.status');
  const duration = history.draw('level_tests.completed_at');
  const kind = history.draw('level_tests.test_type');
  const isGivenUp = (test: number): boolean => fate.chance(0.06, test);
  const completedAt = tests.startedAt.map((started, test) => {
    const minutes = type(test) === 'QUICK' ? 5 + 4 * duration.unit(test) : 11 + 14 * duration.unit(test);
    const completed = wholeSeconds(started + minutes * MINUTE);
    return !isGivenUp(test) && completed < history.to ? completed : NEVER;
  });
  function type(test: number): TestType {
    if ((tests.nth[test] as number) > 0) return 'RETAKE';
    return kind.chance(0.3, test) ? 'QUICK' : 'FULL';
  }
  // The mean of three draws: most are in the middle.
  const talent = (user: number): number =>
    4 + 80 * ((skill.unit(user) + skill.unit(user, 1) + skill.unit(user, 2)) / 3);
  const score = (test: number, which: number): number => {
    const user = tests.user[test] as number;
    const progress = (tests.nth[test] as number) * (2 + 5 * skill.unit(user, 3));
    const own = 16 * part.unit(user, which + 1) - 8;
    const ofTheDay = 10 * part.unit(test, which + 11) - 5;
    return Math.max(0, Math.min(100, Math.round(talent(user) + progress + own + ofTheDay)));
  };
  const overallScore = (test: number): number => {
    let sum = 0;
    for (let which = 0; which < TEST_PARTS; which++) sum += score(test, which);
    return Math.floor(sum / TEST_PARTS);
  };
  const levelIndex = (test: number): number => levelIndexOf(overallScore(test));
  const best = new Int8Array(people.count).fill(-1);
  const gained = new Uint8Array(tests.count);
  // A user's tests follow one another by days, so the order of starting is the order of completing.
  for (let test = 0; test < tests.count; test++) {
    if (completedAt[test] === NEVER) continue;
    const user = tests.user[test] as number;
    const level = levelIndex(test);
    const before = best[user] as number;
    if (before >= 0) gained[test] = Math.max(0, level - before);
    best[user] = level;
  }
  return {
    ...tests,
    completedAt,
    status: (test) => {
      if (completedAt[test] !== NEVER) return 'COMPLETED';
      const isRecent = (tests.startedAt[test] as number) + 26 * MINUTE + SECOND > history.to;
      return isRecent && !isGivenUp(test) ? 'IN_PROGRESS' : 'FAILED';
    },
    type,
    score,
    overallScore,
    level: (test) => levels[levelIndex(test)] as Level,
    gained,
    levelOf: (user) => levels[best[user] as number],
    talent,
  };
}

function levelIndexOf(score: number): number {
  return Math.min(5, Math.floor(score / 17));
}

export function levelAt(score: number): Level {
  return levels[levelIndexOf(score)] as Level;
}
