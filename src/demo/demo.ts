import { join } from 'node:path';
import type pg from 'pg';
import { withConnection } from '../database/connect.js';
import { parseConnectionString, type ConnectionSettings } from '../database/connection-settings.js';
import { createDatabase } from '../database/create-database.js';
import { startServer } from '../dev/start-server.js';
import { stopServer } from '../dev/stop-server.js';
import { writeErd } from '../erd/write-erd.js';
import { renderReportSite } from '../reports/render/page/render-report-site.js';
import { writeReportSite } from '../reports/render/write-report-file.js';
import { runAllReports, type ReportOutcome } from '../reports/run-all-reports.js';
import { migrateUp, type MigrateResult } from '../migrate/migrate.js';
import { migrateStatus } from '../migrate/status.js';
import { runArchive, type ArchiveResult } from '../archive/run-archive.js';
import { rolloverPartitions, type RolloverResult } from '../partitions/rollover.js';
import { seed, type SeedResult } from '../seed/seed.js';
import { readConversation, type Conversation } from './conversation.js';
import { countSchema, listPartitions, type PartitionSummary, type SchemaCounts } from './schema-summary.js';

export interface DemoOptions {
  /** Where the demo keeps its server, apart from the one of `dev start`; default `.studymate/demo`. */
  readonly directory?: string | undefined;
  /** Where the pages go, which stay; default `.studymate/site`. */
  readonly siteDirectory?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Told before each step. */
  readonly onStep?: ((step: string) => void) | undefined;
}

export interface DemoResult {
  readonly serverVersion: string;
  readonly migrations: MigrateResult['migrations'];
  readonly applied: number;
  readonly pending: number;
  readonly counts: SchemaCounts;
  readonly seed: SeedResult;
  readonly rollover: RolloverResult;
  readonly archive: ArchiveResult;
  readonly partitions: readonly PartitionSummary[];
  readonly conversation: Conversation;
  readonly reports: readonly ReportOutcome[];
  /** Files to open in a browser. */
  readonly pages: { readonly reports: string; readonly schema: string };
  readonly durationMs: number;
}

const database = 'studymate_demo';

/**
 * Runs the main job end to end on a real PostgreSQL of its own: starts it, migrates an empty database, seeds a small
 * world, reads a conversation, sees a constraint refuse a bad row, makes the coming months, archives the old ones, runs
 * the reports, and stops it again, also when a step fails. Touches nothing outside its directories.
 */
export async function runDemo(options: DemoOptions = {}): Promise<DemoResult> {
  const { signal, onStep = (): void => undefined } = options;
  const directory = options.directory ?? join('.studymate', 'demo');
  const siteDirectory = options.siteDirectory ?? join('.studymate', 'site');
  const start = performance.now();
  onStep('starting PostgreSQL');
  const server = await startServer({ directory, signal });
  try {
    const connection = await createDemoDatabase(server.connectionString, signal);
    onStep('migrating an empty database');
    const { migrations } = await migrateUp({ connection, signal });
    const status = await migrateStatus({ connection, signal });
    onStep('seeding nine months of a small world');
    const seeded = await seed({ connection, profile: 'tiny', months: 9, referenceDate: today(), signal });
    onStep('making the coming months');
    const rollover = await rolloverPartitions({ connection, signal });
    onStep('archiving the old ones');
    const archive = await runArchive({ connection, signal });
    onStep('running the reports');
    const reports = await runReports(connection, signal);
    const pages = await writePages(connection, siteDirectory, reports, signal);
    return await withConnection(
      connection,
      { applicationName: 'studymate-db demo', signal },
      async ({ client }) => ({
        serverVersion: server.serverVersion,
        migrations,
        applied: status.migrations.length - status.pending,
        pending: status.pending,
        counts: await countSchema(client),
        seed: seeded,
        rollover,
        archive,
        reports,
        pages,
        conversation: await readConversation(client),
        partitions: await listPartitions(client),
        durationMs: performance.now() - start,
      }),
    );
  } finally {
    onStep('stopping PostgreSQL');
    await stopServer({ directory });
  }
}

async function runReports(
  connection: ConnectionSettings,
  signal: AbortSignal | undefined,
): Promise<readonly ReportOutcome[]> {
  await using database = createDatabase({
    connectionString: connection,
    applicationName: 'studymate-db demo',
  });
  return await runAllReports(database, { signal });
}

async function writePages(
  connection: ConnectionSettings,
  directory: string,
  reports: readonly ReportOutcome[],
  signal: AbortSignal | undefined,
): Promise<DemoResult['pages']> {
  await writeReportSite(directory, renderReportSite(reports, { language: 'en' }));
  const pages = { reports: join(directory, 'index.html'), schema: join(directory, 'schema.html') };
  await writeErd({ connection, as: 'html', file: pages.schema, signal });
  return pages;
}

/** A new one each time; the server and its data directory stay for the next. */
async function createDemoDatabase(
  adminUrl: string,
  signal: AbortSignal | undefined,
): Promise<ConnectionSettings> {
  await withConnection(
    adminUrl,
    { applicationName: 'studymate-db demo', signal },
    async ({ client }: { client: pg.Client }) => {
      await client.query(`drop database if exists ${database} with (force)`);
      await client.query(`create database ${database}`);
    },
  );
  const url = new URL(adminUrl);
  url.pathname = `/${database}`;
  return parseConnectionString(url.href);
}

function today(): Date {
  return new Date(Math.floor(Date.now() / 86_400_000) * 86_400_000);
}
