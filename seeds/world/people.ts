import type { History } from './history.js';
import { indexesWhere } from './order-by-time.js';
import { HOUR, MINUTE, NEVER, SECOND, wholeSeconds } from './time.js';
import {
  languageCodes,
  learntLanguages,
  nativeLanguages,
  pickWeighted,
  type LanguageCode,
} from '../vocabulary/index.js';

export const ONBOARDING_STEPS = 6;

/** The users, in the order in which they joined. What others need to know of them; the rest is in users.ts. */
export interface People {
  readonly count: number;
  readonly joinedAt: Float64Array;
  /** When the last step of the onboarding was done; NEVER for those who stopped before it. */
  readonly onboardedAt: Float64Array;
  /** Onboarding steps done, 0 to 6. */
  readonly stepsDone: Uint8Array;
  native(user: number): LanguageCode;
  /** The main language learned: what the user's messages and sessions count for. */
  learning(user: number): LanguageCode;
  /** 1 to 6; not after the reference date when the step is done. */
  stepDoneAt(user: number, step: number): number;
  /** Those who finished the onboarding and speak what the user learns, and the other way round; in order. */
  partnersFor(user: number): Int32Array;
}

export function createPeople(history: History): People {
  const { users: count, locales } = history.options;
  const [first = 'ko', last = first] = [locales[0], locales.at(-1)];
  // The founders: there is always a pair, so that there is always a room.
  const founders: readonly LanguageCode[] = [first, last];
  const joinedAt = new Float64Array(count);
  const onboardedAt = new Float64Array(count).fill(NEVER);
  const stepsDone = new Uint8Array(count);
  const natives = new Uint8Array(count);
  const learnings = new Uint8Array(count);
  const joined = history.draw('users.created_at');
  const nativeDraw = history.draw('user_languages.native');
  const learningDraw = history.draw('user_languages.learning');
  const pace = history.draw('onboarding_step_data.created_at');
  const stops = history.draw('onboarding_progress.current_step');
  const stepDoneAt = (user: number, step: number): number =>
    (joinedAt[user] as number) + step * wholeSeconds(20 * SECOND + pace.unit(user) * 3 * MINUTE);
  for (let user = 0; user < count; user++) {
    const founder = founders[user];
    const chosen = history.signups.instantAt((user + joined.unit(user)) / count);
    joinedAt[user] =
      founder === undefined
        ? wholeSeconds(Math.max(chosen, history.from + HOUR))
        : wholeSeconds(history.from) + (user + 1) * SECOND;
    const isFixed = founder !== undefined || first === last;
    const native = founder ?? (isFixed ? first : pickWeighted(nativeLanguages, nativeDraw.bits(user)));
    const opposite = native === 'ko' ? 'en' : 'ko';
    const learning = isFixed ? opposite : pickWeighted(learntLanguages[native], learningDraw.bits(user));
    natives[user] = languageCodes.indexOf(native);
    learnings[user] = languageCodes.indexOf(learning);
    const stop =
      founder === undefined && stops.chance(0.13, user) ? stops.below(6, user, 1) : ONBOARDING_STEPS;
    let steps = 0;
    while (steps < stop && stepDoneAt(user, steps + 1) < history.to) steps++;
    stepsDone[user] = steps;
    if (steps === ONBOARDING_STEPS) onboardedAt[user] = stepDoneAt(user, ONBOARDING_STEPS);
  }
  const pair = (one: Uint8Array, other: Uint8Array, user: number): number =>
    (one[user] as number) * languageCodes.length + (other[user] as number);
  const byPair = Array.from({ length: languageCodes.length ** 2 }, (_, wanted) =>
    indexesWhere(count, (user) => onboardedAt[user] !== NEVER && pair(natives, learnings, user) === wanted),
  );
  return {
    count,
    joinedAt,
    onboardedAt,
    stepsDone,
    native: (user) => languageCodes[natives[user] as number] as LanguageCode,
    learning: (user) => languageCodes[learnings[user] as number] as LanguageCode,
    stepDoneAt,
    partnersFor: (user) =>
      byPair[first === last ? pair(natives, learnings, user) : pair(learnings, natives, user)] as Int32Array,
  };
}
