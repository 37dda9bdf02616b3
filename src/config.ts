import {
  connectionSettings,
  parseConnectionString,
  type ConnectionSettings,
} from './database/connection-settings.js';
import { UsageError } from './errors.js';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface ConnectionFlags {
  readonly databaseUrl?: string | undefined;
}

/**
 * Where the database is: the flag, else DATABASE_URL, else the PG* variables of libpq (PGHOST, PGPORT, PGUSER,
 * PGDATABASE, PGPASSWORD, PGSSLMODE). There is no default: nothing is ever picked for the caller.
 *
 * @throws UsageError CONFIG_NO_DATABASE_URL, CONFIG_INVALID_DATABASE_URL, CONFIG_INVALID
 */
export function resolveConnection(
  flags: ConnectionFlags,
  environment: Environment = process.env,
): ConnectionSettings {
  const url = nonEmpty(flags.databaseUrl) ?? nonEmpty(environment['DATABASE_URL']);
  if (url !== undefined) {
    const settings = parseConnectionString(url);
    if (settings.password !== undefined) return settings;
    return connectionSettings({ ...settings, password: nonEmpty(environment['PGPASSWORD']) });
  }
  const host = nonEmpty(environment['PGHOST']);
  const database = nonEmpty(environment['PGDATABASE']);
  if (host === undefined && database === undefined) {
    throw new UsageError('CONFIG_NO_DATABASE_URL', 'no database is named', {
      hint: 'Set DATABASE_URL (or pass --database-url) to the database you mean; «studymate-db dev start» starts one on this machine and prints its URL.',
    });
  }
  return connectionSettings({
    host,
    port: portOf(nonEmpty(environment['PGPORT'])),
    user: nonEmpty(environment['PGUSER']),
    database,
    password: nonEmpty(environment['PGPASSWORD']),
    ssl: tlsOf(nonEmpty(environment['PGSSLMODE'])),
  });
}

/** As in a URL: every mode but these two means verify-full. Undefined leaves it to where the server is. */
function tlsOf(mode: string | undefined): ConnectionSettings['ssl'] {
  if (mode === undefined) return undefined;
  return mode === 'disable' ? false : mode === 'no-verify' ? { rejectUnauthorized: false } : true;
}

function portOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new UsageError('CONFIG_INVALID', `PGPORT is «${text}», which is not a port`, {
    hint: 'Set it to a number from 1 to 65535, or unset it.',
  });
}

/** Colour and progress follow the terminal, unless the environment says otherwise (https://no-color.org). */
export function wantsColor(environment: Environment = process.env): boolean {
  return nonEmpty(environment['NO_COLOR']) === undefined && environment['TERM'] !== 'dumb';
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === undefined || text === '' ? undefined : text;
}
