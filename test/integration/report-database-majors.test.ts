import { expect, test } from 'vitest';
import { databaseReports, report } from './report-database-support.js';
import { createDatabase } from '../../src/database/create-database.js';
import { runMaintenance } from '../../src/maintain/maintain.js';
import { migrateUp } from '../../src/migrate/migrate.js';
import { takeIndexSnapshot } from '../../src/indexes/take-snapshot.js';
import { queryOn } from '../support/replica.js';
import { withServer } from '../support/server.js';

test.each([15, 18] as const)('every report of the database answers on PostgreSQL %i', async (major) => {
  await withServer(
    major,
    async ({ connectionString }) => {
      await migrateUp({ connection: connectionString });
      await runMaintenance({ connection: connectionString });
      await queryOn(connectionString, 'create extension pg_stat_statements');
      await takeIndexSnapshot({ connection: connectionString });
      await queryOn(
        connectionString,
        `update studymate.index_snapshots set taken_at = taken_at - interval '9 days'`,
      );
      await takeIndexSnapshot({ connection: connectionString });
      await queryOn(connectionString, `update studymate.index_snapshots set counted_since = null`);
      const db = createDatabase({ connectionString });
      try {
        for (const one of databaseReports) {
          const { rows, warnings } = await report(db, one, one.name === 'unused-indexes' ? { days: 7 } : {});
          expect(rows, one.name).toBeInstanceOf(Array);
          if (one.name === 'index-sizes')
            expect(warnings).toEqual(
              major < 16 ? [expect.stringContaining('does not keep when an index was used last')] : [],
            );
        }
      } finally {
        await db.close();
      }
    },
    { shared_preload_libraries: 'pg_stat_statements' },
  );
});
