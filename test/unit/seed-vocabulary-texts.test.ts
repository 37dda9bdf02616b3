import { describe, expect, it } from 'vitest';
import * as vocabulary from '../../seeds/vocabulary/index.js';
import { hashOf, vocabularyHash } from '../../seeds/vocabulary/vocabulary-hash.js';

const {
  activities,
  aiScoresJson,
  attachments,
  fillSlots,
  groupRooms,
  interestTags,
  languageCodes,
  levels,
  metrics,
  notificationTypes,
  onboardingSteps,
  ratings,
  recordingFormats,
  sessionFeedback,
  sessionTopics,
  testAnalyses,
  testAnswers,
  testFeedback,
  testQuestions,
} = vocabulary;

/** Every list of texts and every string that the vocabulary exports, wherever it is. */
function everything(value: unknown): { lists: vocabulary.Texts[]; strings: string[] } {
  const lists: vocabulary.Texts[] = [];
  const strings: string[] = [];
  const visit = (inner: unknown): void => {
    if (typeof inner === 'string') strings.push(inner);
    if (typeof inner !== 'object' || inner === null || ArrayBuffer.isView(inner)) return;
    if ('texts' in inner && 'bytes' in inner) lists.push(inner as vocabulary.Texts);
    Object.values(inner).forEach(visit);
  };
  visit(value);
  return { lists, strings };
}

function objects({ texts }: { readonly texts: readonly string[] }): Record<string, unknown>[] {
  return texts.map((text) => {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw new Error(`no object: ${text}`);
    return value as Record<string, unknown>;
  });
}

function longest(list: readonly string[]): number {
  // Characters, as varchar counts them.
  return Math.max(...list.map((text) => Array.from(text).length));
}

describe('the vocabulary', () => {
  it('is the one of this release: a change makes every seeded world another one', () => {
    expect(vocabularyHash()).toBe('69a5e324724a38f76080e8ea81f4e8f7ed5c3d658b924d0e9fcd4b156b5f0fa0');
  });

  it('has another hash when a word, a weight or an order is another one', () => {
    const hash = hashOf({ words: ['a', 'b'], weights: [1, 2] });
    expect(hashOf({ weights: [1, 2], words: ['a', 'b'] })).toBe(hash);
    expect(hashOf({ words: ['a', 'c'], weights: [1, 2] })).not.toBe(hash);
    expect(hashOf({ words: ['a', 'b'], weights: [1, 3] })).not.toBe(hash);
    expect(hashOf({ words: ['b', 'a'], weights: [1, 2] })).not.toBe(hash);
  });

  it('is text that PostgreSQL takes: valid Unicode, composed, without NUL, the bytes beside it the same', () => {
    const { lists, strings } = everything(vocabulary);
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    expect(lists.length).toBeGreaterThan(800);
    for (const { texts, bytes } of lists)
      expect(bytes.map((encoded) => decoder.decode(encoded))).toEqual(texts);
    expect(strings.filter((text) => /\p{Cc}|\ufffd|^\s|\s$/u.test(text))).toEqual([]);
    expect(strings.filter((text) => text !== text.normalize('NFC'))).toEqual([]);
  });

  it('fits the columns', () => {
    expect(longest(interestTags.items)).toBeLessThanOrEqual(100);
    expect(longest(groupRooms.map(({ name }) => name))).toBeLessThanOrEqual(255);
    expect(longest(sessionTopics.map(({ title }) => title))).toBeLessThanOrEqual(255);
    expect(longest(languageCodes)).toBeLessThanOrEqual(10);
    expect(
      longest(recordingFormats.items.flatMap(({ format, quality }) => [format, quality])),
    ).toBeLessThanOrEqual(20);
    expect(longest(notificationTypes.items.map(({ type }) => type))).toBeLessThanOrEqual(50);
    expect(longest(activities.items.map(({ name }) => name))).toBeLessThanOrEqual(100);
    expect(longest(metrics.map(({ name }) => name))).toBeLessThanOrEqual(100);
    expect(longest(metrics.map(({ unit }) => unit))).toBeLessThanOrEqual(20);
  });

  it('names a thing once', () => {
    for (const names of [
      groupRooms.map(({ name }) => name),
      sessionTopics.map(({ title }) => title),
      notificationTypes.items.map(({ type }) => type),
      activities.items.map(({ name }) => name),
      metrics.map(({ name }) => name),
      ...Object.values(attachments).map(({ urls }) => urls.texts),
    ])
      expect(new Set(names).size).toBe(names.length);
  });
});

describe('JSON', () => {
  it('of a file says what FileMetadata declares', () => {
    for (const [kind, { urls, metadata }] of Object.entries(attachments)) {
      expect(urls.texts).toHaveLength(metadata.texts.length);
      objects(metadata).forEach(({ name, size, type, ...rest }, index) => {
        expect(name).toMatch(/\.\w+$/);
        expect(urls.texts[index]?.split('.').at(-1)).toBe(String(name).split('.').at(-1));
        expect(Number.isSafeInteger(size)).toBe(true);
        expect(type).toMatch(/^[a-z]+\/[a-z0-9.+-]+$/);
        expect(Object.keys(rest)).toEqual(
          { IMAGE: ['width', 'height'], VOICE: ['duration'], FILE: [] }[kind],
        );
        for (const number of Object.values(rest)) expect(Number.isSafeInteger(number)).toBe(true);
      });
    }
  });

  it('of an analysis says what AiAnalysis declares', () => {
    for (const level of levels)
      for (const { summary, ...lists } of objects(testAnalyses[level])) {
        expect(typeof summary).toBe('string');
        expect(Object.keys(lists)).toEqual(['strengths', 'weaknesses', 'recommendations']);
        for (const list of Object.values(lists) as unknown[][])
          expect(list.every((item) => typeof item === 'string')).toBe(true);
      }
  });

  it('of scores says what AiScores declares', () => {
    const scores = {
      pronunciation: 1,
      grammar: 2,
      fluency: 3,
      vocabulary: 4,
      comprehension: 5,
      interaction: 100,
    };
    expect(JSON.parse(aiScoresJson(scores))).toEqual(scores);
  });

  it('of a metric has plain tags', () => {
    for (const { tags, low, high, decimals } of metrics) {
      for (const value of objects(tags).flatMap(Object.values)) expect(typeof value).toBe('string');
      expect(low).toBeLessThan(high);
      expect(high).toBeLessThan(1e11);
      expect([0, 1, 2, 3, 4]).toContain(decimals);
    }
  });

  it('of a step and of an activity is an object', () => {
    expect(onboardingSteps).toHaveLength(6);
    for (const list of [...onboardingSteps, ...activities.items.map(({ details }) => details)])
      expect(objects(list).length).toBeGreaterThan(0);
  });
});

describe('notifications', () => {
  it('are whole in both languages once their slots are filled', () => {
    const slots = { name: '김민준', id: 42, level: 'B1' };
    for (const { ko, en, data } of notificationTypes.items) {
      expect(fillSlots(ko.message, slots)).not.toMatch(/[{}]/);
      expect(fillSlots(en.message, slots)).not.toMatch(/[{}]/);
      expect(longest([ko.title, en.title])).toBeLessThanOrEqual(255);
      expect(Object.keys(JSON.parse(fillSlots(data, slots)) as object).length).toBeGreaterThan(0);
    }
  });

  it('leave a slot that nothing is known for', () => {
    expect(fillSlots('{name} to {place}', { name: '$& {place}' })).toBe('$& {place} to {place}');
    expect(fillSlots('{toString}', {})).toBe('{toString}');
  });
});

describe('level tests', () => {
  it('have four questions in each language, and answers to them at every level', () => {
    for (const language of languageCodes) {
      expect(new Set(testQuestions[language]).size).toBe(4);
      for (const level of levels) {
        expect(testAnswers[language][level]).toHaveLength(4);
        for (const { texts } of testAnswers[language][level]) expect(texts.length).toBeGreaterThan(0);
      }
    }
  });

  it('and sessions have feedback for every outcome in both languages', () => {
    for (const language of ['ko', 'en'] as const) {
      for (const level of levels) expect(testFeedback[language][level].texts.length).toBeGreaterThan(1);
      for (const rating of ratings) expect(sessionFeedback[language][rating].texts.length).toBeGreaterThan(2);
    }
  });
});
