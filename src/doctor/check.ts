import type { ClientBase } from 'pg';
import { quoteIdentifier } from '../database/identifier.js';
import type { Finding } from './finding.js';
import type { IndexSituation } from './index-situation.js';
import type { KnownReleases } from './releases.js';
import type { Thresholds } from './thresholds.js';

/** One question about the health of a database. */
export interface Check {
  /** As in `--only` and the rules file. */
  readonly name: string;
  /** What it looks at, for people. */
  readonly title: string;
  /** It asks for `context.indexes()`. */
  readonly usesIndexes?: true;
  /**
   * Reads only. Never answers «nothing» for what it could not see: it returns a finding that says so, or throws, which
   * is reported as one.
   */
  readonly run: (context: CheckContext) => Promise<readonly Finding[]>;
}

export interface CheckContext {
  /** In a read-only transaction with the timeouts of the run. */
  readonly client: ClientBase;
  /** As in `server_version_num`. */
  readonly serverVersion: number;
  readonly session: SessionFacts;
  /** The server's clock, unless the caller gave another time. */
  readonly now: Date;
  readonly thresholds: Thresholds;
  readonly migrationsDirectory: string;
  readonly releases: KnownReleases;
  /** Of checks that say so with `usesIndexes`; read once for all of them. */
  readonly indexes: () => Promise<IndexSituation>;
  /** Keeps a figure for monitoring, whether or not it is worth a finding. */
  readonly measure: (measurement: Measurement) => void;
}

/** Who asks, and where. */
export interface SessionFacts {
  readonly database: string;
  readonly role: string;
  readonly superuser: boolean;
  /** Member of pg_read_all_stats: sees the sessions, replicas and statements of others. */
  readonly seesSessions: boolean;
  readonly standby: boolean;
  /** Behind a pooler that gives each transaction another server session. */
  readonly transactionPooled: boolean;
}

/** A figure with its limits, as Nagios' performance data have it. */
export interface Measurement {
  /** Letters, digits and underscores. */
  readonly name: string;
  readonly value: number;
  readonly unit: '' | 's' | '%' | 'B';
  readonly warn?: number | undefined;
  readonly error?: number | undefined;
  readonly max?: number | undefined;
}

/** What a check answers where it may not look. */
export function notVisible(
  { session }: CheckContext,
  object: string,
  what: string,
  { needs, fix }: { readonly needs: string; readonly fix: string },
): Finding {
  return {
    severity: 'warn',
    object,
    what: `not visible to role ${session.role}: ${what}; needs ${needs}`,
    why: 'What is not seen is not well: trouble there goes unnoticed.',
    fix,
  };
}

/** Where the sessions of others are hidden. */
export function sessionsNotVisible(context: CheckContext, object: string, what: string): Finding {
  return notVisible(context, object, what, {
    needs: 'membership in pg_read_all_stats, which pg_monitor contains',
    fix: `grant pg_read_all_stats to ${quoteIdentifier(context.session.role)}`,
  });
}
