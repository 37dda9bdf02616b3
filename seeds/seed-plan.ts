import type { SeedTable } from './seed-table.js';

export const seedProfileNames = ['tiny', 'demo', 'load'] as const;
export type SeedProfile = (typeof seedProfileNames)[number];

export const seedLocales = ['ko', 'en'] as const;
export type SeedLocale = (typeof seedLocales)[number];

/** What a world is made of. The same options give the same rows, on every machine and server. */
export interface SeedOptions {
  /** How large the world is where the numbers below are left out. */
  readonly profile: SeedProfile;
  readonly users?: number | undefined;
  readonly messages?: number | undefined;
  /** Months of history before the reference date. */
  readonly months?: number | undefined;
  /** Default 42; a whole number from 0 to 4,294,967,295. */
  readonly seed?: number | undefined;
  /** The world's today; default 2026-01-01 UTC. Never the clock: the rows would be others tomorrow. */
  readonly referenceDate?: Date | undefined;
  /** Default both. */
  readonly locales?: readonly SeedLocale[] | undefined;
}

/** Every number decided and checked. */
export interface ResolvedSeedOptions {
  readonly profile: SeedProfile;
  readonly users: number;
  readonly messages: number;
  readonly months: number;
  readonly seed: number;
  readonly referenceDate: Date;
  readonly locales: readonly SeedLocale[];
}

export interface SeedPlan {
  readonly options: ResolvedSeedOptions;
  /** The tables of the world in the order of loading: a parent before its children. */
  readonly tables: readonly SeedTable[];
  /** Of everything that texts are drawn from, in hexadecimal: another release of faker gives another one. */
  readonly vocabularyHash: string;
  /** Goes up whenever a generator changes what it gives for the same options. */
  readonly generatorVersion: number;
}
