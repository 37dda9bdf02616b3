import { ALL, type Invalidation } from './invalidation.js';

/** An answer on its way: what it is given may be invalidated before it arrives. */
export class Flight {
  readonly key: string;
  readonly tags: readonly string[];
  readonly #invalidatedTags = new Set<string>();
  #deleted = false;

  constructor(key: string, tags: readonly string[]) {
    this.key = key;
    this.tags = tags;
  }

  /** Whether a value of these tags, seen since the flight began, may be from before an invalidation. */
  isOutdated(tags = this.tags): boolean {
    return (
      this.#deleted || this.#invalidatedTags.has(ALL) || tags.some((tag) => this.#invalidatedTags.has(tag))
    );
  }

  invalidate({ tags, keys }: Invalidation): void {
    for (const tag of tags) this.#invalidatedTags.add(tag);
    if (keys.includes(this.key)) this.#deleted = true;
  }

  /** Its value lost against an invalidation that only Redis knew of. */
  markOutdated(): void {
    this.#deleted = true;
  }
}

/** A flight that others may join. */
export interface SharedFlight<Answer> {
  readonly flight: Flight;
  readonly answer: Promise<Answer>;
}

/** One flight a key in this process, and the word to all of them when something is invalidated. */
export class Flights<Answer> {
  readonly #joinable = new Map<string, SharedFlight<Answer>>();
  readonly #airborne = new Map<Flight, Promise<unknown>>();

  /** The flight to wait for, unless it began before an invalidation of what it brings. */
  joinable(key: string): SharedFlight<Answer> | undefined {
    const shared = this.#joinable.get(key);
    return shared?.flight.isOutdated() === true ? undefined : shared;
  }

  /** Starts a flight that others may join until it has landed. */
  start(flight: Flight, fly: (flight: Flight) => Promise<Answer>): SharedFlight<Answer> {
    const answer = this.follow(flight, fly);
    const shared = { flight, answer };
    this.#joinable.set(flight.key, shared);
    const leave = (): void => {
      if (this.#joinable.get(flight.key) === shared) this.#joinable.delete(flight.key);
    };
    answer.then(leave, leave);
    return shared;
  }

  /** Starts a flight that nobody joins: it only hears of invalidations, and `landed` waits for it. */
  follow<Result>(flight: Flight, fly: (flight: Flight) => Promise<Result>): Promise<Result> {
    const result = fly(flight).finally(() => this.#airborne.delete(flight));
    this.#airborne.set(flight, result);
    return result;
  }

  invalidate(invalidation: Invalidation): void {
    for (const flight of this.#airborne.keys()) flight.invalidate(invalidation);
  }

  async landed(): Promise<void> {
    while (this.#airborne.size > 0) await Promise.allSettled(this.#airborne.values());
  }
}
