import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, describe, onTestFinished } from 'vitest';
import { runCli } from '../support/cli.js';
import { createDatabase } from '../support/database.js';
import { isLong } from '../support/long.js';
import { makeTemporaryFolder } from '../support/server.js';

const MEGABYTE = 1024 * 1024;
const most = 150 * MEGABYTE;

/** Loaded before the command: writes down, as the last thing, the largest resident set that the process has had. */
const epilogue = `
  import { readFileSync, writeFileSync } from 'node:fs';
  process.on('exit', () => writeFileSync(process.env.STATUS_FILE, readFileSync('/proc/self/status')));`;

/** Seeds an empty database. @returns the peak of the command's resident set, Node included, in bytes */
async function peakOf(...args: readonly string[]): Promise<number> {
  const folder = await makeTemporaryFolder();
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const database = await createDatabase();
  onTestFinished(() => database.drop());
  const statusFile = join(folder, 'status');
  const { code, stderr } = await runCli(['seed', '--profile', 'load', '--quiet', ...args], {
    DATABASE_URL: database.url,
    STATUS_FILE: statusFile,
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(epilogue)}`,
  });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(await readFile(statusFile, 'utf8'))?.[1];
  return Number(kibibytes) * 1024;
}

/** Of the command as it is installed, whose Node it may tune; that of the library is another test's. */
describe('the peak memory of studymate-db seed', () => {
  it('is below 150 MB for 50,000 users, and four times the messages do not show', async () => {
    const only = ['--only', 'users', 'chat_rooms', 'chat_messages'];
    const few = await peakOf('--messages', '200000', ...only);
    const many = await peakOf('--messages', '800000', ...only);
    expect(few).toBeLessThan(most);
    expect(many).toBeLessThan(most);
    // 600,000 messages more: 17 bytes each, were they kept.
    expect(many - few).toBeLessThan(10 * MEGABYTE);
  }, 240_000);

  it.runIf(isLong)(
    'is below 150 MB for a world of 5 million messages',
    async () => {
      expect(await peakOf()).toBeLessThan(most);
    },
    1_200_000,
  );
});
