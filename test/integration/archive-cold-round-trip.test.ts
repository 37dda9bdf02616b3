import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import type pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exportMonth } from '../../src/archive/cold/export-month.js';
import { importMonth } from '../../src/archive/cold/import-month.js';
import { verifyExport } from '../../src/archive/cold/verify-export.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { insertRow } from '../support/rows.js';
import {
  ACTIVITY,
  archiveJanuary,
  countRows,
  differingRows,
  filesBelow,
  JANUARY,
  keepRows,
  MESSAGES,
  shapeOf,
  tableExists,
  temporaryFolder,
  type ColdSample,
} from './archive-cold-sample.js';

let database: TestDatabase;
let client: pg.Client;
let sample: ColdSample;
let directory: string;

beforeEach(async () => {
  database = await createDatabase();
  client = await database.connect();
  sample = await archiveJanuary(client);
  directory = await temporaryFolder();
});
afterEach(() => database.drop());

const options = (): { connection: string; month: Date; directory: string } => ({
  connection: database.url,
  month: JANUARY,
  directory,
});

describe.each(['csv.gz', 'parquet'] as const)('a cold copy as %s', (fileFormat) => {
  it('brings back every row byte for byte, in a partition like the one that was dropped', async () => {
    await keepRows(client, MESSAGES, 'kept_messages');
    await keepRows(client, ACTIVITY, 'kept_activity');
    const shapes = [await shapeOf(client, MESSAGES), await shapeOf(client, ACTIVITY)];

    const exported = await exportMonth({ ...options(), fileFormat, drop: true });
    expect(exported.tables.map(({ action, dropped, rows }) => ({ action, dropped, rows }))).toEqual([
      { action: 'exported', dropped: true, rows: 54 },
      { action: 'exported', dropped: true, rows: 20 },
    ]);
    expect(await tableExists(client, MESSAGES)).toBe(false);
    expect(await countRows(client, 'chat_messages_archive')).toBe(0);

    const imported = await importMonth(options());
    expect(imported.tables.map(({ action, rows }) => ({ action, rows }))).toEqual([
      { action: 'imported', rows: 54 },
      { action: 'imported', rows: 20 },
    ]);
    expect(await differingRows(client, MESSAGES, 'kept_messages')).toBe(0);
    expect(await differingRows(client, ACTIVITY, 'kept_activity')).toBe(0);
    expect([await shapeOf(client, MESSAGES), await shapeOf(client, ACTIVITY)]).toEqual(shapes);
  });

  it('is verified against the database, and by its own files once the month is dropped', async () => {
    await exportMonth({ ...options(), fileFormat });
    const before = await verifyExport(options());
    expect(before).toMatchObject({ verified: true, tables: [{ state: 'equal' }, { state: 'equal' }] });
    await exportMonth({ ...options(), fileFormat, drop: true });
    const after = await verifyExport(options());
    expect(after).toMatchObject({ verified: true, tables: [{ state: 'cold' }, { state: 'cold' }] });
    const offline = await verifyExport({
      ...options(),
      connection: 'postgres://nobody@127.0.0.1:1/none',
      offline: true,
    });
    expect(offline.tables.map(({ state }) => state)).toEqual(['intact', 'intact']);
  });
});

it('writes data, manifest and checksums that tools of the system read without this one', async () => {
  await exportMonth({ ...options(), tables: ['chat_messages'] });
  expect(await filesBelow(directory)).toEqual([
    'chat_messages',
    'chat_messages/2025-01',
    'chat_messages/2025-01/SHA256SUMS',
    'chat_messages/2025-01/chat_messages-2025-01.csv.gz',
    'chat_messages/2025-01/manifest.json',
  ]);
  const folder = join(directory, 'chat_messages', '2025-01');
  const manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')) as Record<
    string,
    unknown
  >;
  expect(manifest).toMatchObject({
    formatVersion: 1,
    table: 'chat_messages',
    month: '2025-01',
    lowerBound: '2025-01-01 00:00:00+00',
    upperBound: '2025-02-01 00:00:00+00',
    rows: 54,
    minId: sample.messages[0],
    minCreatedAt: '2025-01-01 00:00:00+00',
    maxCreatedAt: '2025-01-31 23:59:23.000003+00',
  });
  expect(manifest['columns']).toContainEqual({
    name: 'message_type',
    type: 'character varying(20)',
    notNull: true,
    comment: 'What kind of message it is.',
  });
  await promisify(execFile)('sha256sum', ['--check', '--strict', 'SHA256SUMS'], { cwd: folder });

  // As the manifest tells people to: the server reads the plain CSV.
  const csv = gunzipSync(await readFile(join(folder, 'chat_messages-2025-01.csv.gz'))).toString('utf8');
  await client.query(`create table public.by_hand (like chat_messages_archive)`);
  const { from } = await import('pg-copy-streams');
  const copy = client.query(from(`copy public.by_hand from stdin with (format csv, header match)`));
  await new Promise<void>((resolve, reject) => copy.on('error', reject).on('finish', resolve).end(csv));
  expect(await differingRows(client, 'by_hand', MESSAGES)).toBe(0);
});

it('does nothing the second time, whether export or import', async () => {
  await exportMonth(options());
  const files = await filesBelow(directory);
  const manifest = await readFile(join(directory, 'chat_messages', '2025-01', 'manifest.json'), 'utf8');
  const again = await exportMonth(options());
  expect(again.tables.map(({ action }) => action)).toEqual(['unchanged', 'unchanged']);
  expect(await filesBelow(directory)).toEqual(files);
  expect(await readFile(join(directory, 'chat_messages', '2025-01', 'manifest.json'), 'utf8')).toBe(manifest);

  const present = await importMonth(options());
  expect(present.tables.map(({ action }) => action)).toEqual(['unchanged', 'unchanged']);

  await exportMonth({ ...options(), drop: true });
  const gone = await exportMonth({ ...options(), drop: true });
  expect(gone.tables.map(({ action, dropped }) => ({ action, dropped }))).toEqual([
    { action: 'cold', dropped: false },
    { action: 'cold', dropped: false },
  ]);
});

it('writes nothing in a dry run', async () => {
  await expect(exportMonth({ ...options(), dryRun: true, drop: true })).resolves.toMatchObject({
    dryRun: true,
    tables: [
      { action: 'exported', dropped: true },
      { action: 'exported', dropped: true },
    ],
  });
  expect(await filesBelow(directory)).toEqual([]);
  await exportMonth({ ...options(), drop: true });
  const runs = await countLedger();
  await expect(importMonth({ ...options(), dryRun: true })).resolves.toMatchObject({
    tables: [{ action: 'imported' }, { action: 'imported' }],
  });
  expect(await tableExists(client, MESSAGES)).toBe(false);
  expect(await countLedger()).toEqual(runs);
});

it('records exports, drops and imports in the run ledger', async () => {
  await exportMonth({ ...options(), drop: true, tables: ['chat_messages'] });
  await importMonth({ ...options(), tables: ['chat_messages'] });
  const { rows } = await client.query(
    `select r.command, r.result, s.action, s.object, s.result as step, s.row_count::int as rows
     from studymate.runs r join studymate.run_steps s on s.run_id = r.id order by s.id`,
  );
  const object = `public.${MESSAGES}`;
  expect(rows).toEqual([
    { command: 'archive export', result: 'done', action: 'export', object, step: 'done', rows: 54 },
    { command: 'archive export', result: 'done', action: 'drop', object, step: 'done', rows: 54 },
    { command: 'archive import', result: 'done', action: 'import', object, step: 'done', rows: 54 },
    { command: 'archive import', result: 'done', action: 'keys', object, step: 'done', rows: null },
  ]);
});

it('keeps an empty month', async () => {
  await client.query('delete from user_activity_logs_archive');
  await exportMonth({ ...options(), tables: ['user_activity_logs'], drop: true });
  await importMonth({ ...options(), tables: ['user_activity_logs'] });
  expect(await countRows(client, ACTIVITY)).toBe(0);
});

it('means the same whatever time zone and style of dates the role has', async () => {
  await exportMonth(options());
  await client.query(`alter role current_user in database ${database.name} set timezone = 'Asia/Seoul'`);
  await client.query(`alter role current_user in database ${database.name} set datestyle = 'German'`);
  await expect(verifyExport(options())).resolves.toMatchObject({ verified: true });
  await keepRows(client, MESSAGES, 'kept_messages');
  await exportMonth({ ...options(), drop: true });
  await importMonth(options());
  expect(await differingRows(client, MESSAGES, 'kept_messages')).toBe(0);
});

describe('pointers at messages that are cold', () => {
  let reply: string;
  beforeEach(async () => {
    const target = sample.messages[2];
    reply = (
      await insertRow(client, 'chat_messages', {
        room_id: sample.room,
        sender_id: sample.bob,
        content: 'late answer',
        reply_to_id: target,
      })
    ).id;
    await client.query('update chat_participants set last_read_message_id = $1 where user_id = $2', [
      target,
      sample.bob,
    ]);
    await exportMonth({ ...options(), drop: true });
  });

  const pointers = async (): Promise<unknown> => {
    const { rows } = await client.query(
      `select (select reply_to_id from chat_messages where id = $1) as reply,
         (select last_read_message_id from chat_participants where user_id = $2) as read`,
      [reply, sample.bob],
    );
    return rows[0];
  };

  it('keep their value, and find their message again after the import', async () => {
    const target = sample.messages[2];
    expect(await pointers()).toEqual({ reply: target, read: target });
    await importMonth(options());
    expect(await pointers()).toEqual({ reply: target, read: target });
    // Now it is there again, it is deleted like any other.
    await client.query('delete from chat_messages_archive where id = $1', [target]);
    expect(await pointers()).toEqual({ reply: null, read: null });
  });

  it('do not stand in the way of editing the reply, but a new one at a cold message is refused', async () => {
    await client.query(`update chat_messages set content = 'edited', is_edited = true where id = $1`, [
      reply,
    ]);
    const again = client.query('update chat_messages set reply_to_id = reply_to_id where id = $1', [reply]);
    await expect(again).rejects.toMatchObject({ code: '23503', constraint: 'fk_chat_messages_reply_to' });
    const another = insertRow(client, 'chat_messages', {
      room_id: sample.room,
      sender_id: sample.bob,
      reply_to_id: sample.messages[3],
    });
    await expect(another).rejects.toMatchObject({ code: '23503' });
  });
});

async function countLedger(): Promise<unknown> {
  const { rows } = await client.query(
    'select (select count(*) from studymate.runs) as runs, (select count(*) from studymate.run_steps) as steps',
  );
  return rows[0];
}
