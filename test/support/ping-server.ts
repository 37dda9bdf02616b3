import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface Pinged {
  readonly method: string;
  readonly path: string;
  readonly runId: string | null;
  readonly authorization: string | undefined;
  readonly body: string;
}

/** A server that remembers what it is told, until the test is over. @param answer default 200 */
export async function startPingServer(
  answer: (request: IncomingMessage, response: ServerResponse, nth: number) => void = (_, response) =>
    void response.end('OK'),
): Promise<{ readonly url: string; readonly pinged: readonly Pinged[] }> {
  const pinged: Pinged[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      const url = new URL(request.url ?? '', 'http://localhost');
      pinged.push({
        method: request.method ?? '',
        path: url.pathname,
        runId: url.searchParams.get('rid'),
        authorization: request.headers.authorization,
        body,
      });
      answer(request, response, pinged.length);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/check`, pinged };
}
