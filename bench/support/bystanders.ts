import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';

/** What the application does meanwhile, over and over, in a session of its own. */
export interface Bystander {
  readonly name: string;
  readonly client: pg.Client;
  readonly sql: string;
}

const PAUSE_MS = 5;

/**
 * The longest statement of each bystander while `work` runs, in milliseconds, by name. Each runs its statement a few
 * times before, so that no first time is counted.
 */
export async function longestWaits(
  bystanders: readonly Bystander[],
  work: () => Promise<unknown>,
): Promise<ReadonlyMap<string, number>> {
  for (const { client, sql } of bystanders) {
    for (let time = 0; time < 5; time++) await client.query(sql);
  }
  const state = { done: false };
  const loops = bystanders.map(async ({ name, client, sql }) => {
    let longest = 0;
    while (!state.done) {
      const since = performance.now();
      await client.query(sql);
      longest = Math.max(longest, performance.now() - since);
      await delay(PAUSE_MS);
    }
    return [name, longest] as const;
  });
  try {
    await work();
  } finally {
    state.done = true;
  }
  return new Map(await Promise.all(loops));
}
