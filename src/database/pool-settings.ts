import type { ClientConfig, PoolConfig } from 'pg';
import type { ConnectionSettings } from './connection-settings.js';
import type { QueryHooks } from './query-event.js';
import { assertSessionSettings, sessionSettings } from './session-settings.js';

/** What a ConnectionPool is made from; see DatabaseOptions for units and defaults. */
export interface PoolSettings {
  /** How warnings and query events call it: `primary`, `replica db2:5432`. */
  readonly name: string;
  /** Its `password` is not enumerable, and a function where passwords change. */
  readonly target: PoolTarget;
  readonly applicationName: string;
  readonly readOnly: boolean;
  readonly maximumPoolSize: number;
  readonly connectionTimeoutMs: number;
  readonly idleTimeoutMs: number;
  readonly maxLifetimeMs: number;
  readonly leakDetectionThresholdMs: number;
  readonly statementTimeoutMs: number;
  readonly lockTimeoutMs: number;
  readonly idleInTransactionSessionTimeoutMs: number;
  readonly hooks: QueryHooks;
}

export interface PoolTarget {
  readonly settings: ConnectionSettings;
  readonly ssl: NonNullable<ClientConfig['ssl']>;
  readonly password: (() => string | Promise<string>) | undefined;
}

/**
 * How each connection of the pool is made. The limits travel with the connection's start: they hold from its first
 * statement on, and before that one round trip looks whether they arrived.
 */
export function clientConfig(pool: PoolSettings): PoolConfig {
  const { settings, ssl, password } = pool.target;
  const config: PoolConfig = {
    host: settings.host ?? 'localhost',
    ssl: typeof ssl === 'object' ? { ...ssl } : ssl,
    application_name: pool.applicationName,
    options: Object.entries(sessionSettings(pool))
      .map(([name, value]) => `-c ${name}=${value}`)
      .join(' '),
    connectionTimeoutMillis: pool.connectionTimeoutMs,
    keepAlive: true,
    verify: (client, done) => {
      assertSessionSettings(client, pool).then(() => done(), done);
    },
  };
  if (settings.port !== undefined) config.port = settings.port;
  if (settings.user !== undefined) config.user = settings.user;
  if (settings.database !== undefined) config.database = settings.database;
  const secret = password ?? settings.password;
  if (secret !== undefined) Object.defineProperty(config, 'password', { value: secret, enumerable: false });
  return config;
}
