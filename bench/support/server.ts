import { mkdtemp, chmod, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startServer, type StartOptions } from '../../src/dev/start-server.js';
import { stopServer } from '../../src/dev/stop-server.js';

export interface BenchServer {
  /** Drops and creates a database, a copy of `template` if one is named. @returns its URL */
  freshDatabase(name: string, template?: string): Promise<string>;
}

/** A throw-away server with durable settings, as in production. */
export async function withBenchServer<T>(
  work: (server: BenchServer) => Promise<T>,
  options: Pick<StartOptions, 'major' | 'systemBinaries'> = {},
): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'studymate-bench-'));
  await chmod(directory, 0o755);
  const server = await startServer({ directory, ...options });
  try {
    console.log(`PostgreSQL ${server.serverVersion}, Node ${process.version}, durable settings`);
    return await work({
      freshDatabase: (name, template) => freshDatabase(server.connectionString, name, template),
    });
  } finally {
    await stopServer({ directory, major: server.major });
    await rm(directory, { recursive: true, force: true });
  }
}

async function freshDatabase(adminUrl: string, name: string, template?: string): Promise<string> {
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  await admin.query(`drop database if exists ${name} with (force)`);
  const copied = template === undefined ? '' : ` template ${template} strategy file_copy`;
  await admin.query(`create database ${name}${copied}`);
  await admin.end();
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  return url.href;
}
