import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { migrateUp } from '../../src/migrate/migrate.js';
import { rolloverPartitions } from '../../src/partitions/rollover.js';
import { withServer } from '../support/server.js';
import { insertConversation } from '../support/rows.js';
import { describeTable, fillMonth, rowsByPartition } from './partition-support.js';

describe.each([15, 16, 18] as const)('on PostgreSQL %i', (major) => {
  it('months are made, filled, grown and adopted, and are like their siblings', async () => {
    await withServer(major, async ({ connectionString }) => {
      await migrateUp({ connection: connectionString });
      const client = new pg.Client({ connectionString });
      await client.connect();
      try {
        const { room, alice } = await insertConversation(client);
        for (const [month, count] of [
          ['2025-03', 30],
          ['2025-04', 60],
          ['2025-05', 90],
        ] as const)
          await fillMonth(client, { room, sender: alice, month, count });
        const result = await rolloverPartitions({
          connection: connectionString,
          now: new Date('2025-06-15T00:00:00Z'),
          rowsPerStep: 25,
        });
        expect(result.failed).toBe(0);
        expect(
          result.tables[0]?.steps.slice(0, 3).map(({ action, transactions }) => [action, transactions]),
        ).toEqual([
          ['drain', 2],
          ['drain', 3],
          ['adopt', 1],
        ]);
        expect(await rowsByPartition(client)).toEqual({
          chat_messages_y2025m03: 30,
          chat_messages_y2025m04: 60,
          chat_messages_y2025m05: 90,
        });
        // Made by the migration, with CREATE TABLE … PARTITION OF.
        const sibling = await describeTable(client, 'chat_messages_y2025m01', 'January 2025');
        for (const [name, month] of [
          ['chat_messages_y2025m03', 'March 2025'],
          ['chat_messages_y2025m04', 'April 2025'],
          ['chat_messages_y2025m05', 'May 2025'],
          ['chat_messages_y2025m07', 'July 2025'],
        ] as const)
          expect(await describeTable(client, name, month)).toEqual(sibling);
        await client.query('delete from users where id = $1', [alice]);
        expect(await rowsByPartition(client)).toEqual({});
      } finally {
        await client.end();
      }
    });
  });
});
