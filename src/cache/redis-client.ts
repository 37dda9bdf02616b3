/** What the cache uses of an ioredis client (5 or 6). */
export interface IoredisClient {
  call(command: string, parameters: string[]): Promise<unknown>;
  duplicate(override: { maxRetriesPerRequest: null; enableOfflineQueue: true }): IoredisSubscriber;
  on(event: string, listener: (...parameters: unknown[]) => void): unknown;
  off(event: string, listener: (...parameters: unknown[]) => void): unknown;
}

interface IoredisSubscriber {
  subscribe(channel: string): Promise<unknown>;
  on(event: string, listener: (...parameters: unknown[]) => void): unknown;
  disconnect(): void;
}

/** What the cache uses of a node-redis client (`redis` or `@redis/client`, 5 or later). */
export interface NodeRedisClient {
  sendCommand(command: string[]): Promise<unknown>;
  duplicate(override: { disableOfflineQueue: false }): NodeRedisSubscriber;
  on(event: string, listener: (...parameters: unknown[]) => void): unknown;
  off(event: string, listener: (...parameters: unknown[]) => void): unknown;
}

interface NodeRedisSubscriber {
  connect(): Promise<unknown>;
  subscribe(channel: string, listener: (message: string) => void): Promise<unknown>;
  on(event: string, listener: (...parameters: unknown[]) => void): unknown;
  destroy(): void;
}

/** A connected client of either package. It stays the caller's: the cache never closes it. */
export type RedisClient = IoredisClient | NodeRedisClient;

export interface Subscription {
  /** Every message of the channel. */
  readonly onMessage: (message: string) => void;
  /** Messages may have been missed until now. */
  readonly onReady: () => void;
  readonly onError: (error: unknown) => void;
}

export function sendCommand(
  client: RedisClient,
  [name, ...parameters]: [string, ...string[]],
): Promise<unknown> {
  return 'call' in client ? client.call(name, parameters) : client.sendCommand([name, ...parameters]);
}

/**
 * Listens on a connection of its own, which reconnects for as long as the client's settings let it.
 *
 * @returns what ends it
 */
export function subscribe(
  client: RedisClient,
  channel: string,
  { onMessage, onReady, onError }: Subscription,
): () => void {
  if ('call' in client) {
    // A subscription that gives up after some retries would leave the memory of this process deaf.
    const subscriber = client.duplicate({ maxRetriesPerRequest: null, enableOfflineQueue: true });
    subscriber.on('error', onError);
    subscriber.on('ready', onReady);
    subscriber.on('message', (_channel, message) => onMessage(String(message)));
    subscriber.subscribe(channel).then(onReady, onError);
    return () => subscriber.disconnect();
  }
  const subscriber = client.duplicate({ disableOfflineQueue: false });
  subscriber.on('error', onError);
  subscriber.on('ready', onReady);
  let closed = false;
  const opened = subscriber.connect().then(() => subscriber.subscribe(channel, onMessage));
  opened.then(onReady, (error: unknown) => {
    if (!closed) onError(error);
  });
  return () => {
    closed = true;
    subscriber.destroy();
  };
}
