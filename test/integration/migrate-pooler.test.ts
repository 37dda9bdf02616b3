import { afterAll, describe, expect, it } from 'vitest';
import { migrateUp } from '../../src/migrate/migrate.js';
import { emptyDatabaseForTest } from '../support/database.js';
import { migrationFolder } from '../support/migrations.js';
import { hasPgBouncer, startPgBouncer } from '../support/pgbouncer.js';

describe.runIf(hasPgBouncer)('behind PgBouncer', () => {
  it.each([
    ['transaction', ''],
    ['transaction', 'default_pool_size = 1'],
    ['transaction', 'server_round_robin = 1\ndefault_pool_size = 3'],
    ['statement', ''],
  ])('pool_mode %s (%s) is refused, and nothing is written', async (mode, settings) => {
    const database = await emptyDatabaseForTest();
    const directory = await migrationFolder({ '0001_create-a': { up: 'create table a (id int);' } });
    const url = await startPgBouncer(database.url, mode, settings);
    await expect(migrateUp({ connection: url, directory })).rejects.toMatchObject({
      code: 'POOLER_TRANSACTION_MODE',
      hint: 'Point the database URL at PostgreSQL itself, or at a pool in session mode.',
    });
    const client = await database.connect();
    const { rows } = await client.query(
      `select to_regnamespace('studymate') as ledger, to_regclass('a') as a`,
    );
    expect(rows).toEqual([{ ledger: null, a: null }]);
  });

  it('pool_mode session is as good as a direct connection', async () => {
    const database = await emptyDatabaseForTest();
    const directory = await migrationFolder({ '0001_create-a': { up: 'create table a (id int);' } });
    const url = await startPgBouncer(database.url, 'session');
    const runs = await Promise.all([1, 2, 3].map(() => migrateUp({ connection: url, directory })));
    expect(runs.filter(({ migrations }) => migrations.length > 0)).toHaveLength(1);
  });
});

describe.runIf(!hasPgBouncer)('PgBouncer', () => {
  afterAll(() => {
    process.stderr.write(
      '\n*** PgBouncer is not hasPgBouncer: migrating behind it was NOT tested (apt-get install pgbouncer) ***\n',
    );
  });
  it('is not hasPgBouncer here, so migrating behind it is not tested', () => {
    expect(hasPgBouncer).toBe(false);
  });
});
