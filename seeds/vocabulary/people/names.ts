import type { LanguageCode } from '../languages.js';
import type { Weighted } from '../weighted.js';
import { englishFamilyNames, englishGivenNames } from './english-names.js';
import type { GivenNames } from './given-names.js';
import { koreanFamilyNames, koreanGivenNames } from './korean-names.js';
import { otherFamilyNames, otherGivenNames } from './other-names.js';
import type { PersonName } from './person-name.js';

/** By mother tongue. */
export const familyNames: Readonly<Record<LanguageCode, Weighted<PersonName>>> = {
  ko: koreanFamilyNames,
  en: englishFamilyNames,
  ...otherFamilyNames,
};

export const allGivenNames: Readonly<Record<LanguageCode, GivenNames>> = {
  ko: koreanGivenNames,
  en: englishGivenNames,
  ...otherGivenNames,
};

/**
 * The names that parents of a mother tongue gave in a year.
 *
 * @param gender As in users.gender; for OTHER and null, names of any gender.
 */
export function givenNames(
  language: LanguageCode,
  gender: 'MALE' | 'FEMALE' | 'OTHER' | null,
  birthYear: number,
): Weighted<PersonName> {
  const { male, female, neutral } = allGivenNames[language];
  const generations = gender === 'MALE' ? male : gender === 'FEMALE' ? female : neutral;
  const born = generations.findLast(({ fromYear }) => fromYear <= birthYear) ?? generations[0];
  if (born === undefined) throw new Error(`no names for ${language}`);
  return born.names;
}
