import { withConnection } from '../database/connect.js';
import type { ConnectionSettings } from '../database/connection-settings.js';
import { readIndexes } from './index-catalog.js';
import { readStatisticsSince } from './statistics-age.js';
import { writeUsageSnapshot } from './usage-snapshots.js';

export interface TakeSnapshotOptions {
  readonly connection: ConnectionSettings | string;
  /** Replicas whose readings are taken as well, by a name of yours that stays the same: an index may be used there only. */
  readonly replicas?: Readonly<Record<string, ConnectionSettings | string>> | undefined;
  /** Readings older than this are forgotten; default 180. */
  readonly keepDays?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface TakeSnapshotResult {
  readonly readings: readonly {
    readonly server: string;
    readonly indexes: number;
    readonly countedSince: Date | undefined;
  }[];
}

const applicationName = 'studymate-db index snapshot';

/**
 * Keeps what the counters of every index say now, for `index report` to tell what was used over a window. For cron,
 * once a day. A replica that cannot be reached fails the run before anything is written: a missing reading would count
 * as time in which nothing was seen.
 *
 * @throws ConnectError; OperationError DATABASE_PERMISSION_DENIED for a role that may not write to studymate
 */
export async function takeIndexSnapshot(options: TakeSnapshotOptions): Promise<TakeSnapshotResult> {
  const { connection, replicas = {}, keepDays = 180, signal } = options;
  const read = (server: string, target: ConnectionSettings | string): Promise<Reading> =>
    withConnection(target, { applicationName, signal }, async ({ client }) => ({
      server,
      indexes: await readIndexes(client),
      countedSince: await readStatisticsSince(client),
    }));
  const readings = [await read('primary', connection)];
  for (const [server, target] of Object.entries(replicas)) readings.push(await read(server, target));
  await withConnection(connection, { applicationName, signal }, async ({ client }) => {
    for (const reading of readings) await writeUsageSnapshot(client, { ...reading, keepDays });
  });
  return {
    readings: readings.map(({ server, indexes, countedSince }) => ({
      server,
      indexes: indexes.length,
      countedSince,
    })),
  };
}

interface Reading {
  readonly server: string;
  readonly indexes: Awaited<ReturnType<typeof readIndexes>>;
  readonly countedSince: Date | undefined;
}
