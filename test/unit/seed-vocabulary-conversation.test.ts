import { describe, expect, it } from 'vitest';
import {
  allThreads,
  languageCodes,
  learntLanguages,
  threadsBetween,
  TURNS_PER_THREAD,
  type LanguageCode,
  type Thread,
} from '../../seeds/vocabulary/index.js';

const lines = allThreads.flatMap(({ turns }) => turns.flatMap((turn) => turn.lines.texts));
const named = allThreads.map(({ topic, sides, turns }) => ({
  name: `${topic} (${sides.join(' → ')})`,
  turns,
}));

/** What a correction says was wrong: "this" → "that". */
function quotedMistake(line: string): string | undefined {
  return /["「]([^"」]+)["」]\s*→/.exec(line)?.[1];
}

/** Korean sentences that are nobody's quotation, without emoji and laughter. */
function koreanSentences(line: string): readonly string[] {
  return line
    .replace(/["'「][^"'」]*["'」]/g, '')
    .split(/[.!?]+|\p{Extended_Pictographic}|:\)|[ㅋㅎㅠ]{2,}/u)
    .map((sentence) => sentence.trim())
    .filter((sentence) => /[가-힣]$/.test(sentence) && /\s/.test(sentence));
}

describe('conversations', () => {
  it('are about many topics in many words', () => {
    expect(new Set(allThreads.map(({ topic }) => topic)).size).toBeGreaterThanOrEqual(50);
    expect(lines.length).toBeGreaterThanOrEqual(1_400);
  });

  it('never say the same line twice', () => {
    expect(lines.filter((line, index) => lines.indexOf(line) !== index)).toEqual([]);
  });

  it('exist for every pair of a mother tongue and a language learnt, whoever begins', () => {
    const pairs = languageCodes.flatMap((native) =>
      learntLanguages[native].items.flatMap((learnt): [LanguageCode, LanguageCode][] => [
        [native, learnt],
        [learnt, native],
      ]),
    );
    for (const [opener, partner] of [...pairs, ['ko', 'ko'], ['en', 'en']] as [LanguageCode, LanguageCode][])
      for (const stage of Object.values(threadsBetween(opener, partner)) as (readonly Thread[])[]) {
        expect(stage.length).toBeGreaterThan(0);
        for (const { sides } of stage) expect(sides).toEqual([opener, partner]);
      }
  });

  it('refuse a pair that nobody has', () => {
    expect(() => threadsBetween('ja', 'fr')).toThrow('no conversations between natives of ja and fr');
  });

  it('have every Korean and English topic in both directions', () => {
    const topics = (opener: LanguageCode, partner: LanguageCode): readonly string[][] =>
      (Object.values(threadsBetween(opener, partner)) as (readonly Thread[])[]).map((stage) =>
        stage.map(({ topic }) => topic),
      );
    expect(topics('ko', 'en')).toEqual(topics('en', 'ko'));
  });

  it('are whole: all turns, the two sides in turn, something corrected', () => {
    for (const { name, turns } of named) {
      expect(turns, name).toHaveLength(TURNS_PER_THREAD);
      expect(
        turns.map(({ side }) => side),
        name,
      ).toEqual(turns.map((_, index) => index % 2));
      expect(
        turns.some(({ corrects }) => corrects !== null),
        name,
      ).toBe(true);
      expect(
        turns.every((turn) => turn.lines.texts.length > 0),
        name,
      ).toBe(true);
    }
  });

  it('correct what the partner did write, in whichever words', () => {
    for (const { name, turns } of named)
      for (const { side, corrects, lines: corrections } of turns) {
        if (corrects === null) continue;
        const corrected = turns[corrects];
        expect(corrected?.side, name).toBe(1 - side);
        for (const correction of corrections.texts) {
          const mistake = quotedMistake(correction);
          expect(mistake, correction).toBeDefined();
          for (const line of corrected?.lines.texts ?? []) expect(line).toContain(mistake);
        }
      }
  });

  it('keep Korean natives polite until they agree to be casual, and casual after that', () => {
    const { first, polite, casual } = threadsBetween('ko', 'en');
    const reversed = threadsBetween('en', 'ko');
    const saidByKoreans = (threads: readonly Thread[]): readonly string[] =>
      threads.flatMap(({ sides, turns }) =>
        turns
          .filter(({ side }) => sides[side] === 'ko')
          .flatMap((turn) => turn.lines.texts.flatMap(koreanSentences)),
      );
    const formal = saidByKoreans([...first, ...polite, ...reversed.first, ...reversed.polite]);
    const friendly = saidByKoreans([...casual, ...reversed.casual]);
    expect(formal.length).toBeGreaterThan(300);
    expect(friendly.length).toBeGreaterThan(100);
    expect(formal.filter((sentence) => /(어|아|야|해|자|지|냐|니|봐|래|돼)$/.test(sentence))).toEqual([]);
    expect(friendly.filter((sentence) => /(요|니다|죠)$/.test(sentence))).toEqual([]);
  });
});
