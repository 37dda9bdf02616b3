import { execFileSync } from 'node:child_process';
import { packageRoot } from '../../src/package-root.js';

const script = `
  const pg = require('pg');
  const client = new pg.Client({ connectionString: process.argv[1] });
  client.connect().then(() => client.query(process.argv[2])).then(() => client.end());`;

/** Runs SQL in a process of its own while this one stands still: in the middle of what does not wait. */
export function runSqlNow(url: string, sql: string): void {
  execFileSync(process.execPath, ['-e', script, url, sql], { cwd: packageRoot() });
}
