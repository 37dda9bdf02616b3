import type { LanguageCode } from '../languages.js';
import { texts, type Texts } from '../texts.js';

/** Every thread has as many, so that the position of a message in its room gives its thread and turn. */
export const TURNS_PER_THREAD = 8;

export interface ThreadTurn {
  /** 0: who opened the thread; 1: the partner. */
  readonly side: 0 | 1;
  /** The earlier turn of the partner that this one corrects; null where it corrects none. */
  readonly corrects: number | null;
  /** Any of them fits after any of the turn before. */
  readonly lines: Texts;
}

/** One exchange on one topic, from an opening to a close. */
export interface Thread {
  readonly topic: string;
  /** Native languages of the two sides. */
  readonly sides: readonly [opener: LanguageCode, partner: LanguageCode];
  readonly turns: readonly ThreadTurn[];
}

/** A turn as the data files write it. */
export interface WrittenTurn {
  readonly speaker: 'opener' | 'partner';
  readonly correction: boolean;
  readonly lines: readonly string[];
}

/** Said by who opened the thread. */
export const a = (...lines: readonly string[]): WrittenTurn => ({
  speaker: 'opener',
  correction: false,
  lines,
});
/** Said by the partner. */
export const b = (...lines: readonly string[]): WrittenTurn => ({
  speaker: 'partner',
  correction: false,
  lines,
});
/** The opener corrects what the partner said last. */
export const aCorrects = (...lines: readonly string[]): WrittenTurn => ({ ...a(...lines), correction: true });
/** The partner corrects what the opener said last. */
export const bCorrects = (...lines: readonly string[]): WrittenTurn => ({ ...b(...lines), correction: true });

export function thread(
  topic: string,
  sides: readonly [LanguageCode, LanguageCode],
  turns: readonly WrittenTurn[],
): Thread {
  return {
    topic,
    sides,
    turns: turns.map(({ speaker, correction, lines }, index) => ({
      side: speaker === 'opener' ? 0 : 1,
      corrects: correction ? lastTurnOfOther(turns, index) : null,
      lines: texts(lines),
    })),
  };
}

function lastTurnOfOther(turns: readonly WrittenTurn[], index: number): number {
  const { speaker } = turns[index] as WrittenTurn;
  return turns.slice(0, index).findLastIndex((turn) => turn.speaker !== speaker);
}
