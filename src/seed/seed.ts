import type { SeedOptions } from '../../seeds/seed-plan.js';
import type { ConnectionSettings } from '../database/connection-settings.js';
import type { SeedListener } from './events.js';
import type { SeedManifest } from './manifest.js';
import type { PlannedTable } from './plan-run.js';

export interface SeedRunOptions extends SeedOptions {
  /** Where the database is; the role must own the tables. */
  readonly connection: ConnectionSettings | string;
  /** Tables to load; what they reference must be loaded already or be named too. Default: all. */
  readonly only?: readonly string[] | undefined;
  /** Throws the rows of all tables of the world and of their archives away first; default false. */
  readonly reset?: boolean | undefined;
  /** The name of the database, to allow a reset of one that is not marked as no production. */
  readonly confirmDatabase?: string | undefined;
  /** Only says what would be loaded; writes nothing. Default false. */
  readonly dryRun?: boolean | undefined;
  /** Connections; default 1. With 2, tables that share no parent are loaded at once; the rows are the same. */
  readonly jobs?: 1 | 2 | undefined;
  /** Longest wait for another maintenance run, in milliseconds; default 0. */
  readonly waitMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: SeedListener | undefined;
}

export interface SeedResult {
  readonly dryRun: boolean;
  /** Tables whose rows were thrown away, or would be. */
  readonly emptied: readonly string[];
  /** What was loaded, or would be, in that order. */
  readonly toLoad: readonly PlannedTable[];
  /** What an earlier run had loaded. */
  readonly kept: readonly { readonly table: string; readonly rows: number }[];
  /** Of what is there afterwards. */
  readonly manifest: SeedManifest;
  readonly durationMs: number;
}

/**
 * Fills a migrated, empty database with a world: the same rows for the same options, on every machine, server version
 * and with any number of jobs.
 *
 * Each table is loaded in one transaction, with its indexes, foreign keys, statistics and its line of the manifest:
 * killed at any moment, it is complete or as before, and the next run with the same options goes on with the rest.
 * Run again afterwards it does nothing. One run at a time, under the lease of the maintenance commands; while it
 * works, the tables are locked exclusively. What was loaded satisfies every foreign key and both pointer triggers,
 * proved by the server before the commit.
 *
 * @throws UsageError USAGE_INVALID_OPTION, SEED_RESET_REFUSED; OperationError SEED_SCHEMA_MISMATCH,
 * SEED_DATABASE_NOT_EMPTY, SEED_PARENTS_MISSING, SEED_RESET_REFERENCED (nothing was written in all of these);
 * SEED_TABLE_FAILED, SEED_PROOF_FAILED, CONNECTION_LOST (that table is as before, the ones before it stay); BusyError
 * BUSY_MAINTENANCE_RUNNING; ConnectError
 */
export async function seed(options: SeedRunOptions): Promise<SeedResult> {
  // Not with the module: who imports this package to query a database needs no vocabularies.
  const [{ planSeed }, { profiles }, { resolveSeedOptions }, { runSeed }] = await Promise.all([
    import('../../seeds/plan-seed.js'),
    import('../../seeds/profiles.js'),
    import('./resolve-seed-options.js'),
    import('./run-seed.js'),
  ]);
  return runSeed({ ...options, plan: planSeed(resolveSeedOptions(options, profiles)) });
}
