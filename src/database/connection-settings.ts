import { parse } from 'pg-connection-string';
import type { ClientConfig } from 'pg';
import { UsageError } from '../errors.js';

/**
 * Where and as whom to connect, in separate fields. `password` is not enumerable, so that inspecting or
 * serialising the settings never shows it (pg prints it when configured by a connection string).
 */
export interface ConnectionSettings {
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  readonly user?: string | undefined;
  readonly database?: string | undefined;
  readonly password?: string | undefined;
  readonly ssl?: ClientConfig['ssl'];
}

export function connectionSettings(fields: ConnectionSettings): ConnectionSettings {
  const { password, ...open } = fields;
  return Object.defineProperty(open, 'password', { value: password, enumerable: false });
}

const hint =
  'Write it as postgres://USER@HOST:PORT/DATABASE, with special characters percent-encoded; the password may come from PGPASSWORD or ~/.pgpass.';

/**
 * Parses `postgres://…`. TLS: `prefer`, `require` and `verify-ca` mean `verify-full` (as in pg 8, without its
 * warning); only `disable` and an explicit `no-verify` are weaker.
 *
 * @throws UsageError CONFIG_INVALID_DATABASE_URL; the text itself is never repeated, it may hold a password.
 */
export function parseConnectionString(text: string): ConnectionSettings {
  const invalid = (detail: string, cause?: unknown): UsageError =>
    new UsageError('CONFIG_INVALID_DATABASE_URL', 'the database URL is not valid', { detail, hint, cause });
  if (!/^postgres(ql)?:\/\//.test(text))
    throw invalid('It does not start with postgres:// or postgresql://.');
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(text.replace(/([?&]sslmode=)(allow|prefer|require|verify-ca)(?=&|$)/, '$1verify-full'));
  } catch (error) {
    // pg-connection-string reads the certificate files it is told of.
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw invalid(missing ? 'A certificate file it names does not exist.' : 'It cannot be parsed.');
  }
  const port = parsed.port ? Number(parsed.port) : undefined;
  if (port !== undefined && !(Number.isInteger(port) && port > 0 && port < 65_536)) {
    throw invalid('The port is not a number from 1 to 65535.');
  }
  return connectionSettings({
    // What the URL leaves out is an empty string here, and must not hide PGPASSWORD or ~/.pgpass.
    host: parsed.host || undefined,
    port,
    user: parsed.user || undefined,
    database: parsed.database || undefined,
    password: parsed.password || undefined,
    ssl: parsed.ssl as ClientConfig['ssl'],
  });
}

/** `user@host:port/database`, for messages. Never the password. */
export function describeConnection(settings: ConnectionSettings): string {
  const user = settings.user ? `${settings.user}@` : '';
  return `${user}${settings.host ?? 'localhost'}:${settings.port ?? 5432}/${settings.database ?? settings.user ?? ''}`;
}
