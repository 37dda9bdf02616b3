import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { createDatabase } from '../src/database/create-database.js';
import { startServer } from '../src/dev/start-server.js';
import { stopServer } from '../src/dev/stop-server.js';
import { migrateUp } from '../src/migrate/migrate.js';
import { packageRoot } from '../src/package-root.js';
import { findReport } from '../src/reports/registry.js';
import { renderReport } from '../src/reports/render/render-report.js';
import { renderReportSite } from '../src/reports/render/page/render-report-site.js';
import { writeReportFile, writeReportSite } from '../src/reports/render/write-report-file.js';
import { runAllReports } from '../src/reports/run-all-reports.js';
import { runAnyReport } from '../src/reports/run-report.js';
import type { Language } from '../src/reports/text.js';
import { seed } from '../src/seed/seed.js';

/** Writes docs/images/report-*.png: pages of reports of a seeded database, and their site, as a browser shows them. */

interface Picture {
  readonly report: string;
  readonly language: Language;
  readonly scheme: 'light' | 'dark';
  /** Of the window, in pixels of CSS: how much of the page is seen. */
  readonly height: number;
}

const pictures: readonly Picture[] = [
  { report: 'retention', language: 'en', scheme: 'light', height: 1120 },
  { report: 'sessions', language: 'ko', scheme: 'dark', height: 1120 },
];
const WIDTH = 1040;
/** The day the seeded world ends: reports are of the weeks before it. */
const WORLD_END = new Date('2026-01-01T00:00:00Z');

async function run(): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'studymate-pictures-'));
  await chmod(directory, 0o755);
  const images = join(packageRoot(), 'docs', 'images');
  await mkdir(images, { recursive: true });
  const { connectionString, major } = await startServer({ directory });
  try {
    await migrateUp({ connection: connectionString });
    await seed({
      connection: connectionString,
      profile: 'demo',
      users: 3000,
      messages: 300_000,
      referenceDate: WORLD_END,
    });
    const db = createDatabase({ connectionString });
    try {
      for (const picture of pictures) {
        const report = findReport(picture.report);
        const result = await runAnyReport(db, report, {}, { now: WORLD_END });
        const page = join(directory, `${picture.report}.html`);
        await writeReportFile(page, renderReport(result, report, 'html', { language: picture.language }));
        await photograph(
          page,
          picture,
          join(images, `report-${picture.report}-${picture.language}-${picture.scheme}.png`),
        );
      }
      const site = join(directory, 'site');
      const outcomes = await runAllReports(db, { now: WORLD_END });
      await writeReportSite(site, renderReportSite(outcomes));
      await photograph(
        join(site, 'index.html'),
        { scheme: 'light', height: 1120 },
        join(images, 'report-site.png'),
      );
    } finally {
      await db.close();
    }
  } finally {
    await stopServer({ directory, major });
    await rm(directory, { recursive: true, force: true });
  }
}

async function photograph(
  page: string,
  { scheme, height }: Pick<Picture, 'scheme' | 'height'>,
  image: string,
): Promise<void> {
  const profile = await mkdtemp(join(tmpdir(), 'studymate-browser-'));
  try {
    await promisify(execFile)('chromium', [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-dev-shm-usage',
      '--hide-scrollbars',
      // Two pixels of the picture for one of the page, as readers' screens have.
      '--force-device-scale-factor=2',
      `--blink-settings=preferredColorScheme=${scheme === 'dark' ? 0 : 1}`,
      `--user-data-dir=${profile}`,
      `--window-size=${WIDTH},${height}`,
      `--screenshot=${image}`,
      pathToFileURL(page).href,
    ]);
  } finally {
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

await run();
