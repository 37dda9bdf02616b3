import { ALL, type Invalidation } from './invalidation.js';

const RETRY_MS = 1000;
/** Beyond it, everything is invalidated instead: an outage must not fill the memory. */
const MAX_NAMES = 1000;

/** Invalidations that Redis has not taken yet: sent again once a second, and before anything is read. */
export class PendingInvalidations {
  /** @returns why it failed; undefined when it did not */
  readonly #sendOnce: (invalidation: Invalidation) => Promise<unknown>;
  #tags = new Set<string>();
  #keys = new Set<string>();
  #sending: Promise<boolean> | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(sendOnce: (invalidation: Invalidation) => Promise<unknown>) {
    this.#sendOnce = sendOnce;
  }

  get isEmpty(): boolean {
    return this.#sending === undefined && this.#tags.size === 0 && this.#keys.size === 0;
  }

  add({ tags, keys }: Invalidation): void {
    for (const tag of tags) this.#tags.add(tag);
    for (const key of keys) this.#keys.add(key);
    if (this.#tags.size + this.#keys.size > MAX_NAMES) {
      this.#tags = new Set([ALL]);
      this.#keys = new Set();
    }
    this.#timer ??= setInterval(() => void this.send(), RETRY_MS).unref();
  }

  /** @returns whether nothing is pending any more */
  send(): Promise<boolean> {
    this.#sending ??= this.#sendAll().finally(() => (this.#sending = undefined));
    return this.#sending;
  }

  close(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  async #sendAll(): Promise<boolean> {
    const sent = { tags: [...this.#tags], keys: [...this.#keys] };
    this.#tags = new Set();
    this.#keys = new Set();
    if ((await this.#sendOnce(sent)) !== undefined) {
      this.add(sent);
      return false;
    }
    if (this.#tags.size === 0 && this.#keys.size === 0) this.close();
    return this.#tags.size === 0 && this.#keys.size === 0;
  }
}
