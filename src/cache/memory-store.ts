import { ALL, type Invalidation } from './invalidation.js';

export interface MemoryEntry {
  readonly text: string;
  readonly tags: readonly string[];
  /** Until when it answers, on the clock of performance.now(), in milliseconds; exclusive. */
  readonly freshUntilMs: number;
  /** Until when it may still stand in for a load that fails; exclusive. Not before `freshUntilMs`. */
  readonly staleUntilMs: number;
  /** Why an old value is given as if it were fresh: loading it anew failed a moment ago. */
  readonly error?: unknown;
}

export interface MemoryLimits {
  readonly maxEntries: number;
  readonly maxSizeBytes: number;
}

/** Key, entry, and its places in the maps, beside the text: measured on Node 20, rounded up. */
const ENTRY_OVERHEAD_BYTES = 400;

/** The values of this process, bounded in number and size: the least recently used goes first. */
export class MemoryStore {
  /** In the order of use: a Map keeps the order of insertion. */
  readonly #entries = new Map<string, MemoryEntry>();
  readonly #keysByTag = new Map<string, Set<string>>();
  readonly #limits: MemoryLimits;
  #sizeBytes = 0;

  constructor(limits: MemoryLimits) {
    this.#limits = limits;
  }

  get entryCount(): number {
    return this.#entries.size;
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  /** What is neither invalidated nor past `staleUntilMs`; the caller looks whether it is fresh. */
  get(key: string, nowMs: number): MemoryEntry | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    if (nowMs >= entry.staleUntilMs) {
      this.delete(key);
      return undefined;
    }
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry;
  }

  /** A value that is larger than all the room there is is not kept. */
  set(key: string, entry: MemoryEntry): void {
    this.delete(key);
    const size = sizeOf(key, entry);
    if (size > this.#limits.maxSizeBytes) return;
    this.#entries.set(key, entry);
    this.#sizeBytes += size;
    for (const tag of entry.tags) {
      const keys = this.#keysByTag.get(tag);
      if (keys === undefined) this.#keysByTag.set(tag, new Set([key]));
      else keys.add(key);
    }
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.#limits.maxEntries && this.#sizeBytes <= this.#limits.maxSizeBytes)
        break;
      this.delete(oldest);
    }
  }

  delete(key: string): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#entries.delete(key);
    this.#sizeBytes -= sizeOf(key, entry);
    for (const tag of entry.tags) {
      const keys = this.#keysByTag.get(tag);
      keys?.delete(key);
      if (keys?.size === 0) this.#keysByTag.delete(tag);
    }
  }

  invalidate({ tags, keys }: Invalidation): void {
    if (tags.includes(ALL)) this.clear();
    for (const key of keys) this.delete(key);
    for (const tag of tags) for (const key of [...(this.#keysByTag.get(tag) ?? [])]) this.delete(key);
  }

  clear(): void {
    this.#entries.clear();
    this.#keysByTag.clear();
    this.#sizeBytes = 0;
  }
}

/** Two bytes a character: what a string costs when one of its characters is Korean. */
function sizeOf(key: string, { text, tags }: MemoryEntry): number {
  const characters = key.length + text.length + tags.reduce((sum, tag) => sum + tag.length, 0);
  return ENTRY_OVERHEAD_BYTES + 2 * characters;
}
