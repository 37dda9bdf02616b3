import type { SeedTable } from '../seed-table.js';
import { pickWeighted, preferredCountries } from '../vocabulary/index.js';
import { rememberLast } from '../world/children.js';
import { indexesWhere } from '../world/order-by-time.js';
import { timestampValue } from '../world/time.js';
import type { World } from '../world/world.js';

export interface Preferences {
  readonly ageMin: number | null;
  readonly ageMax: number | null;
  readonly gender: 'MALE' | 'FEMALE' | 'ANY';
  readonly countries: readonly string[] | null;
  readonly compatibility: number;
  readonly distanceKm: number | null;
}

/** What a user said in step 5 of the onboarding. */
export function createPreferences({ history }: Pick<World, 'history'>): (user: number) => Preferences {
  const age = history.draw('matching_preferences.preferred_age');
  const gender = history.draw('matching_preferences.preferred_gender');
  const country = history.draw('matching_preferences.preferred_countries');
  const others = history.draw('matching_preferences.min_compatibility');
  return (user) => {
    const youngest = age.chance(0.25, user, 1)
      ? null
      : 18 + Math.floor(12 * age.unit(user) * age.unit(user, 2));
    const wish = gender.unit(user);
    return {
      ageMin: youngest,
      ageMax: age.chance(0.35, user, 3) ? null : (youngest ?? 18) + 10 + age.below(30, user, 4),
      gender: wish < 0.74 ? 'ANY' : wish < 0.88 ? 'FEMALE' : 'MALE',
      countries: pickWeighted(preferredCountries, country.bits(user)),
      compatibility: [50, 60, 60, 70, 70, 70, 70, 70, 80, 90][others.below(10, user)] as number,
      distanceKm: others.chance(0.82, user, 1)
        ? null
        : ([10, 20, 50, 100, 300][others.below(5, user, 2)] as number),
    };
  };
}

export function matchingPreferences(world: World): SeedTable {
  const { people } = world;
  const users = indexesWhere(people.count, (user) => (people.stepsDone[user] as number) >= 5);
  const user = (row: number): number => users[row] as number;
  const preferences = rememberLast(createPreferences(world));
  const setAt = (row: number): number => timestampValue(people.stepDoneAt(user(row), 5));
  return {
    table: 'matching_preferences',
    rowCount: users.length,
    columns: {
      id: (row) => row + 1,
      user_id: (row) => user(row) + 1,
      preferred_age_min: (row) => preferences(user(row)).ageMin,
      preferred_age_max: (row) => preferences(user(row)).ageMax,
      preferred_gender: (row) => preferences(user(row)).gender,
      preferred_countries: (row) => preferences(user(row)).countries,
      min_compatibility: (row) => preferences(user(row)).compatibility,
      max_distance_km: (row) => preferences(user(row)).distanceKm,
      created_at: setAt,
      updated_at: setAt,
    },
  };
}
