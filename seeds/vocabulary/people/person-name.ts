import type { LanguageCode } from '../languages.js';
import { romaniseSyllables } from './romanise.js';

/** One part of a name: a given name or a family name. */
export interface PersonName {
  /** In ASCII letters, as english_name has it. */
  readonly latin: string;
  /** Where it is Korean. */
  readonly hangul: string | null;
  /** In lower-case ASCII letters, for an e-mail address. */
  readonly mail: string;
}

export function latinName(latin: string): PersonName {
  return { latin, hangul: null, mail: latin.toLowerCase().replace(/[^a-z]/g, '') };
}

/** @param spelling Of family names that have a customary one, such as Park. */
export function koreanName(hangul: string, spelling?: string): PersonName {
  const latin = spelling ?? capitalised(romaniseSyllables(hangul).join(''));
  return { latin, hangul, mail: latin.toLowerCase() };
}

export interface ComposedName {
  readonly english: string;
  /** Of Koreans only. */
  readonly korean: string | null;
  /** Local part of an e-mail address, without the number that makes it unique. */
  readonly mail: string;
}

/** Given name first in English, family name first in Korean. */
export function composeName(language: LanguageCode, given: PersonName, family: PersonName): ComposedName {
  return {
    english: `${given.latin} ${family.latin}`,
    korean: language === 'ko' ? `${family.hangul ?? ''}${given.hangul ?? ''}` : null,
    mail: `${given.mail}.${family.mail}`,
  };
}

function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
