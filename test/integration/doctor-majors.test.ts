import { expect, test } from 'vitest';
import { brief } from './doctor-support.js';
import { runDoctor } from '../../src/doctor/run-doctor.js';
import { runMaintenance } from '../../src/maintain/maintain.js';
import { migrateUp } from '../../src/migrate/migrate.js';
import { withServer } from '../support/server.js';

test.each([15, 16, 18] as const)('every check can look on PostgreSQL %i', async (major) => {
  await withServer(major, async ({ connectionString }) => {
    await migrateUp({ connection: connectionString });
    await runMaintenance({ connection: connectionString });
    const { findings } = await runDoctor({ connection: connectionString });
    // What the servers of the tests are like: fast, and not safe.
    const expected = ['server-version', 'settings', 'connection', 'statements', 'index-unused'];
    expect(brief(findings.filter(({ check }) => !expected.includes(check)))).toEqual([]);
    expect(brief(findings.filter(({ object }) => object === 'check'))).toEqual([]);
  });
});
