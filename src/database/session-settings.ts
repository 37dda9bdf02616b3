import type pg from 'pg';
import { ConnectError } from '../errors.js';
import { describeConnection } from './connection-settings.js';
import { settledWithin } from './deadline.js';
import type { PoolSettings } from './pool-settings.js';

/** What each session of the pool is set to as it starts; times in milliseconds. */
export function sessionSettings(pool: PoolSettings): Readonly<Record<string, string>> {
  return {
    // A role may have others, and a schema of the role's own name would come before public.
    search_path: 'public',
    timezone: 'UTC',
    // What pg reads dates in, and what a cursor is written and read back in.
    datestyle: 'ISO',
    // pg would leave out a 0, and the role's own limit would hold.
    statement_timeout: String(pool.statementTimeoutMs),
    lock_timeout: String(pool.lockTimeoutMs),
    idle_in_transaction_session_timeout: String(pool.idleInTransactionSessionTimeoutMs),
    ...(pool.readOnly ? { default_transaction_read_only: 'on' } : {}),
  };
}

/**
 * A pooler with PgBouncer's `ignore_startup_parameters` drops settings without a word: sessions for reading would
 * write, and no limit would hold. One round trip as a connection is made, and none later.
 *
 * @throws ConnectError CONNECT_PARAMETERS_REFUSED; an Error with code ETIMEDOUT when there is no answer within
 * `connectionTimeoutMs`
 */
export async function assertSessionSettings(client: pg.ClientBase, pool: PoolSettings): Promise<void> {
  const settings = sessionSettings(pool);
  const asked = client.query<{ name: string; setting: string }>(DIFFERENT, [
    Object.keys(settings),
    Object.values(settings),
  ]);
  if (!(await settledWithin(asked, pool.connectionTimeoutMs)))
    throw Object.assign(new Error('the new session did not answer'), { code: 'ETIMEDOUT' });
  const { rows } = await asked;
  if (rows.length === 0) return;
  throw new ConnectError(
    'CONNECT_PARAMETERS_REFUSED',
    `${describeConnection(pool.target.settings)} ignored the parameters of the session`,
    {
      detail: rows
        .map(({ name, setting }) => `${name} is ${setting}, not ${settings[name] ?? ''}`)
        .join('\n'),
      hint: 'A pooler such as PgBouncer with ignore_startup_parameters drops them; connect to PostgreSQL itself.',
    },
  );
}

/** The server says `1min` of 60000, and `ISO, DMY` of ISO. */
const DIFFERENT = `
  select wanted.name, actual.setting
  from unnest($1::text[], $2::text[]) as wanted (name, setting),
       current_setting(wanted.name) as actual (setting)
  where case
    when wanted.name like '%timeout' then actual.setting::interval <> wanted.setting::bigint * interval '1 millisecond'
    when wanted.name = 'datestyle' then actual.setting not like wanted.setting || ',%'
    else actual.setting <> wanted.setting
  end`;
