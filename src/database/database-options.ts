import type { ConnectionSettings } from './connection-settings.js';
import type { WarningListener } from './database-warning.js';
import type { QueryListener } from './query-event.js';

/**
 * What `createDatabase` takes. The pool settings are HikariCP's, by name; durations are whole milliseconds, and 0 turns
 * a limit off where that is said.
 */
export interface DatabaseOptions {
  /**
   * The primary: `postgres://USER@HOST:PORT/DATABASE`. The password may come from `password`, PGPASSWORD or ~/.pgpass.
   * TLS is verify-full, except to this machine; `sslmode=disable` says otherwise. Or its parts, as other functions of
   * this package take them as `connection`.
   */
  readonly connectionString: string | ConnectionSettings;
  /** Instead of the one in `connectionString`; a function is asked at each new connection, for passwords that change. */
  readonly password?: string | (() => string | Promise<string>) | undefined;
  /** Accepts `sslmode=no-verify`, which encrypts without knowing to whom; default false: it is refused. */
  readonly allowUnverifiedTls?: boolean | undefined;
  /** Streaming replicas of the primary, a connection string each. Default none: `read` goes to the primary. */
  readonly replicas?: readonly string[] | undefined;
  /** A replica that shows the primary as it was longer ago than this gets no reads; default 5,000. */
  readonly maximumLagMs?: number | undefined;
  /** A replica that has not replayed more WAL than this gets no reads; default no limit. */
  readonly maximumLagBytes?: number | undefined;
  /** How long a read waits for a replica to replay what its session wrote, before it goes to the primary; default 100. */
  readonly replayWaitMs?: number | undefined;
  /** How often replicas are looked at, ±20 %; default 1,000. */
  readonly replicaPollMs?: number | undefined;

  /** Shown in pg_stat_activity; default `studymate-db`. */
  readonly applicationName?: string | undefined;
  /** Connections of each pool (primary, primary for reading, each replica); default 10. */
  readonly maximumPoolSize?: number | undefined;
  /** For a connection to come free or be made; default 30,000. Never unlimited. */
  readonly connectionTimeoutMs?: number | undefined;
  /** A connection unused for that long is closed; default 600,000. 0: never. */
  readonly idleTimeoutMs?: number | undefined;
  /** A connection is closed at that age, ±10 % each so that they do not all go at once; default 1,800,000. 0: never. */
  readonly maxLifetimeMs?: number | undefined;
  /** Warns, with the stack of who holds it, of a connection held longer than this; default 0: off. */
  readonly leakDetectionThresholdMs?: number | undefined;
  /** statement_timeout of the sessions; default 30,000. 0: none. */
  readonly statementTimeoutMs?: number | undefined;
  /** lock_timeout; default 10,000. 0: none. */
  readonly lockTimeoutMs?: number | undefined;
  /** idle_in_transaction_session_timeout; default 60,000. 0: none. */
  readonly idleInTransactionSessionTimeoutMs?: number | undefined;

  /** Called after every statement. */
  readonly onQuery?: QueryListener | undefined;
  /** Called after every statement that took `slowQueryMs` or longer. */
  readonly onSlowQuery?: QueryListener | undefined;
  /** Default 1,000. */
  readonly slowQueryMs?: number | undefined;
  /** Gives the hooks the parameters of the statements, which are people's data; default false. */
  readonly queryParameters?: boolean | undefined;
  /** Called with what fails no call but should be known; default `process.emitWarning`. */
  readonly onWarning?: WarningListener | undefined;
}

export const DATABASE_DEFAULTS = {
  maximumLagMs: 5_000,
  maximumLagBytes: Number.MAX_SAFE_INTEGER,
  replayWaitMs: 100,
  replicaPollMs: 1_000,
  maximumPoolSize: 10,
  connectionTimeoutMs: 30_000,
  idleTimeoutMs: 600_000,
  maxLifetimeMs: 1_800_000,
  leakDetectionThresholdMs: 0,
  statementTimeoutMs: 30_000,
  lockTimeoutMs: 10_000,
  idleInTransactionSessionTimeoutMs: 60_000,
  slowQueryMs: 1_000,
} as const;

export type NumericOption = keyof typeof DATABASE_DEFAULTS;
