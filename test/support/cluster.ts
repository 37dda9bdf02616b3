import { statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { migrateUp } from '../../src/migrate/migrate.js';
import type { Major } from '../../src/dev/server-directory.js';
import { startThrowAwayServer } from './server.js';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Of the superuser, to a database that tests do not write to. */
    readonly adminUrl: string;
  }
}

export const TEMPLATE_DATABASE = 'studymate_template';

interface Cluster {
  readonly adminUrl: string;
  readonly dispose: () => Promise<void>;
}

/** Each project loads this module for itself; what they share must hang on the process. */
const shared = globalThis as typeof globalThis & {
  studymateCluster?: { users: number; cluster: Promise<Cluster> };
};

/** One cluster for the whole run, whichever projects name this file. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const entry = (shared.studymateCluster ??= { users: 0, cluster: startCluster() });
  entry.users += 1;
  const { adminUrl, dispose } = await entry.cluster;
  project.provide('adminUrl', adminUrl);
  return async () => {
    entry.users -= 1;
    if (entry.users > 0) return;
    delete shared.studymateCluster;
    await dispose();
  };
}

async function startCluster(): Promise<Cluster> {
  const major = Number(process.env['STUDYMATE_TEST_POSTGRES'] ?? 17) as Major;
  // Without autovacuum plans and statistics do not depend on when it came by.
  const settings = { autovacuum: 'off', max_wal_size: '256MB' };
  const server = await startThrowAwayServer(major, settings, await clusterRoot());
  try {
    await makeTemplate(server.connectionString);
    return { adminUrl: server.connectionString, dispose: server.dispose };
  } catch (error) {
    await server.dispose();
    throw error;
  }
}

/** In memory where there is plenty: making and dropping databases is two to four times as fast there. */
async function clusterRoot(): Promise<string> {
  const memory = await statfs('/dev/shm').catch(() => undefined);
  return memory !== undefined && memory.bavail * memory.bsize > 4 * 2 ** 30 ? '/dev/shm' : tmpdir();
}

async function makeTemplate(adminUrl: string): Promise<void> {
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  try {
    await admin.query(`create database ${TEMPLATE_DATABASE}`);
    const url = new URL(adminUrl);
    url.pathname = `/${TEMPLATE_DATABASE}`;
    await migrateUp({ connection: url.href });
    // Closed to everyone, so that no session ever stands in the way of a clone.
    await admin.query(`alter database ${TEMPLATE_DATABASE} is_template true allow_connections false`);
  } finally {
    await admin.end();
  }
}
