import { Kysely, PostgresDialect, type PostgresPool } from 'kysely';
import type pg from 'pg';

/**
 * A Kysely whose every query goes through one client, one after the other: so all of them see the snapshot of the
 * transaction that the client is in, and nothing is opened that withConnection would not close.
 */
export function kyselyOf(client: pg.ClientBase): Kysely<unknown> {
  let turn = Promise.resolve();
  const pool: PostgresPool = {
    async connect() {
      const before = turn;
      let release = (): void => undefined;
      turn = new Promise((resolve) => (release = resolve));
      await before;
      return { query: client.query.bind(client), release };
    },
    end: () => Promise.resolve(),
  };
  return new Kysely({ dialect: new PostgresDialect({ pool }) });
}
