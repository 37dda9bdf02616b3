import { beforeAll, describe, expect, test } from 'vitest';
import { measureSeed, type Counts, type SeedShapes } from '../../scripts/measure-seed.js';
import { planSeed } from '../../seeds/plan-seed.js';
import { measureFunnel, type SeedFunnel } from '../support/seed-funnel.js';

const total = (counts: Counts, keys: readonly string[] = [...counts.keys()]): number =>
  keys.reduce((sum, key) => sum + (counts.get(key) ?? 0), 0);
const share = (counts: Counts, ...keys: string[]): number => total(counts, keys) / total(counts);

/** Loose bounds: they hold for every seed, and for no even distribution. */
describe.each([42, 4_711])('a world of seed %i', (seed) => {
  let shapes: SeedShapes;
  let funnel: SeedFunnel;

  beforeAll(() => {
    const plan = planSeed({
      profile: 'demo',
      users: 600,
      messages: 30_000,
      months: 12,
      seed,
      referenceDate: new Date(Date.UTC(2026, 0, 1)),
      locales: ['ko', 'en'],
    });
    shapes = measureSeed(plan);
    funnel = measureFunnel(plan);
  }, 60_000);

  test('sleeps at night in Seoul and talks in the evening', () => {
    const evening = share(shapes.messagesByHour, '20', '21', '22');
    expect(evening).toBeGreaterThan(0.22);
    expect(evening).toBeLessThan(0.36);
    expect(share(shapes.messagesByHour, '02', '03', '04', '05')).toBeLessThan(0.04);
    expect(share(shapes.messagesByHour, '12')).toBeGreaterThan(share(shapes.messagesByHour, '15'));
  });

  test('writes more at weekends', () => {
    expect(share(shapes.messagesByWeekday, 'Sat', 'Sun') / 2).toBeGreaterThan(
      1.08 * share(shapes.messagesByWeekday, 'Tue'),
    );
  });

  test('grows, and has messages in every month', () => {
    const months = [...shapes.messagesByMonth].filter(([month]) => month.startsWith('2025'));
    expect(months).toHaveLength(12);
    const [first, last] = [total(new Map(months.slice(0, 3))), total(new Map(months.slice(-3)))];
    expect(last / first).toBeGreaterThan(1.6);
    expect(last / first).toBeLessThan(5);
  });

  test('has a few busy rooms and people, and many quiet ones', () => {
    for (const shares of [shapes.messagesOfRooms, shapes.messagesOfPeople]) {
      expect(shares.get('busiest 1 %')).toBeGreaterThan(8);
      expect(shares.get('busiest 1 %')).toBeLessThan(45);
      expect(shares.get('busiest 10 %')).toBeGreaterThan(40);
      expect(shares.get('busiest 50 %')).toBeLessThan(99.9);
    }
  });

  test('says yes more often than no, is kind in ratings and mostly in the middle levels', () => {
    expect(share(shapes.requests, 'ACCEPTED')).toBeGreaterThan(0.45);
    expect(share(shapes.requests, 'REJECTED')).toBeGreaterThan(0.1);
    expect(shapes.ratings.get('5')).toBeGreaterThan(shapes.ratings.get('3') ?? 0);
    expect(shapes.ratings.get('1')).toBeGreaterThan(0);
    expect(share(shapes.levels, 'B1', 'B2')).toBeGreaterThan(0.4);
  });

  test('has partners of whom most write to each other within 48 hours, many meet soon and half of those again', () => {
    expect(funnel.accepted).toBeGreaterThan(500);
    const steps = [
      funnel.written / funnel.accepted,
      funnel.met / funnel.written,
      funnel.metAgain / funnel.met,
    ] as const;
    expect(steps[0]).toBeGreaterThan(0.6);
    expect(steps[0]).toBeLessThan(0.85);
    expect(steps[1]).toBeGreaterThan(0.3);
    expect(steps[1]).toBeLessThan(0.55);
    expect(steps[2]).toBeGreaterThan(0.35);
    expect(steps[2]).toBeLessThan(0.6);
  });

  test('is of Koreans and of people who learn with them', () => {
    expect(share(shapes.natives, 'ko')).toBeGreaterThan(0.42);
    expect(share(shapes.natives, 'en')).toBeGreaterThan(0.25);
    expect(shapes.natives.size).toBe(6);
  });
});
