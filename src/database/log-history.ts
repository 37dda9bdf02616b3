import type { Lsn } from './lsn.js';

export interface Lag {
  /** The replica shows the primary as it was about that long ago. */
  readonly lagMs: number;
  /** Log that it has not replayed. */
  readonly lagBytes: number;
}

interface Sample {
  readonly lsn: Lsn;
  /** performance.now() */
  readonly at: number;
}

/**
 * Where the end of the primary's log was, and when. A replica that has not replayed a position is behind by the age of
 * that position: measured on one clock, and zero for an idle primary, where `now() - pg_last_xact_replay_timestamp()`
 * grows for ever.
 */
export class LogHistory {
  readonly #spanMs: number;
  #samples: Sample[] = [];

  /** @param spanMs how far back lags are told apart */
  constructor(spanMs: number) {
    this.#spanMs = spanMs;
  }

  add(lsn: Lsn, at: number): void {
    const last = this.#samples.at(-1);
    // Another server has become the primary, with less in its log.
    if (last !== undefined && lsn < last.lsn) this.#samples = [];
    this.#samples.push({ lsn, at });
    const oldest = at - 2 * this.#spanMs;
    while ((this.#samples[1]?.at ?? Infinity) < oldest) this.#samples.shift();
  }

  /**
   * While the primary does not answer, lags stay what they were when it last did: replicas serve on.
   *
   * @param reportedLagMs the replica's own estimate, for what is older than this history
   */
  lagOf(replayed: Lsn, reportedLagMs: number): Lag {
    const newest = this.#samples.at(-1);
    const oldest = this.#samples[0];
    if (newest === undefined || oldest === undefined) return { lagMs: reportedLagMs, lagBytes: 0 };
    if (replayed >= newest.lsn) return { lagMs: 0, lagBytes: 0 };
    const lagBytes = Number(newest.lsn - replayed);
    const missed = this.#samples.find(({ lsn }) => lsn > replayed) ?? newest;
    const lagMs = newest.at - missed.at;
    const known = missed !== oldest || lagMs >= this.#spanMs;
    return { lagMs: known ? lagMs : Math.max(lagMs, reportedLagMs), lagBytes };
  }
}
