import type pg from 'pg';
import { findBlockers, type SessionInfo } from './advisory-lock.js';

export interface Observation {
  /** Ends the watch. @returns who was seen blocking last; empty when nobody was. */
  stop(): readonly SessionInfo[];
}

/**
 * Sees who blocks a session while it waits. After a lock timeout it is too late to ask: the waiting is over.
 * The second connection this takes is opened on the first long wait only. What cannot be observed is not an
 * error: the work itself goes on.
 */
export class BlockerObserver {
  readonly #open: () => pg.Client;
  #client: Promise<pg.Client | undefined> | undefined;

  constructor(open: () => pg.Client) {
    this.#open = open;
  }

  /** @param everyMs how often to look; the first look comes after that time too. */
  watch(pid: number, everyMs: number, onBlocked?: (blockers: readonly SessionInfo[]) => void): Observation {
    let seen: readonly SessionInfo[] = [];
    let told = '';
    let timer: NodeJS.Timeout | undefined;
    let stopped = false;
    const look = async (): Promise<void> => {
      const client = await (this.#client ??= this.#connect());
      if (client === undefined) return;
      const blockers = await findBlockers(client, pid).catch(() => []);
      if (stopped) return;
      if (blockers.length > 0) seen = blockers;
      const pids = blockers.map((blocker) => blocker.pid).join();
      if (pids !== '' && pids !== told) onBlocked?.(blockers);
      told = pids;
      schedule();
    };
    const schedule = (): void => {
      timer = setTimeout(() => void look(), everyMs);
    };
    schedule();
    return {
      stop() {
        stopped = true;
        clearTimeout(timer);
        return seen;
      },
    };
  }

  async close(): Promise<void> {
    const client = await this.#client;
    await client?.end().catch(() => undefined);
  }

  async #connect(): Promise<pg.Client | undefined> {
    const client = this.#open();
    client.on('error', () => undefined);
    try {
      await client.connect();
      return client;
    } catch {
      return undefined;
    }
  }
}
