import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import { findBlockers, type SessionInfo } from '../database/advisory-lock.js';
import { clientFor } from '../database/connect.js';
import type { MaintenanceSession } from '../database/maintenance-session.js';

/** How far a concurrent build is, as pg_stat_progress_create_index tells. */
export interface BuildProgress {
  /** As the server calls it: «building index: scanning table», «waiting for old snapshots», … */
  readonly phase: string;
  /** Of this phase, 0 to 1; undefined where there is nothing to count. */
  readonly done: number | undefined;
  /** Sessions that it waits for, or has to. */
  readonly lockersLeft: number;
  readonly blockers: readonly SessionInfo[];
}

export interface BuildWatch {
  /** Ends the watch, after its last question was answered. @returns who was in the way last */
  stop(): Promise<readonly SessionInfo[]>;
}

/** Watches, over a connection of its own, what the maintenance session builds; opened at the first long build. */
export interface BuildObserver {
  watch(onProgress?: (progress: BuildProgress) => void): BuildWatch;
  close(): Promise<void>;
}

const LOOK_EVERY_MS = 500;

const progressSql = `
  select phase, (lockers_total - lockers_done)::int as lockers_left,
         case when blocks_total > 0 then blocks_done::float8 / blocks_total
              when tuples_total > 0 then tuples_done::float8 / tuples_total end as done
    from pg_stat_progress_create_index
   where pid = $1`;

/**
 * What cannot be observed is no error: the build itself goes on. When the signal of the session aborts, the statement
 * is cancelled again at every look: the first request may have come before the server had begun it.
 */
export function observeBuilds(session: MaintenanceSession): BuildObserver {
  const { settings, pid, signal } = session;
  let opened: Promise<pg.Client | undefined> | undefined;
  const open = async (): Promise<pg.Client | undefined> => {
    const client = clientFor(settings, { applicationName: 'studymate-db index (observer)' });
    client.on('error', () => undefined);
    return client.connect().then(
      () => client,
      () => undefined,
    );
  };
  return {
    watch(onProgress) {
      const ended = new AbortController();
      let blockers: readonly SessionInfo[] = [];
      let told = '';
      const look = async (client: pg.Client): Promise<void> => {
        if (signal?.aborted === true) await client.query('select pg_cancel_backend($1)', [pid]);
        blockers = await findBlockers(client, pid);
        const { rows } = await client.query<{ phase: string; lockers_left: number; done: number | null }>(
          progressSql,
          [pid],
        );
        const [row] = rows;
        if (row === undefined || ended.signal.aborted) return;
        const progress: BuildProgress = {
          phase: row.phase,
          done: row.done ?? undefined,
          lockersLeft: Math.max(0, row.lockers_left),
          blockers,
        };
        const state = [row.phase, row.done?.toFixed(2), ...blockers.map((blocker) => blocker.pid)].join();
        if (state !== told) onProgress?.(progress);
        told = state;
      };
      const looking = (async () => {
        for (;;) {
          await delay(LOOK_EVERY_MS, undefined, { signal: ended.signal });
          const client = await (opened ??= open());
          if (client === undefined) return;
          await look(client);
        }
      })().catch(() => undefined);
      return {
        async stop() {
          ended.abort();
          await looking;
          return blockers;
        },
      };
    },
    async close() {
      const client = await opened;
      await client?.end().catch(() => undefined);
    },
  };
}
