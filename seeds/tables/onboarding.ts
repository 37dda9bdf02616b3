import type { SeedTable } from '../seed-table.js';
import { onboardingSteps, type Texts } from '../vocabulary/index.js';
import { createChildren } from '../world/children.js';
import { ONBOARDING_STEPS } from '../world/people.js';
import { NEVER, optionalTimestamp, timestampValue } from '../world/time.js';
import type { World } from '../world/world.js';
import { createPreferences } from './matching-preferences.js';
import { createInterests } from './user-interests.js';
import { createLanguages } from './user-languages.js';
import { createProfiles } from './users.js';

export function onboardingProgress({ people }: World): SeedTable {
  const steps = (row: number): number => people.stepsDone[row] as number;
  return {
    table: 'onboarding_progress',
    rowCount: people.count,
    columns: {
      id: (row) => row + 1,
      user_id: (row) => row + 1,
      current_step: (row) => Math.min(ONBOARDING_STEPS, steps(row) + 1),
      is_completed: (row) => people.onboardedAt[row] !== NEVER,
      completed_at: (row) => optionalTimestamp(people.onboardedAt[row] as number),
      created_at: (row) => timestampValue(people.joinedAt[row] as number),
      updated_at: (row) => timestampValue(people.stepDoneAt(row, steps(row))),
    },
  };
}

/** Says what the tables say that are filled from it: profile, languages, interests, preferences. */
export function onboardingStepData(world: World): SeedTable {
  const { history, people } = world;
  const steps = createChildren(people.count, (user) => people.stepsDone[user] as number);
  const profile = createProfiles(world);
  const languages = createLanguages(world);
  const interests = createInterests(world);
  const preferences = createPreferences(world);
  const choice = history.draw('onboarding_step_data.data_json');
  const styles = onboardingSteps[4]?.texts ?? [];
  const style = (user: number): object =>
    JSON.parse(styles[choice.below(styles.length, user, 5)] ?? '{}') as object;
  const entered = (user: number, step: number): string | Uint8Array => {
    if (step === 1) {
      const { name, gender, birthDay, residence } = profile(user);
      const birthDate = new Date(birthDay * 86_400_000).toISOString().slice(0, 10);
      return JSON.stringify({
        englishName: name.english,
        koreanName: name.korean,
        birthDate,
        gender,
        ...residence,
      });
    }
    if (step === 2) {
      const codes = (type: string): string[] =>
        languages(user)
          .filter((language) => language.type === type)
          .map(({ code }) => code);
      return JSON.stringify({
        native: people.native(user),
        teaching: codes('TEACHING'),
        learning: codes('LEARNING'),
      });
    }
    if (step === 3) return JSON.stringify({ interests: interests(user) });
    if (step === 5) {
      const { gender, ageMin, ageMax, countries } = preferences(user);
      return JSON.stringify({ preferredGender: gender, ageMin, ageMax, countries, ...style(user) });
    }
    const { bytes } = onboardingSteps[step - 1] as Texts;
    return bytes[choice.below(bytes.length, user, step)] as Uint8Array;
  };
  return {
    table: 'onboarding_step_data',
    rowCount: steps.count,
    columns: {
      id: (row) => row + 1,
      user_id: (row) => steps.parent(row) + 1,
      step_num: (row) => steps.nth(row) + 1,
      data_json: (row) => entered(steps.parent(row), steps.nth(row) + 1),
      created_at: (row) => timestampValue(people.stepDoneAt(steps.parent(row), steps.nth(row) + 1)),
    },
  };
}
