import { expect, it } from 'vitest';
import { createDatabase } from '../../src/database/create-database.js';
import { runReport } from '../../src/reports/run-report.js';
import { useDatabase } from '../support/database.js';

const database = useDatabase();

it('tells of an empty database without failing', async () => {
  const db = createDatabase({ connectionString: database.url });
  const result = await runReport(db, 'sessions', { from: '2026-01-01', to: '2026-01-03' });
  expect(result.rows).toEqual([
    { day: '2026-01-01', planned: 0, completed: 0, completion: null, plannedMinutes: 0 },
    { day: '2026-01-02', planned: 0, completed: 0, completion: null, plannedMinutes: 0 },
  ]);
  expect(result.server.isReplica).toBe(false);
  await db.close();
});
