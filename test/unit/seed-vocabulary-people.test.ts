import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { drawnNamesFile } from '../../scripts/drawn-names.js';
import {
  composeName,
  familyNames,
  givenNames,
  interestTags,
  intros,
  ipAddresses,
  languageCodes,
  mailDomains,
  oauthId,
  pickWeighted,
  preferredCountries,
  profileImageUrl,
  residences,
  userAgents,
} from '../../seeds/vocabulary/index.js';
import { fakerVersion } from '../../seeds/vocabulary/people/drawn-names.js';
import { koreanName } from '../../seeds/vocabulary/people/person-name.js';
import { equallyWeighted, weighted } from '../../seeds/vocabulary/weighted.js';
import { packageRoot } from '../../src/package-root.js';

const folder = join(packageRoot(), 'seeds', 'vocabulary');
const genders = ['MALE', 'FEMALE', 'OTHER', null] as const;
const years = [1935, 1979, 1980, 1995, 2000, 2012];

describe('frozen names', () => {
  it('are what the pinned faker draws', () => {
    const installed = createRequire(import.meta.url)('@faker-js/faker/package.json') as { version: string };
    expect(installed.version).toBe(fakerVersion);
    expect(readFileSync(join(folder, 'people', 'drawn-names.ts'), 'utf8')).toBe(
      drawnNamesFile(installed.version),
    );
  });

  it('are all that the vocabulary has of faker: it is not imported', () => {
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.ts'),
    );
    expect(files.length).toBeGreaterThan(30);
    for (const file of files)
      expect(readFileSync(join(folder, file), 'utf8'), file).not.toMatch(/(from|import\() ?'@faker-js/);
  });
});

describe('names', () => {
  it('exist for every mother tongue, gender and year of birth', () => {
    for (const language of languageCodes)
      for (const gender of genders)
        for (const year of years)
          expect(givenNames(language, gender, year).items.length, language).toBeGreaterThanOrEqual(8);
  });

  it('change with the generations', () => {
    const names = (year: number): readonly (string | null)[] =>
      givenNames('ko', 'FEMALE', year).items.map(({ hangul }) => hangul);
    expect(names(1965)).toContain('영희');
    expect(names(2004)).not.toContain('영희');
    expect(names(2004)).toContain('서연');
  });

  it('are romanised in ASCII letters, as people spell them', () => {
    for (const language of languageCodes) {
      const names = [
        ...familyNames[language].items,
        ...genders.flatMap((gender) => years.flatMap((year) => givenNames(language, gender, year).items)),
      ];
      const form = language === 'ko' ? /^[A-Z][a-z]+ [a-z]+ [가-힣]{1,2}$/ : /^[A-Z][a-z]+ [a-z]+ $/;
      const written = names.map(({ latin, mail, hangul }) => `${latin} ${mail} ${hangul ?? ''}`);
      expect(written.filter((name) => !form.test(name))).toEqual([]);
    }
    const spelled = ['민준', '지현', '서연', '하은', '영훈', '선우', '별'].map(
      (hangul) => koreanName(hangul).latin,
    );
    expect(spelled).toEqual(['Minjun', 'Jihyun', 'Seoyeon', 'Haeun', 'Younghoon', 'Sunwoo', 'Byeol']);
    expect(() => koreanName('Kim')).toThrow('not a syllable of Hangul');
  });

  it('stand once in each list', () => {
    for (const language of languageCodes)
      for (const list of [
        familyNames[language],
        ...genders.flatMap((gender) => givenNames(language, gender, 1995)),
      ]) {
        const names = list.items.map(({ latin, hangul }) => hangul ?? latin);
        expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
      }
  });

  it('are put together as each language does', () => {
    const [minjun, kim] = [koreanName('민준'), koreanName('김', 'Kim')];
    expect(composeName('ko', minjun, kim)).toEqual({
      english: 'Minjun Kim',
      korean: '김민준',
      mail: 'minjun.kim',
    });
    const [emma] = givenNames('en', 'FEMALE', 2004).items.filter(({ latin }) => latin === 'Emma');
    const [smith] = familyNames.en.items;
    if (emma === undefined || smith === undefined) throw new Error('no Emma Smith');
    expect(composeName('en', emma, smith)).toEqual({
      english: 'Emma Smith',
      korean: null,
      mail: 'emma.smith',
    });
  });
});

describe('weights', () => {
  it('decide how often something is drawn', () => {
    const draws = Array.from({ length: 4096 }, (_, draw) => pickWeighted(familyNames.ko, draw).hangul);
    const share = (hangul: string): number => draws.filter((drawn) => drawn === hangul).length / draws.length;
    expect(share('김')).toBeCloseTo(0.215, 1);
    expect(share('김')).toBeGreaterThan(share('이'));
    expect(share('이')).toBeGreaterThan(share('박'));
    expect(new Set(draws).size).toBe(familyNames.ko.items.length);
  });

  it('leave nothing out, however rare', () => {
    const list = weighted([
      ['often', 1_000_000],
      ['seldom', 0.001],
      ['also', 1],
    ]);
    const drawn = Array.from({ length: 4096 }, (_, draw) => pickWeighted(list, draw));
    expect(new Set(drawn)).toEqual(new Set(['often', 'seldom', 'also']));
  });

  it('are dealt out to the last place', () => {
    const { places } = weighted([
      ['three', 3],
      ['one', 1],
    ]);
    expect(Array.from(places)).toEqual([
      ...new Array<number>(3072).fill(0),
      ...new Array<number>(1024).fill(1),
    ]);
  });

  it('refuse more items than there are places', () => {
    expect(() => equallyWeighted(Array.from({ length: 4097 }, (_, item) => item)).places).toThrow(
      '4097 items',
    );
  });
});

describe('accounts', () => {
  it('can reach nobody: domains, networks and hosts are reserved ones', () => {
    for (const domain of mailDomains.items) expect(domain).toMatch(/(^|\.)example(\.(com|net|org))?$/);
    for (const address of ipAddresses.texts)
      expect(address).toMatch(
        /^(192\.0\.2|198\.51\.100|203\.0\.113)\.\d{1,3}$|^2001:db8:[1-9a-f][0-9a-f]?::[1-9a-f]$/,
      );
    expect(new URL(profileImageUrl(7)).hostname).toBe('images.studymate.example');
  });

  it('have ids of their own', () => {
    for (const provider of ['GOOGLE', 'NAVER'] as const) {
      const ids = [0, 1, 35, 36, 99_999_999].map((number) => oauthId(provider, number));
      expect(new Set(ids).size).toBe(ids.length);
      for (const id of ids) expect(id).toMatch(provider === 'GOOGLE' ? /^\d{21}$/ : /^[a-z0-9-]{43}$/);
    }
    for (const { texts } of [userAgents, ipAddresses]) expect(new Set(texts).size).toBe(texts.length);
  });
});

describe('profiles', () => {
  it('live somewhere, in countries that others look for', () => {
    const countries = new Set<string>();
    for (const language of languageCodes)
      for (const { place, country } of residences[language].items) {
        expect(place.length).toBeGreaterThan(0);
        expect(country).toMatch(/^[A-Z]{2}$/);
        countries.add(country);
      }
    for (const wanted of preferredCountries.items)
      for (const country of wanted ?? []) expect(countries).toContain(country);
  });

  it('introduce themselves in hundreds of ways', () => {
    for (const language of ['ko', 'en'] as const) {
      expect(new Set(intros[language].texts).size).toBe(intros[language].texts.length);
      expect(intros[language].texts.length).toBeGreaterThanOrEqual(300);
    }
    for (const language of languageCodes) expect(intros[language].texts.length).toBeGreaterThanOrEqual(27);
  });

  it('have interests that differ', () => {
    expect(new Set(interestTags.items).size).toBe(interestTags.items.length);
  });
});
