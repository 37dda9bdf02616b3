import { languageCodes, type LanguageCode } from '../languages.js';
import { arrangementTopics } from './arrangement-topics.js';
import { becomingCasual } from './becoming-casual.js';
import { cultureTopics } from './culture-topics.js';
import { englishAndOthers } from './english-and-others.js';
import { errandTopics } from './errand-topics.js';
import { everydayTopics } from './everyday-topics.js';
import { firstMeetings } from './first-meetings.js';
import { foodTopics } from './food-topics.js';
import { friendsAtHome } from './friends-at-home.js';
import { friendsOnline } from './friends-online.js';
import { friendsOut } from './friends-out.js';
import { homeTopics } from './home-topics.js';
import { koreanAndOthers } from './korean-and-others.js';
import { leisureTopics } from './leisure-topics.js';
import { outdoorTopics } from './outdoor-topics.js';
import { studyBuddies } from './study-buddies.js';
import { thread, type Thread } from './thread.js';
import type { Topic } from './topic.js';
import { workTopics } from './work-topics.js';

/** What two people write to each other, in the order of their acquaintance. None of the lists is empty. */
export interface Acquaintance {
  readonly first: readonly Thread[];
  /** For a room that stays formal: Korean in 존댓말. */
  readonly polite: readonly Thread[];
  /** For a room of friends: once, between `first` and `casual`. */
  readonly becomingCasual: readonly Thread[];
  /** For a room of friends: Korean in 반말. */
  readonly casual: readonly Thread[];
}

const politeTopics = [
  everydayTopics,
  homeTopics,
  foodTopics,
  workTopics,
  leisureTopics,
  outdoorTopics,
  cultureTopics,
  errandTopics,
  arrangementTopics,
].flat();
const casualTopics = [friendsAtHome, friendsOut, friendsOnline].flat();

const koreanOpens = acquaintance((topic) => thread(topic.id, ['ko', 'en'], topic.koreanOpens));
const englishOpens = acquaintance((topic) => thread(topic.id, ['en', 'ko'], topic.englishOpens));
const others = [...koreanAndOthers, ...englishAndOthers, ...studyBuddies];
const byLanguages = new Map<LanguageCode, Map<LanguageCode, Acquaintance>>(
  languageCodes.map((opener) => [
    opener,
    new Map(languageCodes.flatMap((partner) => partOf(opener, partner).map((stages) => [partner, stages]))),
  ]),
);

/**
 * The threads that a native of one language opens with a native of another. There are some for every pair of a
 * mother tongue and a language that its speakers learn, and for two who share Korean or English.
 *
 * Only Korean and English natives become casual: for others all four lists are the same.
 */
export function threadsBetween(opener: LanguageCode, partner: LanguageCode): Acquaintance {
  const stages = byLanguages.get(opener)?.get(partner);
  if (stages === undefined) throw new Error(`no conversations between natives of ${opener} and ${partner}`);
  return stages;
}

/** Every thread once. */
export const allThreads: readonly Thread[] = [
  ...[koreanOpens, englishOpens].flatMap((stages) => [
    ...stages.first,
    ...stages.polite,
    ...stages.becomingCasual,
    ...stages.casual,
  ]),
  ...others,
];

function partOf(opener: LanguageCode, partner: LanguageCode): readonly Acquaintance[] {
  if (opener === 'ko' && partner === 'en') return [koreanOpens];
  if (opener === 'en' && partner === 'ko') return [englishOpens];
  const threads = others.filter(({ sides }) => sides[0] === opener && sides[1] === partner);
  if (threads.length === 0) return [];
  return [{ first: threads, polite: threads, becomingCasual: threads, casual: threads }];
}

function acquaintance(threadOf: (topic: Topic) => Thread): Acquaintance {
  return {
    first: firstMeetings.map(threadOf),
    polite: politeTopics.map(threadOf),
    becomingCasual: becomingCasual.map(threadOf),
    casual: casualTopics.map(threadOf),
  };
}
