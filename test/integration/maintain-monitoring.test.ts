import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { formatMetrics, type MaintainReport } from '../../src/maintain/metrics.js';
import { openMonitoring } from '../../src/maintain/monitoring.js';
import { createPing, type Ping } from '../../src/maintain/ping.js';
import { writeTextfile } from '../../src/maintain/textfile.js';
import { startPingServer } from '../support/ping-server.js';
import { makeTemporaryFolder } from '../support/server.js';

const runId = '6f2b9f0e-0000-4000-8000-000000000001';

function pingTo(url: string, warnings: string[], timeoutMs = 5_000): Ping {
  return createPing({ url, runId, timeoutMs, retries: 2, onWarning: (message) => warnings.push(message) });
}

async function temporaryFolder(): Promise<string> {
  const folder = await makeTemporaryFolder();
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

describe('--ping', () => {
  it('tells the start, then the end with a body, tied by the run id', async () => {
    const { url, pinged } = await startPingServer();
    const warnings: string[] = [];
    const ping = pingTo(url, warnings);
    void ping.start();
    await ping.finish(0, 'all done 🎉');
    expect(pinged).toMatchObject([
      { method: 'GET', path: '/check/start', runId },
      { method: 'POST', path: '/check', runId, body: 'all done 🎉' },
    ]);
    expect(warnings).toEqual([]);
  });

  it('tells a failure by its exit code', async () => {
    const { url, pinged } = await startPingServer();
    await pingTo(`${url}/`, []).finish(75, 'busy');
    expect(pinged).toMatchObject([{ method: 'POST', path: '/check/75' }]);
  });

  it('cuts the body to 10 kB, between two characters', async () => {
    const { url, pinged } = await startPingServer();
    await pingTo(url, []).finish(1, '한'.repeat(20_000));
    const body = pinged[0]?.body ?? '';
    expect(body).toBe('한'.repeat(3_333));
  });

  it('tries again when the server stumbles, and not when it refuses', async () => {
    const stumbling = await startPingServer((_, response, nth) => {
      response.statusCode = nth < 3 ? 500 : 200;
      response.end();
    });
    const warnings: string[] = [];
    await pingTo(stumbling.url, warnings).finish(0, '');
    expect(stumbling.pinged).toHaveLength(3);
    expect(warnings).toEqual([]);
    const refusing = await startPingServer((_, response) => {
      response.statusCode = 404;
      response.end();
    });
    await pingTo(refusing.url, warnings).finish(0, '');
    expect(refusing.pinged).toHaveLength(1);
    expect(warnings).toEqual([expect.stringMatching(/the ping to 127.0.0.1:\d+ failed: it answered 404/)]);
  });

  it('gives up on a server that does not answer, and on one that is not there; it warns without the URL', async () => {
    const silent = await startPingServer(() => undefined);
    const warnings: string[] = [];
    await pingTo(silent.url.replace('/check', '/s3cret-uuid'), warnings, 50).finish(0, '');
    expect(silent.pinged).toHaveLength(3);
    const gone = createServer();
    await new Promise<void>((resolve) => gone.listen(0, '127.0.0.1', resolve));
    const { port } = gone.address() as { port: number };
    await new Promise((resolve) => gone.close(resolve));
    await pingTo(`http://user:s3cret@127.0.0.1:${port}/s3cret-uuid`, warnings).finish(0, '');
    expect(warnings).toEqual([
      expect.stringContaining('no answer within 50 ms, 3 attempts'),
      expect.stringContaining('ECONNREFUSED, 3 attempts'),
    ]);
    expect(warnings.join()).not.toContain('s3cret');
  });

  it('sends a user and password of the URL as authorization', async () => {
    const { url, pinged } = await startPingServer();
    await pingTo(url.replace('//', '//me:s%23cret@'), []).finish(0, '');
    expect(pinged[0]?.authorization).toBe(`Basic ${Buffer.from('me:s#cret').toString('base64')}`);
  });

  it.each(['not a url', 'ftp://example.com/x', ''])('refuses «%s» before anything begins', (url) => {
    expect(() => pingTo(url, [])).toThrow(expect.objectContaining({ code: 'USAGE_INVALID_OPTION' }));
  });
});

const report: MaintainReport = {
  server: 'db.example.com:5432',
  database: 'study"mate',
  finishedAt: new Date('2026-03-01T04:00:00Z'),
  durationMs: 1_500,
  exitCode: 0,
  result: undefined,
};

describe('--textfile', () => {
  const successOf = (text: string): string | undefined =>
    /^studymate_db_maintain_last_success_timestamp_seconds\{.*\} (\S+)$/m.exec(text)?.[1];

  it('is what a Prometheus parser reads: one TYPE a metric, escaped labels, no timestamps', () => {
    const text = formatMetrics(report, undefined);
    expect(text.endsWith('\n')).toBe(true);
    for (const line of text.trimEnd().split('\n'))
      expect(line).toMatch(/^(# (HELP|TYPE) \w+ .+|\w+\{(\w+="(\\.|[^"\\])*",?)+\} -?[\d.]+)$/);
    const types = text.match(/^# TYPE \w+/gm) ?? [];
    expect(new Set(types).size).toBe(types.length);
    expect(text).toContain('database="study\\"mate"');
  });

  it('a failed run keeps the time of the last success, of this database only', () => {
    const good = formatMetrics(report, undefined);
    const failed = formatMetrics({ ...report, exitCode: 4, finishedAt: new Date() }, good);
    expect(successOf(failed)).toBe('1772337600');
    expect(failed).toMatch(/last_exit_code\{.*\} 4$/m);
    expect(successOf(formatMetrics({ ...report, exitCode: 4, database: 'other' }, good))).toBe('0');
    expect(successOf(formatMetrics({ ...report, exitCode: 4 }, 'rubbish'))).toBe('0');
  });

  it('appears whole, readable by the collector under any umask, with nothing left beside it', async () => {
    const folder = await temporaryFolder();
    const file = join(folder, 'studymate.prom');
    const umask = process.umask(0o077);
    try {
      await writeTextfile(file, 'one 1\n');
    } finally {
      process.umask(umask);
    }
    expect((await stat(file)).mode & 0o777).toBe(0o644);
    const { ino } = await stat(file);
    await writeTextfile(file, 'two 2\n');
    expect((await stat(file)).ino).not.toBe(ino);
    expect(await readdir(folder)).toEqual(['studymate.prom']);
  });

  it('that cannot be written is warned of, leaves the old one and nothing else', async () => {
    const folder = await temporaryFolder();
    const warnings: string[] = [];
    const file = join(folder, 'studymate.prom');
    // A folder in its place cannot be replaced by a file, not even by root.
    await mkdir(file);
    await writeFile(join(file, 'inside'), '');
    const monitoring = openMonitoring({
      textfile: file,
      ping: undefined,
      runId,
      onWarning: (message) => warnings.push(message),
    });
    const end = { exitCode: 0, result: undefined, connection: 'postgres://a@b/c', now: new Date(), text: '' };
    expect(await monitoring.ended(end)).toBe(false);
    expect(warnings).toEqual([expect.stringContaining('the textfile was not written')]);
    expect(await readdir(folder)).toEqual(['studymate.prom']);
    expect(await readFile(join(file, 'inside'), 'utf8')).toBe('');
  });

  it('refuses a name that the collector would pass over', () => {
    const open = (): unknown =>
      openMonitoring({ textfile: '/tmp/metrics.txt', ping: undefined, runId, onWarning: () => undefined });
    expect(open).toThrow(expect.objectContaining({ code: 'USAGE_INVALID_OPTION' }));
  });
});
