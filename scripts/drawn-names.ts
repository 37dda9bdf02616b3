import type { Faker } from '@faker-js/faker';
import { faker as english } from '@faker-js/faker/locale/en';
import { faker as korean } from '@faker-js/faker/locale/ko';

/** In faker's lists, but misspelt, or no name that anybody bears. */
const unwanted = new Set(
  `
    Adolphus Aglae Altenwerth Aufderhar Brain Cummerata Denesik Dortha Dusty Feest Florida Franecki Hegmann Hilll
    Hodkiewicz Innocent Jaunita Kihn Lavern Lueilwitz Lucious Maymie Odie Pinkie Princess Rogahn Roob Runolfsson
    Sabryna Sawayn Schaden Shyann Sincere Swaniawski Toy Von Wintheiser Wisoky Wiza Zboncak
  `
    .trim()
    .split(/\s+/),
);

/** Goes up when another selection is wanted. Another release of faker gives another one by itself. */
const SEED = 1;

/**
 * The text of seeds/vocabulary/people/drawn-names.ts, the same every time for a release of faker. Faker's names change
 * between releases; what it gave once stays in the repository, so that a seeded world stays the same, and the seed
 * command loads no faker.
 */
export function drawnNamesFile(version: string): string {
  const lists = {
    koreanFamilyNames: draw(korean, 40, /^[가-힣]$/, () => korean.person.lastName()),
    koreanMaleNames: draw(korean, 150, /^[가-힣]{2}$/, () => korean.person.firstName('male')),
    koreanFemaleNames: draw(korean, 150, /^[가-힣]{2}$/, () => korean.person.firstName('female')),
    koreanNeutralNames: draw(korean, 40, /^[가-힣]{2}$/, () => korean.person.firstName('generic')),
    englishMaleNames: draw(english, 120, /^[A-Z][a-z]{2,7}$/, () => english.person.firstName('male')),
    englishFemaleNames: draw(english, 120, /^[A-Z][a-z]{2,7}$/, () => english.person.firstName('female')),
    englishNeutralNames: draw(english, 40, /^[A-Z][a-z]{2,7}$/, () => english.person.firstName('generic')),
    englishFamilyNames: draw(english, 120, /^[A-Z][a-z]{2,9}$/, () => english.person.lastName()),
  };
  const constants = Object.entries(lists).map(
    ([name, names]) => `export const ${name} = words(\`\n${wrap(names)}\n\`);\n`,
  );
  return `/** Drawn from @faker-js/faker by scripts/freeze-vocabulary.ts; do not edit. */
import { words } from '../words.js';

export const fakerVersion = '${version}';

${constants.join('\n')}`;
}

/** So many different ones of the form wanted, sorted: what the draws give is a set, and a sorted list reads well. */
function draw(faker: Faker, count: number, form: RegExp, next: () => string): readonly string[] {
  faker.seed(SEED);
  const drawn = new Set<string>();
  for (let attempt = 0; drawn.size < count; attempt++) {
    if (attempt === 100_000) throw new Error(`faker has fewer than ${count} names that match ${form.source}`);
    const name = next().normalize('NFC');
    if (form.test(name) && !unwanted.has(name)) drawn.add(name);
  }
  return [...drawn].sort();
}

function wrap(names: readonly string[]): string {
  // A syllable of Hangul is as wide as two letters.
  const width = /[가-힣]/.test(names.join('')) ? 70 : 110;
  const lines: string[] = [];
  let line = ' ';
  for (const name of names) {
    if (line.length + name.length >= width) {
      lines.push(line);
      line = ' ';
    }
    line += ` ${name}`;
  }
  return [...lines, line].join('\n');
}
