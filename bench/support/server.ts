import { mkdtemp, chmod, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startServer } from '../../src/dev/start-server.js';
import { stopServer } from '../../src/dev/stop-server.js';

export interface BenchServer {
  /** Drops and creates a database. @returns its URL */
  freshDatabase(name: string): Promise<string>;
}

/** A throw-away server with durable settings, as in production. */
export async function withBenchServer<T>(work: (server: BenchServer) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'studymate-bench-'));
  await chmod(directory, 0o755);
  const server = await startServer({ directory });
  try {
    console.log(`PostgreSQL ${server.serverVersion}, Node ${process.version}, durable settings`);
    return await work({ freshDatabase: (name) => freshDatabase(server.connectionString, name) });
  } finally {
    await stopServer({ directory });
    await rm(directory, { recursive: true, force: true });
  }
}

async function freshDatabase(adminUrl: string, name: string): Promise<string> {
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  await admin.query(`drop database if exists ${name} with (force)`);
  await admin.query(`create database ${name}`);
  await admin.end();
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  return url.href;
}
