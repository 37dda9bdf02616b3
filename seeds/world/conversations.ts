import { threadsBetween, type LanguageCode, type Thread } from '../vocabulary/index.js';

type Acquaintance = ReturnType<typeof threadsBetween>;

export interface ThreadChoice {
  /** Native languages. */
  readonly opener: LanguageCode;
  readonly partner: LanguageCode;
  /** How well the two know each other. */
  readonly stage: keyof Acquaintance;
}

/** @param luck any whole number of 32 bits */
export type PickThread = (choice: ThreadChoice, luck: number) => Thread;

export function createThreadPicker(): PickThread {
  const known = new Map<string, Acquaintance>();
  return ({ opener, partner, stage }, luck) => {
    let acquaintance = known.get(opener + partner);
    if (acquaintance === undefined) {
      acquaintance = threadsBetween(opener, partner);
      known.set(opener + partner, acquaintance);
    }
    const threads = acquaintance[stage];
    return threads[luck % threads.length] as Thread;
  };
}
