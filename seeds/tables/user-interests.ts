import type { SeedTable } from '../seed-table.js';
import { interestTags, pickWeighted } from '../vocabulary/index.js';
import { createChildren, rememberLast } from '../world/children.js';
import { timestampValue } from '../world/time.js';
import type { World } from '../world/world.js';

/** What a user said in step 3 of the onboarding: two to seven different tags. */
export function createInterests({ history }: Pick<World, 'history'>): (user: number) => readonly string[] {
  const draw = history.draw('user_interests.interest_tag');
  return (user) => {
    const wanted = 2 + Math.floor(6 * draw.unit(user) * draw.unit(user, 1));
    const tags = new Set<string>();
    for (let nth = 2; tags.size < wanted && nth < 60; nth++)
      tags.add(pickWeighted(interestTags, draw.bits(user, nth)));
    return [...tags];
  };
}

export function userInterests(world: World): SeedTable {
  const { people } = world;
  const interests = rememberLast(createInterests(world));
  const rows = createChildren(people.count, (user) =>
    (people.stepsDone[user] as number) >= 3 ? interests(user).length : 0,
  );
  return {
    table: 'user_interests',
    rowCount: rows.count,
    columns: {
      id: (row) => row + 1,
      user_id: (row) => rows.parent(row) + 1,
      interest_tag: (row) => interests(rows.parent(row))[rows.nth(row)] as string,
      created_at: (row) => timestampValue(people.stepDoneAt(rows.parent(row), 3)),
    },
  };
}
