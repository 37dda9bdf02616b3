import type pg from 'pg';
import { expect } from 'vitest';
import { refreshUserActiveDays, type ActivityOptions } from '../../src/activity/refresh-user-active-days.js';
import { withMaintenanceSession } from '../../src/database/maintenance-session.js';
import { insertRow } from './rows.js';

/** What the roll-up must be equal to: of the log, live and archived, and of nothing else. */
const LOGGED = `
  select distinct user_id || ' ' || (created_at at time zone $1)::date as entry
  from (select * from user_activity_logs union all select * from user_activity_logs_archive) as log
  where user_id is not null and activity <> 'LOGIN' and activity <> 'LOGOUT'`;

export async function refresh(url: string, options: ActivityOptions = {}): Promise<number> {
  const { added } = await withMaintenanceSession(
    { connection: url, applicationName: 'studymate-db maintain', waitMs: 10_000 },
    (session) => refreshUserActiveDays(session, options),
  );
  return added;
}

/** Makes the mark an hour older, as time would. */
export async function age(client: pg.Client): Promise<void> {
  await client.query(
    `update studymate.user_active_days_state set marked_at = marked_at - interval '61 minutes'`,
  );
}

export async function coveredId(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ id: number }>(
    'select covered_id::int as id from studymate.user_active_days_state',
  );
  return rows[0]?.id ?? 0;
}

export async function entries(client: pg.Client, sql: string, values: unknown[] = []): Promise<string[]> {
  const { rows } = await client.query<{ entry: string }>(`${sql} order by 1`, values);
  return rows.map(({ entry }) => entry);
}

export const rolledUp = (client: pg.Client): Promise<string[]> =>
  entries(client, `select user_id || ' ' || day as entry from studymate.user_active_days`);

export const logged = (client: pg.Client, timeZone = 'Asia/Seoul'): Promise<string[]> =>
  entries(client, LOGGED, [timeZone]);

/** What list_user_active_days says is what the log says: of all time, and of windows of it. */
export async function expectExact(client: pg.Client): Promise<void> {
  for (const timeZone of ['Asia/Seoul', 'America/New_York']) {
    const all = await logged(client, timeZone);
    for (const [from, until] of [
      ['2000-01-01', '2100-01-01'],
      ['2025-06-20', '2025-09-02'],
      ['2026-03-20', '2026-03-21'],
    ] as const) {
      const listed = await entries(
        client,
        `select user_id || ' ' || day as entry from studymate.list_user_active_days($1, $2, $3)`,
        [from, until, timeZone],
      );
      const within = (entry: string): boolean => {
        const day = entry.slice(entry.indexOf(' ') + 1);
        return day >= from && day < until;
      };
      expect(listed, `${timeZone} ${from}`).toEqual(all.filter(within));
    }
  }
}

/** Of user `user_id`, a core activity where nothing else is said. */
export async function logAt(
  client: pg.Client,
  user_id: string | null,
  created_at: string,
  values: Readonly<Record<string, unknown>> = {},
): Promise<number> {
  const row = { user_id, activity: 'ROOM_OPENED', created_at, ...values };
  return Number((await insertRow(client, 'user_activity_logs', row)).id);
}

/** That, and nothing left to the log: the roll-up has it all. */
export async function expectRolledUp(client: pg.Client): Promise<void> {
  await expectExact(client);
  expect(await rolledUp(client)).toEqual(await logged(client));
}

/** Two runs, the second an hour after the first: what is committed is covered then, if nobody is in the way. */
export async function cover(url: string, client: pg.Client): Promise<void> {
  await refresh(url);
  await age(client);
  await refresh(url);
}
