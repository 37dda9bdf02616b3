import { setTimeout as delay } from 'node:timers/promises';
import { UsageError } from '../errors.js';

export interface PingOptions {
  /** http or https; may hold a user and a password. */
  readonly url: string;
  /** Ties the start to its end; a UUID. */
  readonly runId: string;
  /** Milliseconds for one attempt; default 5,000. */
  readonly timeoutMs?: number | undefined;
  /** Attempts after the first; default 3. */
  readonly retries?: number | undefined;
  /** Told what went wrong, without the URL: whoever knows it can ping. */
  readonly onWarning: (message: string) => void;
}

/** Tells a dead man's switch (healthchecks.io and its like) how a run goes. Never fails. */
export interface Ping {
  /** GET URL/start */
  start(): Promise<void>;
  /** POST URL/{exit code}, after the start has been told; `text` is cut to 10 kB. */
  finish(exitCode: number, text: string): Promise<void>;
}

const MAXIMUM_BODY_BYTES = 10_000;
const FIRST_DELAY_MS = 300;

/** @throws UsageError USAGE_INVALID_OPTION when it is no http URL */
export function createPing(options: PingOptions): Ping {
  const base = parseUrl(options.url);
  let started: Promise<void> = Promise.resolve();
  return {
    start: () => (started = send(options, at(base, 'start', options.runId), 'GET', undefined)),
    async finish(exitCode, text) {
      await started;
      const body = new TextEncoder().encode(text).subarray(0, MAXIMUM_BODY_BYTES);
      // A character cut in two is left out.
      const whole = new TextDecoder().decode(body, { stream: true });
      await send(options, at(base, exitCode === 0 ? '' : String(exitCode), options.runId), 'POST', whole);
    },
  };
}

function parseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol)) return url;
  // The text is not repeated: it is a secret.
  throw new UsageError('USAGE_INVALID_OPTION', '--ping: this is not a URL to ping', {
    hint: 'Give the ping URL of the check, as in https://hc-ping.com/UUID.',
  });
}

function at(base: URL, word: string, runId: string): URL {
  const url = new URL(base);
  if (word !== '') url.pathname = `${url.pathname.replace(/\/$/, '')}/${word}`;
  url.searchParams.set('rid', runId);
  return url;
}

async function send(
  { timeoutMs = 5_000, retries = 3, onWarning }: PingOptions,
  url: URL,
  method: 'GET' | 'POST',
  body: string | undefined,
): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    const problem = await tryOnce(url, method, body, timeoutMs);
    if (problem === undefined) return;
    if (!problem.mayPass || attempt >= retries) {
      onWarning(`the ping to ${url.host} failed: ${problem.text}, ${attempt + 1} attempts`);
      return;
    }
    await delay(FIRST_DELAY_MS * 2 ** attempt);
  }
}

interface Problem {
  readonly text: string;
  readonly mayPass: boolean;
}

async function tryOnce(
  url: URL,
  method: 'GET' | 'POST',
  body: string | undefined,
  timeoutMs: number,
): Promise<Problem | undefined> {
  // fetch refuses a URL with a user.
  const target = new URL(url);
  const user = `${decodeURIComponent(target.username)}:${decodeURIComponent(target.password)}`;
  [target.username, target.password] = ['', ''];
  const headers: Record<string, string> = { 'user-agent': 'studymate-db' };
  if (user !== ':') headers['authorization'] = `Basic ${Buffer.from(user).toString('base64')}`;
  if (body !== undefined) headers['content-type'] = 'text/plain; charset=utf-8';
  try {
    const response = await fetch(target, {
      method,
      headers,
      signal: AbortSignal.timeout(timeoutMs),
      ...(body !== undefined && { body }),
    });
    await response.body?.cancel();
    if (response.ok) return undefined;
    return {
      text: `it answered ${response.status}`,
      mayPass: response.status >= 500 || response.status === 429,
    };
  } catch (error) {
    return { text: describe(error, timeoutMs), mayPass: true };
  }
}

/** By name and code: a message of fetch may repeat the URL. */
function describe(error: unknown, timeoutMs: number): string {
  if (!(error instanceof Error)) return 'unknown trouble';
  if (error.name === 'TimeoutError') return `no answer within ${timeoutMs} ms`;
  const { code } = (error.cause ?? {}) as { readonly code?: unknown };
  return typeof code === 'string' ? code : 'no connection';
}
