import type { LanguageCode, Level } from '../languages.js';
import { texts, type Texts } from '../texts.js';
import { englishAnswers } from './english-answers.js';
import { koreanAnswers } from './korean-answers.js';
import { otherAnswers } from './other-answers.js';

/** Some answers to each of the four questions. */
export type FourAnswers = readonly [
  readonly string[],
  readonly string[],
  readonly string[],
  readonly string[],
];
export type WrittenAnswers = Readonly<Record<Level, FourAnswers>>;

type Other = keyof typeof otherAnswers;

/** Transcriptions by the language tested and the level of who answers; then by question. */
export const testAnswers: Readonly<Record<LanguageCode, Readonly<Record<Level, readonly Texts[]>>>> = {
  ko: encoded(koreanAnswers),
  en: encoded(englishAnswers),
  ja: encoded(byBand('ja')),
  zh: encoded(byBand('zh')),
  es: encoded(byBand('es')),
  fr: encoded(byBand('fr')),
};

function byBand(language: Other): WrittenAnswers {
  const { A, B, C } = otherAnswers[language];
  return { A1: A, A2: A, B1: B, B2: B, C1: C, C2: C };
}

function encoded({ A1, A2, B1, B2, C1, C2 }: WrittenAnswers): Readonly<Record<Level, readonly Texts[]>> {
  return {
    A1: A1.map(texts),
    A2: A2.map(texts),
    B1: B1.map(texts),
    B2: B2.map(texts),
    C1: C1.map(texts),
    C2: C2.map(texts),
  };
}
