import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { Redis, type RedisOptions } from 'ioredis';
import { onTestFinished } from 'vitest';
import { poll } from './poll.js';

export type ClientOptions = Pick<RedisOptions, 'enableOfflineQueue' | 'keyPrefix'>;

export interface RedisServer {
  readonly port: number;
  /** Of the test: closed after it. */
  connect(options?: ClientOptions): Redis;
  /** Leaves it deaf, with its sockets open: what a hung machine looks like. */
  freeze(): void;
  thaw(): void;
  kill(): Promise<void>;
  /** Starts it again, empty, on the same port. */
  restart(): Promise<void>;
}

export const redisIsInstalled = await promisify(execFile)('redis-server', ['--version']).then(
  () => true,
  () => false,
);
if (!redisIsInstalled) {
  process.stderr.write(
    '\n*** redis-server is not installed: the cache is NOT tested against Redis. apt-get install redis-server ***\n\n',
  );
}

/** A redis-server of the test's own on a free loopback port, which keeps nothing on disk. */
export async function startRedis(port?: number): Promise<RedisServer> {
  const chosen = port ?? (await freePort());
  let server = await launch(chosen);
  const stop = async (): Promise<void> => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const exited = once(server, 'exit');
    server.kill('SIGKILL');
    await exited;
  };
  onTestFinished(stop);
  return {
    port: chosen,
    connect: (options = {}) => connectIoredis(chosen, options),
    freeze: () => void server.kill('SIGSTOP'),
    thaw: () => void server.kill('SIGCONT'),
    kill: stop,
    restart: async () => {
      await stop();
      server = await launch(chosen);
    },
  };
}

/** A port where nobody listens. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

export function connectIoredis(port: number, options: ClientOptions = {}): Redis {
  const client = new Redis({ host: '127.0.0.1', port, retryStrategy: () => 50, ...options });
  client.on('error', () => undefined);
  onTestFinished(() => client.disconnect());
  return client;
}

async function launch(port: number): Promise<ChildProcess> {
  const server = spawn(
    'redis-server',
    ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--daemonize', 'no'],
    { stdio: 'ignore' },
  );
  const probe = new Redis({ host: '127.0.0.1', port, lazyConnect: true, retryStrategy: () => 20 });
  probe.on('error', () => undefined);
  try {
    await poll(
      () =>
        probe.ping().then(
          () => true,
          () => false,
        ),
      'the start of redis-server',
    );
  } finally {
    probe.disconnect();
  }
  return server;
}
