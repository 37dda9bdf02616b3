import type { SeedProfile } from './seed-plan.js';

/** How large a world is; every other table scales with these three. */
export interface ProfileSize {
  readonly users: number;
  readonly messages: number;
  readonly months: number;
}

/** tiny: tests, in a second; demo: something to look at; load: a busy platform. */
export const profiles: Readonly<Record<SeedProfile, ProfileSize>> = {
  tiny: { users: 40, messages: 1_500, months: 3 },
  demo: { users: 1_000, messages: 50_000, months: 12 },
  load: { users: 50_000, messages: 5_000_000, months: 24 },
};
