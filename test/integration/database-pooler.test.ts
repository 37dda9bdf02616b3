import { sql } from 'kysely';
import { afterAll, describe, expect, it } from 'vitest';
import { useDatabase } from '../support/database.js';
import { openDatabase } from '../support/open-database.js';
import { hasPgBouncer, startPgBouncer } from '../support/pgbouncer.js';

const test = useDatabase();

const userCount = sql<{ count: string }>`select count(*) from users`;
describe.runIf(hasPgBouncer)('behind PgBouncer', () => {
  it.each(['transaction', 'statement', 'session'])(
    'pool_mode %s refuses every connection, reads and writes, and says why',
    async (mode) => {
      const database = openDatabase(await startPgBouncer(test.url, mode));
      const insert = sql`insert into users (email, english_name, birth_date) values ('a@example.com', 'A', '2000-01-01')`;
      for (const attempt of [
        () => insert.execute(database.primary),
        () => userCount.execute(database.read),
        () => database.withTransaction((transaction) => insert.execute(transaction)),
      ])
        await expect(attempt()).rejects.toMatchObject({
          name: 'ConnectError',
          code: 'CONNECT_PARAMETERS_REFUSED',
        });
      const client = await test.connect();
      expect((await client.query('select from users')).rowCount).toBe(0);
    },
  );

  // What many configurations do for the sake of other drivers: `read` would write, and no limit would hold.
  it.each(['transaction', 'statement', 'session'])(
    'pool_mode %s is refused as well where it drops the parameters without a word',
    async (mode) => {
      const url = await startPgBouncer(test.url, mode, 'ignore_startup_parameters = options');
      const database = openDatabase(url);
      for (const db of [database.primary, database.read])
        await expect(userCount.execute(db)).rejects.toMatchObject({
          name: 'ConnectError',
          code: 'CONNECT_PARAMETERS_REFUSED',
          detail: expect.stringContaining('statement_timeout is 0, not 30000') as string,
        });
      expect(database.status().pools.map(({ inUse, waiting }) => inUse + waiting)).toEqual([0, 0]);
    },
  );
});

describe.runIf(!hasPgBouncer)('PgBouncer', () => {
  afterAll(() => {
    process.stderr.write(
      '\n*** PgBouncer is not hasPgBouncer: connecting through it was NOT tested (apt-get install pgbouncer) ***\n',
    );
  });
  it('is not hasPgBouncer here, so connecting through it is not tested', () => {
    expect(hasPgBouncer).toBe(false);
  });
});
