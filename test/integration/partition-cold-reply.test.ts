import { rm } from 'node:fs/promises';
import { expect, onTestFinished, test } from 'vitest';
import { exportMonth } from '../../src/archive/cold/export-month.js';
import { runArchive } from '../../src/archive/run-archive.js';
import { rolloverPartitions } from '../../src/partitions/rollover.js';
import { createDatabase } from '../support/database.js';
import { makeTemporaryFolder } from '../support/server.js';

test('a row of the default partition goes to its month though the message it answers is in a cold copy', async () => {
  const database = await createDatabase();
  const directory = await makeTemporaryFolder();
  onTestFinished(async () => {
    await database.drop();
    await rm(directory, { recursive: true, force: true });
  });
  const client = await database.connect();
  await client.query(`
    insert into users (email, english_name, birth_date) values ('a@example.com', 'A', '2000-01-01');
    insert into chat_rooms (created_by_user_id) values (1);
    insert into chat_messages (room_id, sender_id, content, created_at) values (1, 1, 'asked', '2025-01-10 00:00+00');
    insert into chat_messages (room_id, sender_id, content, reply_to_id, created_at)
      values (1, 1, 'answered', 1, now() - interval '40 days')`);
  await runArchive({ connection: database.url });
  await exportMonth({ connection: database.url, month: '2025-01', directory, drop: true });
  const { failed } = await rolloverPartitions({ connection: database.url });
  expect(failed).toBe(0);
  const { rows } = await client.query<{ partition: string; reply_to_id: string }>(
    'select tableoid::regclass::text as partition, reply_to_id from chat_messages',
  );
  expect(rows).toEqual([{ partition: expect.stringMatching(/_y\d{4}m\d\d$/) as string, reply_to_id: '1' }]);
});
