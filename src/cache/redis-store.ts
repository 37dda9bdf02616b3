import { randomUUID } from 'node:crypto';
import { OperationError } from '../errors.js';
import type { CacheOperation } from './events.js';
import type { Invalidation } from './invalidation.js';
import { PendingInvalidations } from './pending-invalidations.js';
import { sendCommand, subscribe, type RedisClient } from './redis-client.js';
import { REDIS_SCRIPTS, type RedisScript } from './redis-scripts.js';
import { isRedisTimeout, within } from './redis-timeout.js';
import { decodeValue } from './value-text.js';

export interface RedisStoreOptions {
  readonly client: RedisClient;
  readonly namespace: string;
  /** How long one command may take. */
  readonly timeoutMs: number;
  /** How long a loading process may be silent before another takes over. */
  readonly leaseMs: number;
  /** Another process invalidated something. */
  readonly onInvalidation: (invalidation: Invalidation) => void;
  /** Invalidations of other processes may have been missed. */
  readonly onMissed: () => void;
  readonly onError: (operation: CacheOperation, error: unknown) => void;
}

export interface ReadRequest {
  readonly key: string;
  /** Of the load, should there be one. */
  readonly tags: readonly string[];
  /** How long at most from now the loaded value may be of use. */
  readonly lifetimeMs: number;
}

export interface RedisAnswer {
  readonly state: 'fresh' | 'stale' | 'missing';
  /** '' when missing. */
  readonly text: string;
  /** Of the value, as it was loaded. */
  readonly tags: readonly string[];
  readonly freshMs: number;
  /** After it was fresh. */
  readonly staleMs: number;
  /** The right to load, which one caller of all processes has. */
  readonly lease: Lease | undefined;
}

export interface Lease {
  /**
   * Stores what was loaded, unless the lease was lost or a tag invalidated since it was taken, and gives the lease back.
   *
   * @param text undefined: there is nothing to store, and what was stored goes
   */
  store(text: string | undefined, ttlMs: number, staleMs: number): Promise<'stored' | 'outdated' | 'unknown'>;
  /** Keeps it for another `leaseMs`. */
  renew(): Promise<void>;
  /** @param always also while Redis is left alone */
  release(when?: { readonly always: boolean }): Promise<void>;
}

/** After a command that got no answer in time, Redis is left alone for as long. */
const RECOVERY_MS = 1000;

/**
 * The values in Redis. No method but `invalidate` rejects: what Redis does not answer in time is undefined, and told to
 * `onError`.
 */
export class RedisStore {
  readonly #options: RedisStoreOptions;
  readonly #prefix: string;
  readonly #channel: string;
  readonly #instance = randomUUID();
  readonly #pending: PendingInvalidations;
  readonly #unsubscribe: () => void;
  /** 0, or until when Redis is left alone. */
  #avoidUntilMs = 0;

  constructor(options: RedisStoreOptions) {
    this.#options = options;
    this.#prefix = `${options.namespace}:cache:1:`;
    this.#channel = `${this.#prefix}invalidations`;
    this.#pending = new PendingInvalidations((invalidation) => this.#sendInvalidation(invalidation));
    // Without a listener, an error event of node-redis ends the process.
    options.client.on('error', this.#onClientError);
    this.#unsubscribe = subscribe(options.client, this.#channel, {
      onMessage: (message) => this.#onMessage(message),
      onReady: options.onMissed,
      onError: (error) => options.onError('subscribe', error),
    });
  }

  /** A value, or the right to load it, or neither while another process does. */
  async read({ key, tags, lifetimeMs }: ReadRequest): Promise<RedisAnswer | undefined> {
    // What this process invalidated in vain would be taken for valid.
    if (!this.#pending.isEmpty && (this.#isLeftAlone() || !(await this.#pending.send()))) return undefined;
    const token = randomUUID();
    const lease = this.#lease(key, token);
    return this.#attempt(
      'read',
      async () => {
        const reply = await this.#run(
          REDIS_SCRIPTS.read,
          [this.#entry(key), this.#leaseKey(key)],
          [token, this.#options.leaseMs, `${this.#prefix}tag:`, lifetimeMs, ...tags],
        );
        return parseAnswer(reply, lease);
      },
      // A lease granted too late must not make everybody wait for nobody.
      (late) => void late.lease?.release({ always: true }),
    );
  }

  /** @throws OperationError CACHE_INVALIDATION_FAILED: it is sent again until it succeeds or the cache is closed */
  async invalidate(invalidation: Invalidation): Promise<void> {
    const error = await this.#sendInvalidation(invalidation);
    if (error === undefined) return;
    this.#pending.add(invalidation);
    throw new OperationError('CACHE_INVALIDATION_FAILED', 'the invalidation did not reach Redis', {
      detail: [...invalidation.tags.map((tag) => `tag «${tag}»`), ...invalidation.keys].join(', '),
      hint: 'Other processes may give the old value until Redis is back and this process has repeated it, which it does by itself, or until the value expires.',
      cause: error,
    });
  }

  close(): void {
    this.#pending.close();
    this.#options.client.off('error', this.#onClientError);
    this.#unsubscribe();
  }

  #lease(key: string, token: string): Lease {
    const keys = [this.#entry(key), this.#leaseKey(key)];
    const extend = (ms: number): Promise<unknown> =>
      this.#run(REDIS_SCRIPTS.renew, [this.#leaseKey(key)], [token, ms]);
    return {
      store: async (text, ttlMs, staleMs) => {
        const parameters = [token, text ?? '', ttlMs, staleMs, `${this.#prefix}tag:`];
        const reply = await this.#attempt('store', () => this.#run(REDIS_SCRIPTS.store, keys, parameters));
        return reply === 'stored' || reply === 'outdated' ? reply : 'unknown';
      },
      renew: async () => {
        await this.#attempt('renew', () => extend(this.#options.leaseMs));
      },
      release: async ({ always } = { always: false }) => {
        if (always) await extend(0).catch((error: unknown) => this.#options.onError('release', error));
        else await this.#attempt('release', () => extend(0));
      },
    };
  }

  /** Tried even while Redis is left alone: it matters more than the time it may take. @returns why it failed */
  async #sendInvalidation({ tags, keys }: Invalidation): Promise<unknown> {
    const message = JSON.stringify({ from: this.#instance, tags, keys });
    try {
      await within(this.#options.timeoutMs, () =>
        this.#run(
          REDIS_SCRIPTS.invalidate,
          keys.flatMap((key) => [this.#entry(key), this.#leaseKey(key)]),
          [this.#channel, message, ...tags.map((tag) => `${this.#prefix}tag:${tag}`)],
        ),
      );
      this.#avoidUntilMs = 0;
      return undefined;
    } catch (error) {
      this.#failed('invalidate', error);
      return error;
    }
  }

  /**
   * A command that is refused costs nothing, and the next one is tried at once. One that is not answered costs its
   * timeout: after it only one command in RECOVERY_MS is tried, until one is answered.
   */
  async #attempt<Result>(
    operation: CacheOperation,
    command: () => Promise<Result>,
    onLate?: (result: Result) => void,
  ): Promise<Result | undefined> {
    if (this.#isLeftAlone()) return undefined;
    if (this.#avoidUntilMs > 0) this.#avoidUntilMs = performance.now() + RECOVERY_MS;
    try {
      const result = await within(this.#options.timeoutMs, command, onLate);
      this.#avoidUntilMs = 0;
      return result;
    } catch (error) {
      this.#failed(operation, error);
      return undefined;
    }
  }

  #isLeftAlone(): boolean {
    return performance.now() < this.#avoidUntilMs;
  }

  #failed(operation: CacheOperation, error: unknown): void {
    if (isRedisTimeout(error)) this.#avoidUntilMs = performance.now() + RECOVERY_MS;
    this.#options.onError(operation, error);
  }

  async #run(script: RedisScript, keys: string[], parameters: (string | number)[]): Promise<unknown> {
    const rest = [String(keys.length), ...keys, ...parameters.map(String)];
    const { client } = this.#options;
    try {
      return await sendCommand(client, ['evalsha', script.sha1, ...rest]);
    } catch (error) {
      if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
      return sendCommand(client, ['eval', script.text, ...rest]);
    }
  }

  #onMessage(message: string): void {
    try {
      const { from, tags, keys } = JSON.parse(message) as Invalidation & { from: string };
      if (from !== this.#instance) this.#options.onInvalidation({ tags, keys });
    } catch (error) {
      this.#options.onError('subscribe', error);
      this.#options.onMissed();
    }
  }

  readonly #onClientError = (error: unknown): void => this.#options.onError('connect', error);
  readonly #entry = (key: string): string => `${this.#prefix}value:${key}`;
  readonly #leaseKey = (key: string): string => `${this.#prefix}lease:${key}`;
}

function parseAnswer(reply: unknown, lease: Lease): RedisAnswer {
  const [state, text, left, stale, versions, leased] = (reply as unknown[]).map(String) as [
    RedisAnswer['state'],
    ...[string, string, string, string, string],
  ];
  // What somebody else has written there is found out here, and costs a load, not a request.
  if (text !== '') decodeValue(text);
  const staleMs = Number(stale);
  return {
    state,
    text,
    tags: (JSON.parse(versions) as [string, string][]).map(([tag]) => tag),
    freshMs: state === 'fresh' ? Number(left) : 0,
    staleMs: state === 'fresh' ? staleMs : Number(left),
    lease: leased === 'leased' ? lease : undefined,
  };
}
