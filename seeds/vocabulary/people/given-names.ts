import { weighted, type Weighted } from '../weighted.js';
import type { PersonName } from './person-name.js';

export interface Generation {
  /** Year of birth from which these names are given. */
  readonly fromYear: number;
  readonly names: Weighted<PersonName>;
}

/** By gender, then by year of birth, ascending. */
export interface GivenNames {
  readonly male: readonly Generation[];
  readonly female: readonly Generation[];
  readonly neutral: readonly Generation[];
}

/** The first popular name is given three times as often as the last; a rare one a fifteenth as often as that. */
export function generation(
  fromYear: number,
  nameOf: (text: string) => PersonName,
  popular: readonly string[],
  rare: readonly string[] = [],
): Generation {
  const known = new Set(popular);
  return {
    fromYear,
    names: weighted([
      ...popular.map((text, rank) => [nameOf(text), 45 - Math.floor((30 * rank) / popular.length)] as const),
      ...rare.filter((text) => !known.has(text)).map((text) => [nameOf(text), 1] as const),
    ]),
  };
}
