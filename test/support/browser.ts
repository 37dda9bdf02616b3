import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Whether there is a Chromium to look at pages with. */
export const hasBrowser = await run('chromium', ['--version']).then(
  () => true,
  () => false,
);

export interface BrowserWindow {
  readonly width: number;
  readonly height: number;
}

/** The page after its scripts have run, as HTML. There is no network but the file itself. */
export async function dumpDom(file: string, window: BrowserWindow): Promise<string> {
  return chromium(['--dump-dom', '--virtual-time-budget=5000'], file, window);
}

export async function takeScreenshot(file: string, window: BrowserWindow, image: string): Promise<void> {
  await chromium([`--screenshot=${image}`, '--hide-scrollbars'], file, window);
}

async function chromium(
  flags: readonly string[],
  file: string,
  { width, height }: BrowserWindow,
): Promise<string> {
  const profile = await mkdtemp(join(tmpdir(), 'studymate-browser-'));
  try {
    const { stdout } = await run(
      'chromium',
      [
        '--headless',
        '--no-sandbox',
        '--disable-gpu',
        '--disable-dev-shm-usage',
        '--host-resolver-rules=MAP * ~NOTFOUND',
        `--user-data-dir=${profile}`,
        `--window-size=${width},${height}`,
        ...flags,
        pathToFileURL(file).href,
      ],
      { maxBuffer: 32 * 1024 * 1024, timeout: 50_000 },
    );
    return stdout;
  } finally {
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}
