import { UsageError } from '../errors.js';
import { formatLsn, parseLsn, type Lsn } from './lsn.js';

/** The log of a database begins after it: every replica has replayed this. */
const BEFORE_EVERYTHING: Lsn = 0n;

const version = '1';

/**
 * Up to where a caller has seen the primary: the position of its last write, or of its last read there. Kept as «not
 * known yet» after each use of the primary and asked for only when a read or a token needs it, so that writing costs
 * nothing more.
 */
export class WritePosition {
  readonly #currentLsn: () => Promise<Lsn>;
  #known: Lsn;
  #moves = 0;
  #movesKnown = 0;
  #asking: { readonly moves: number; readonly lsn: Promise<Lsn> } | undefined;

  /** @param currentLsn asks the primary for the end of its log */
  constructor(currentLsn: () => Promise<Lsn>, known = BEFORE_EVERYTHING) {
    this.#currentLsn = currentLsn;
    this.#known = known;
  }

  /** Something may have been written up to now. */
  moved(): void {
    this.#moves += 1;
  }

  /** A position that covers everything up to the last `moved`. */
  async lsn(): Promise<Lsn> {
    const moves = this.#moves;
    if (moves === this.#movesKnown) return this.#known;
    // An answer that was asked for before the last move does not cover it.
    if (this.#asking?.moves !== moves) this.#asking = { moves, lsn: this.#currentLsn() };
    const asking = this.#asking;
    try {
      const lsn = await asking.lsn;
      if (lsn > this.#known) this.#known = lsn;
      this.#movesKnown = Math.max(this.#movesKnown, moves);
      return this.#known;
    } finally {
      if (this.#asking === asking) this.#asking = undefined;
    }
  }

  /** As text for another request or process; undefined when the primary was never used. */
  async token(): Promise<string | undefined> {
    const lsn = await this.lsn();
    return lsn === BEFORE_EVERYTHING ? undefined : `${version}:${formatLsn(lsn)}`;
  }
}

/** @throws UsageError SESSION_TOKEN_INVALID */
export function parseToken(token: string): Lsn {
  const [tokenVersion, text = '', ...rest] = token.split(':');
  const lsn = rest.length === 0 && tokenVersion === version ? parseLsn(text) : undefined;
  if (lsn !== undefined) return lsn;
  throw new UsageError('SESSION_TOKEN_INVALID', 'the session token is not valid', {
    hint: 'Give session() what token() returned, unchanged; without a token it reads from any replica.',
  });
}
