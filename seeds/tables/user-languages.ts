import type { SeedTable } from '../seed-table.js';
import { learntLanguages, pickWeighted, type LanguageCode, type Level } from '../vocabulary/index.js';
import { createChildren, rememberLast } from '../world/children.js';
import { levelAt } from '../world/tests-taken.js';
import { timestampValue } from '../world/time.js';
import type { World } from '../world/world.js';

export interface Language {
  readonly code: LanguageCode;
  readonly type: 'NATIVE' | 'TEACHING' | 'LEARNING';
  readonly level: Level;
  readonly isPrimary: boolean;
}

/** What a user said in step 2 of the onboarding; the level of the main language learned is the last one tested. */
export function createLanguages({
  history,
  people,
  tests,
}: Pick<World, 'history' | 'people' | 'tests'>): (user: number) => readonly Language[] {
  const draw = history.draw('user_languages.language_code');
  return (user) => {
    const native = people.native(user);
    const learning = people.learning(user);
    const languages: Language[] = [{ code: native, type: 'NATIVE', level: 'C2', isPrimary: true }];
    if (draw.chance(0.6, user))
      languages.push({ code: native, type: 'TEACHING', level: 'C2', isPrimary: true });
    const level = tests.levelOf(user) ?? levelAt(tests.talent(user));
    languages.push({ code: learning, type: 'LEARNING', level, isPrimary: true });
    const another = pickWeighted(learntLanguages[native], draw.bits(user, 1));
    if (another === native || another === learning) return languages;
    if (draw.chance(0.5, user, 2))
      languages.push({
        code: another,
        type: 'LEARNING',
        level: draw.chance(0.6, user, 3) ? 'A1' : 'A2',
        isPrimary: false,
      });
    else if (draw.chance(0.3, user, 4))
      languages.push({ code: another, type: 'TEACHING', level: 'C1', isPrimary: false });
    return languages;
  };
}

export function userLanguages(world: World): SeedTable {
  const { people } = world;
  const languages = rememberLast(createLanguages(world));
  const rows = createChildren(people.count, (user) =>
    (people.stepsDone[user] as number) >= 2 ? languages(user).length : 0,
  );
  const language = (row: number): Language => languages(rows.parent(row))[rows.nth(row)] as Language;
  return {
    table: 'user_languages',
    rowCount: rows.count,
    columns: {
      id: (row) => row + 1,
      user_id: (row) => rows.parent(row) + 1,
      language_code: (row) => language(row).code,
      language_type: (row) => language(row).type,
      proficiency_level: (row) => language(row).level,
      is_primary: (row) => language(row).isPrimary,
      created_at: (row) => timestampValue(people.stepDoneAt(rows.parent(row), 2)),
    },
  };
}
