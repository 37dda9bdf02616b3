import type { WrittenTurn } from './thread.js';

/** What Korean and English natives talk about, once opened by the one and once by the other. */
export interface Topic {
  readonly id: string;
  readonly koreanOpens: readonly WrittenTurn[];
  readonly englishOpens: readonly WrittenTurn[];
}
