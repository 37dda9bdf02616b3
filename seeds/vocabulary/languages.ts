import { weighted, type Weighted } from './weighted.js';

export const languageCodes = ['ko', 'en', 'ja', 'zh', 'es', 'fr'] as const;
export type LanguageCode = (typeof languageCodes)[number];

export const levels = ['A1', 'A2', 'B1', 'B2', 'C1', 'C2'] as const;
export type Level = (typeof levels)[number];

/** Mother tongues, by the share of users. */
export const nativeLanguages: Weighted<LanguageCode> = weighted([
  ['ko', 520],
  ['en', 330],
  ['ja', 50],
  ['zh', 40],
  ['es', 35],
  ['fr', 25],
]);

/** What speakers of a language learn. Conversations exist for every one of these pairs. */
export const learntLanguages: Readonly<Record<LanguageCode, Weighted<LanguageCode>>> = {
  ko: weighted([
    ['en', 780],
    ['ja', 100],
    ['zh', 60],
    ['es', 35],
    ['fr', 25],
  ]),
  en: weighted([
    ['ko', 800],
    ['ja', 80],
    ['es', 60],
    ['fr', 40],
    ['zh', 20],
  ]),
  ja: weighted([
    ['ko', 600],
    ['en', 400],
  ]),
  zh: weighted([
    ['ko', 550],
    ['en', 450],
  ]),
  es: weighted([
    ['en', 550],
    ['ko', 450],
  ]),
  fr: weighted([
    ['en', 500],
    ['ko', 500],
  ]),
};

/** Levels of learners: most are in the middle. */
export const learnerLevels: Weighted<Level> = weighted([
  ['A1', 14],
  ['A2', 24],
  ['B1', 30],
  ['B2', 20],
  ['C1', 9],
  ['C2', 3],
]);
