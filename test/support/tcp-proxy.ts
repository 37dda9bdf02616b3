import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface TcpProxy {
  /** The connection string, through the proxy. */
  readonly url: string;
  /** From now on the answer to a message that holds `text` is not passed on: the connection is cut in its place. */
  cutAnswerTo(text: string): void;
  /** From now on the message that holds `text` is not passed on: the connection is cut in its place. */
  cutBefore(text: string): void;
  /** Keeps all connections open and passes nothing on, until `resume`. */
  freeze(): void;
  resume(): void;
  close(): Promise<void>;
}

/** Stands between client and server, to break the network at a chosen moment. */
export async function startTcpProxy(targetUrl: string): Promise<TcpProxy> {
  const target = new URL(targetUrl);
  let cutAfter: string | undefined;
  let cutAt: string | undefined;
  let frozen = false;
  const sockets = new Set<Socket>();
  const cut = (...pair: readonly Socket[]): void => {
    for (const socket of pair) socket.destroy();
  };
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    let swallow = false;
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        cut(client, upstream);
      });
      if (frozen) socket.pause();
    }
    client.on('data', (chunk: Buffer) => {
      if (cutAt !== undefined && chunk.includes(cutAt)) {
        cut(client, upstream);
        return;
      }
      swallow ||= cutAfter !== undefined && chunk.includes(cutAfter);
      upstream.write(chunk);
    });
    upstream.on('data', (chunk: Buffer) => {
      if (swallow) cut(client, upstream);
      else client.write(chunk);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(targetUrl);
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    cutAnswerTo: (text) => (cutAfter = text),
    cutBefore: (text) => (cutAt = text),
    freeze: () => {
      frozen = true;
      for (const socket of sockets) socket.pause();
    },
    resume: () => {
      frozen = false;
      for (const socket of sockets) socket.resume();
    },
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      cut(...sockets);
      await closed;
    },
  };
}
