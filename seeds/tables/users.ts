import type { SeedTable } from '../seed-table.js';
import {
  composeName,
  familyNames,
  givenNames,
  intros,
  mailDomains,
  oauthId,
  pickWeighted,
  profileImageUrl,
  residences,
  type Residence,
} from '../vocabulary/index.js';
import { rememberLast } from '../world/children.js';
import { permute } from '../world/draw.js';
import { dateValue, DAY, timestampValue } from '../world/time.js';
import type { World } from '../world/world.js';

type Gender = 'MALE' | 'FEMALE' | 'OTHER';

export interface Profile {
  readonly name: ReturnType<typeof composeName>;
  readonly gender: Gender | null;
  /** Days from 1970-01-01. */
  readonly birthDay: number;
  readonly residence: Residence;
}

/** What a user said in step 1 of the onboarding. */
export function createProfiles({
  history,
  people,
}: Pick<World, 'history' | 'people'>): (user: number) => Profile {
  const genders = history.draw('users.gender');
  const names = history.draw('users.english_name');
  const ages = history.draw('users.birth_date');
  const homes = history.draw('users.residence');
  return (user) => {
    const native = people.native(user);
    const share = genders.unit(user);
    const gender = share < 0.54 ? 'FEMALE' : share < 0.96 ? 'MALE' : share < 0.975 ? 'OTHER' : null;
    const years = 15 + Math.min(50, 11 * ages.unit(user) + 5.5 * ages.wait(user, 1));
    const birthDay = Math.floor((people.joinedAt[user] as number) / DAY - years * 365.25);
    const birthYear = new Date(birthDay * DAY).getUTCFullYear();
    return {
      name: composeName(
        native,
        pickWeighted(givenNames(native, gender, birthYear), names.bits(user, 1)),
        pickWeighted(familyNames[native], names.bits(user)),
      ),
      gender,
      birthDay,
      residence: pickWeighted(residences[native], homes.bits(user)),
    };
  };
}

export function users(world: World): SeedTable {
  const { history, people, accounts } = world;
  const profile = rememberLast(createProfiles(world));
  const mail = history.draw('users.email');
  const login = history.draw('users.oauth_provider');
  const about = history.draw('users.intro');
  const picture = history.draw('users.profile_image_url');
  const change = history.draw('users.updated_at');
  const numbers = Math.max(10_000, people.count);
  const provider = (row: number): 'GOOGLE' | 'NAVER' | null => {
    if (login.chance(0.12, row)) return null;
    return people.native(row) === 'ko' && login.chance(0.55, row, 1) ? 'NAVER' : 'GOOGLE';
  };
  return {
    table: 'users',
    rowCount: people.count,
    columns: {
      id: (row) => row + 1,
      // Everybody has a number of their own, and names end in letters: no two are the same.
      email: (row) =>
        `${profile(row).name.mail}${permute(numbers, mail.bits(-1), row)}@${pickWeighted(mailDomains, mail.bits(row))}`,
      english_name: (row) => profile(row).name.english,
      korean_name: (row) => profile(row).name.korean,
      birth_date: (row) => dateValue(profile(row).birthDay),
      gender: (row) => profile(row).gender,
      // The country, as partners are looked for by country; the place is in the step of the onboarding.
      residence: (row) => profile(row).residence.country,
      profile_image_url: (row) => (picture.chance(0.7, row) ? profileImageUrl(picture.bits(row, 1)) : null),
      intro: (row) => {
        if ((people.stepsDone[row] as number) === 0 || !about.chance(0.72, row)) return null;
        const { bytes } = intros[people.native(row)];
        return bytes[about.below(bytes.length, row, 1)] as Uint8Array;
      },
      is_active: (row) => accounts.isActive(row),
      oauth_provider: provider,
      oauth_id: (row) => {
        const by = provider(row);
        return by === null ? null : oauthId(by, permute(numbers, login.bits(-1), row));
      },
      created_at: (row) => timestampValue(people.joinedAt[row] as number),
      updated_at: (row) => {
        if (!accounts.isActive(row)) return timestampValue(accounts.closedAt(row));
        const joined = people.joinedAt[row] as number;
        const share = change.chance(0.4, row) ? change.unit(row, 1) : 0;
        return timestampValue(joined + Math.floor((share * (history.to - joined)) / 1_000) * 1_000);
      },
    },
  };
}
