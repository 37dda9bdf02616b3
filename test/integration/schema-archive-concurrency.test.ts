import type pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { attachPartition, insertConversation, insertMessage } from '../support/rows.js';
import { backendPid, start, untilWaiting } from './schema-sessions.js';

/** Word for word from the ERD, but for the names of the tables. */
const ERD_FUNCTION = `
  create function erd_archive_old_data()
  returns void as $$
  begin
      insert into erd_archive
      select * from chat_messages
      where created_at < current_date - interval '6 months';

      delete from chat_messages
      where created_at < current_date - interval '6 months';
  end;
  $$ language plpgsql`;

let database: TestDatabase;
let archiver: pg.Client;
let archiverPid: number;
let writer: pg.Client;
let observer: pg.Client;
let alice: string;
let room: string;

beforeEach(async () => {
  database = await createDatabase();
  [archiver, writer, observer] = [
    await database.connect(),
    await database.connect(),
    await database.connect(),
  ];
  archiverPid = await backendPid(archiver);
  ({ alice, room } = await insertConversation(observer));
  await attachPartition(observer, 'chat_messages', 'chat_messages_y2025m02', [
    new Date('2025-02-01T00:00:00Z'),
    new Date('2025-03-01T00:00:00Z'),
  ]);
});
afterEach(async () => database.drop());

const messageAt = (client: pg.Client, created_at: string): Promise<string> =>
  insertMessage(client, { room_id: room, sender_id: alice, created_at });

async function allMessages(archive = 'chat_messages_archive'): Promise<string[]> {
  const { rows } = await observer.query<{ id: string }>(
    `select id from chat_messages union all select id from ${archive} order by id`,
  );
  return rows.map((row) => row.id);
}

/** Writes a back-dated message while the archiver is in the middle, and lets the archiver finish. */
async function writeMeanwhile(archiving: string, day: string): Promise<string> {
  await writer.query('begin');
  await writer.query('lock table chat_messages in share mode');
  const ended = start(archiver.query(archiving));
  await untilWaiting(observer, archiverPid);
  const late = await messageAt(writer, day);
  await writer.query('commit');
  await ended;
  return late;
}

describe('a message back-dated while the archive runs', () => {
  it('is lost by the ERD’s own function, and not by archive_old_data()', async () => {
    await observer.query('create table erd_archive (like chat_messages)');
    await observer.query(ERD_FUNCTION);
    const first = await messageAt(observer, '2025-01-10T00:00:00Z');
    await writeMeanwhile('select erd_archive_old_data()', '2025-01-11T00:00:00Z');
    expect(await allMessages('erd_archive')).toEqual([first]);

    const second = await messageAt(observer, '2025-01-10T00:00:00Z');
    const late = await writeMeanwhile('select archive_old_data()', '2025-01-11T00:00:00Z');
    expect(await allMessages()).toEqual([second, late]);
  });

  it.each([
    ['a whole month', '2025-02-11T00:00:00Z', undefined],
    ['the default partition', '2025-05-11T00:00:00Z', '2025-05-12T00:00:00Z'],
  ])(
    'into %s is in one of the two tables, and in the archive after the next run',
    async (_, day, neighbour) => {
      const first = await messageAt(observer, neighbour ?? day);
      await writer.query('begin');
      const late = await messageAt(writer, day);
      const ended = start(archiver.query('select archive_old_data()'));
      await untilWaiting(observer, archiverPid);
      await writer.query('commit');
      await ended;
      expect(await allMessages()).toEqual([first, late]);
      await archiver.query('select archive_old_data()');
      expect((await observer.query('select from chat_messages')).rowCount).toBe(0);
      expect(await allMessages()).toEqual([first, late]);
    },
  );

  it('into a month that is partly archived goes to the archive with the next run', async () => {
    await messageAt(observer, '2025-03-10T00:00:00Z');
    await archiver.query('select archive_old_data()');
    await attachPartition(observer, 'chat_messages', 'chat_messages_y2025m03', [
      new Date('2025-03-01T00:00:00Z'),
      new Date('2025-04-01T00:00:00Z'),
    ]);
    await messageAt(observer, '2025-03-11T00:00:00Z');
    await writer.query('begin');
    await messageAt(writer, '2025-03-12T00:00:00Z');
    await archiver.query('select archive_old_data()');
    await writer.query('commit');
    expect(await allMessages()).toHaveLength(3);
    await archiver.query('select archive_old_data()');
    const { rows } = await observer.query(
      'select tableoid::regclass::text as place, count(*)::int from chat_messages_archive group by 1',
    );
    expect(rows).toEqual([{ place: 'chat_messages_archive_y2025m03', count: 3 }]);
  });
});

describe('archive_old_data()', () => {
  it('twice at once, the second waits for the first and finds nothing to do', async () => {
    const ids = [
      await messageAt(observer, '2025-02-11T00:00:00Z'),
      await messageAt(observer, '2025-05-11T00:00:00Z'),
    ];
    await writer.query('begin; select archive_old_data()');
    const second = start(archiver.query('select archive_old_data()'));
    await untilWaiting(observer, archiverPid);
    // Not for a table or a row: a run that has to wait holds nothing.
    const { rows } = await observer.query('select wait_event from pg_stat_activity where pid = $1', [
      archiverPid,
    ]);
    expect(rows).toEqual([{ wait_event: 'advisory' }]);
    await writer.query('commit');
    await second;
    expect(await allMessages()).toEqual(ids);
    expect((await observer.query('select from chat_messages')).rowCount).toBe(0);
  });

  it('does not stand in the way of a transaction that has updated a user and then writes a message', async () => {
    await messageAt(observer, '2025-02-11T00:00:00Z');
    await writer.query('begin');
    await writer.query(`update users set intro = 'hello' where id = $1`, [alice]);
    const ended = start(archiver.query('select archive_old_data()'));
    await untilWaiting(observer, archiverPid);
    await writer.query(`set local lock_timeout = '50ms'`);
    const message = await insertMessage(writer, { room_id: room, sender_id: alice });
    await writer.query('commit');
    await ended;
    expect(await allMessages()).toContain(message);
    expect((await observer.query('select from chat_messages_archive')).rowCount).toBe(1);
  });

  it('gives up when it cannot get a lock, and leaves everything as it was', async () => {
    await messageAt(observer, '2025-02-11T00:00:00Z');
    await messageAt(observer, '2025-05-11T00:00:00Z');
    await writer.query('begin');
    await writer.query('select from chat_messages limit 1');
    await expect(archiver.query('select archive_old_data()')).rejects.toMatchObject({ code: '55P03' });
    expect((await observer.query('select from chat_messages')).rowCount).toBe(2);
    expect((await observer.query('select from chat_messages_archive')).rowCount).toBe(0);
    await writer.query('rollback');
    await archiver.query('select archive_old_data()');
    expect((await observer.query('select from chat_messages_archive')).rowCount).toBe(2);
  });

  it('leaves no moment at which a snapshot of both tables misses a row', async () => {
    await messageAt(observer, '2025-02-11T00:00:00Z');
    await messageAt(observer, '2025-03-10T00:00:00Z');
    await archiver.query('select archive_old_data()');
    await attachPartition(observer, 'chat_messages', 'chat_messages_y2025m03', [
      new Date('2025-03-01T00:00:00Z'),
      new Date('2025-04-01T00:00:00Z'),
    ]);
    await messageAt(observer, '2025-03-11T00:00:00Z');
    // A snapshot from before the move, that looks only after it.
    await writer.query('begin isolation level repeatable read');
    await writer.query('select from users');
    await archiver.query('select archive_old_data()');
    await observer.query('vacuum chat_messages_y2025m03');
    await archiver.query('select archive_old_data()');
    const count =
      'select count(*)::int from chat_messages_archive union all select count(*)::int from chat_messages';
    expect((await writer.query(count)).rows).toEqual([{ count: 2 }, { count: 1 }]);
    await writer.query('commit');
    expect((await writer.query(count)).rows).toEqual([{ count: 3 }, { count: 0 }]);
  });

  it('does not get a reader killed that waits for the month it is about to move', async () => {
    await messageAt(observer, '2025-02-11T00:00:00Z');
    await writer.query('begin; select from chat_messages');
    const reader = await database.connect();
    // Just above what the archiver waits for a lock, as the server's default is.
    await reader.query(`set deadlock_timeout = '250ms'`);
    const ended = start(archiver.query('select archive_old_data()'));
    await untilWaiting(observer, archiverPid);
    for (let read = 0; read < 5; read++) {
      expect((await reader.query('select count(*)::int from chat_messages')).rows).toEqual([{ count: 1 }]);
    }
    await writer.query('commit');
    await ended;
    expect((await observer.query('select from chat_messages_archive')).rowCount).toBe(1);
  });

  it('a user erased while their messages are archived leaves none behind', async () => {
    await messageAt(observer, '2025-05-11T00:00:00Z');
    await writer.query('begin; select archive_old_data()');
    const erasure = start(archiver.query('delete from users where id = $1', [alice]));
    await untilWaiting(observer, archiverPid);
    await writer.query('commit');
    await erasure;
    expect(await allMessages()).toEqual([]);
  });
});
