import { parseConnectionString, type ConnectionSettings } from '../database/connection-settings.js';
import type { MaintainResult } from './maintain.js';
import { formatMetrics } from './metrics.js';
import { createPing } from './ping.js';
import { assertTextfileName, readTextfile, writeTextfile } from './textfile.js';

export interface MonitoringOptions {
  readonly textfile: string | undefined;
  readonly ping: string | undefined;
  readonly runId: string;
  readonly onWarning: (message: string) => void;
}

export interface RunEnd {
  readonly exitCode: number;
  /** Undefined when nothing began. */
  readonly result: MaintainResult | undefined;
  /** Undefined when no database is known; then there is no textfile. */
  readonly connection: ConnectionSettings | string | undefined;
  readonly now: Date;
  /** For the ping, in words. */
  readonly text: string;
}

export interface Monitoring {
  /** Tells the ping URL; does not wait for the answer. */
  started(): void;
  /** Writes the textfile, then pings. Never fails. @returns whether the textfile was written, where one was wanted */
  ended(end: RunEnd): Promise<boolean>;
}

/** @throws UsageError USAGE_INVALID_OPTION */
export function openMonitoring({ textfile, ping, runId, onWarning }: MonitoringOptions): Monitoring {
  if (textfile !== undefined) assertTextfileName(textfile);
  const pinged = ping === undefined ? undefined : createPing({ url: ping, runId, onWarning });
  const startedAt = performance.now();
  return {
    started: () => void pinged?.start(),
    async ended(end) {
      let written = true;
      if (textfile !== undefined && end.connection !== undefined) {
        try {
          await writeReport(textfile, end, performance.now() - startedAt);
        } catch (error) {
          written = false;
          onWarning(
            `the textfile was not written: ${error instanceof Error ? error.message : String(error)}`,
          );
        }
      }
      await pinged?.finish(end.exitCode, end.text);
      return written;
    },
  };
}

async function writeReport(textfile: string, end: RunEnd, durationMs: number): Promise<void> {
  const { connection = '', exitCode, result, now } = end;
  const settings = typeof connection === 'string' ? parseConnectionString(connection) : connection;
  const { host = 'localhost', port = 5432, database, user } = settings;
  const report = {
    server: `${host}:${port}`,
    database: database ?? user ?? '',
    finishedAt: now,
    durationMs,
    exitCode,
    result,
  };
  await writeTextfile(textfile, formatMetrics(report, await readTextfile(textfile)));
}
