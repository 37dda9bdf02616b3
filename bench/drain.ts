import pg from 'pg';
import { migrateUp } from '../src/migrate/migrate.js';
import { drainPartitions } from '../src/partitions/rollover.js';
import { median } from './support/measure.js';
import { withBenchServer } from './support/server.js';

const rows = 1_000_000;
const now = new Date('2025-06-15T00:00:00Z');

/** A way to get the rows out of the default partition. */
interface Way {
  readonly name: string;
  readonly template: string;
  readonly drain: (url: string) => Promise<void>;
}

interface Outcome {
  readonly totalMs: number;
  readonly longestWriteMs: number;
  readonly longestReadMs: number;
  readonly walMb: number;
}

/**
 * One million rows of a month in the default partition: how long writers and readers of the table wait at most while
 * they are brought to their month, and what it takes. Beside ours, what a DBA would type and what pg_partman does:
 * move them in one transaction under a lock.
 */
export async function run(rounds: number): Promise<void> {
  await withBenchServer(async (server) => {
    const oneMonth = await server.freshDatabase('one_month');
    await fill(oneMonth, 1);
    const twoMonths = await server.freshDatabase('two_months');
    await fill(twoMonths, 2);
    const ways: readonly Way[] = [
      { name: 'partition drain, one month', template: 'one_month', drain: (url) => drain(url) },
      { name: 'one transaction under a lock', template: 'one_month', drain: moveAtOnce },
      { name: 'partition drain, two months', template: 'two_months', drain: (url) => drain(url) },
    ];
    const outcomes = new Map<string, Outcome[]>();
    for (let round = 0; round < rounds; round++) {
      for (const way of ways) {
        const url = await clone(oneMonth, way.template);
        outcomes.set(way.name, [...(outcomes.get(way.name) ?? []), await measure(url, way)]);
      }
    }
    print(outcomes, rounds);
  });
}

async function drain(url: string): Promise<void> {
  const { failed } = await drainPartitions({ connection: url, now, tables: ['chat_messages'] });
  if (failed > 0) throw new Error('the drain failed');
}

async function moveAtOnce(url: string): Promise<void> {
  const client = await connect(url);
  await client.query(`
    set timezone = 'UTC';
    begin;
    lock table users, chat_rooms in share row exclusive mode;
    lock table chat_messages in access exclusive mode;
    set local studymate.moving = 'on';
    create table public.chat_messages_y2025m05 (like public.chat_messages including all);
    with gone as (
      delete from only chat_messages_default where created_at >= '2025-05-01' and created_at < '2025-06-01' returning *
    )
    insert into chat_messages_y2025m05 select * from gone;
    alter table chat_messages attach partition chat_messages_y2025m05 for values from ('2025-05-01') to ('2025-06-01');
    commit`);
  await client.end();
}

/** Writes and reads single rows of another month all the while. */
async function measure(url: string, way: Way): Promise<Outcome> {
  const [writer, reader, observer] = await Promise.all([connect(url), connect(url), connect(url)]);
  // Both in memory for each.
  await observer.query('select count(*) from chat_messages; checkpoint');
  const lsn = (await observer.query<{ lsn: string }>('select pg_current_wal_lsn() as lsn')).rows[0]?.lsn;
  const state = { done: false };
  const loop = async (client: pg.Client, sql: string): Promise<number> => {
    let longest = 0;
    while (!state.done) {
      const since = performance.now();
      await client.query(sql);
      longest = Math.max(longest, performance.now() - since);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return longest;
  };
  const waits = Promise.all([
    loop(
      writer,
      `insert into chat_messages (room_id, sender_id, content, created_at) values (1, 1, 'x', '2025-01-02Z')`,
    ),
    loop(
      reader,
      `select from chat_messages where created_at >= '2025-01-02Z' and created_at < '2025-01-03Z' limit 1`,
    ),
  ]);
  const since = performance.now();
  await way.drain(url);
  const totalMs = performance.now() - since;
  state.done = true;
  const [longestWriteMs, longestReadMs] = await waits;
  const wal = await observer.query<{ mb: number }>(
    'select pg_wal_lsn_diff(pg_current_wal_lsn(), $1)::float8 / 1048576 as mb',
    [lsn],
  );
  await Promise.all([writer.end(), reader.end(), observer.end()]);
  return { totalMs, longestWriteMs, longestReadMs, walMb: wal.rows[0]?.mb ?? Number.NaN };
}

async function fill(url: string, months: number): Promise<void> {
  await migrateUp({ connection: url });
  const client = await connect(url);
  await client.query(`
    insert into users (email, english_name, birth_date)
      select 'u' || i || '@example.com', 'User ' || i, '1990-01-01' from generate_series(1, 20000) i;
    insert into chat_rooms (created_by_user_id) select i from generate_series(1, 20000) i;
    create table public.filled (like public.chat_messages including defaults including constraints);
    insert into filled (room_id, sender_id, content, created_at)
      select 1 + i % 20000, 1 + i % 20000, 'Hello, this is message ' || i,
        timestamptz '2025-05-01Z' - interval '1 month' * (i % ${months}) + interval '28 days' * (i / ${rows}.0)
      from generate_series(0, ${rows - 1}) i;
    begin;
    drop table chat_messages_default;
    alter table filled rename to chat_messages_default;
    alter table chat_messages attach partition chat_messages_default default;
    commit;`);
  await client.query('vacuum analyze chat_messages_default');
  await client.end();
}

async function clone(siblingUrl: string, template: string): Promise<string> {
  const url = new URL(siblingUrl);
  url.pathname = '/postgres';
  const admin = await connect(url.href);
  await admin.query('drop database if exists drained with (force)');
  await admin.query(`create database drained template ${template} strategy file_copy`);
  await admin.end();
  url.pathname = '/drained';
  return url.href;
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client;
}

function print(outcomes: ReadonlyMap<string, readonly Outcome[]>, rounds: number): void {
  const figure = (values: readonly Outcome[], key: keyof Outcome): number =>
    median(values.map((outcome) => outcome[key]));
  const ours = outcomes.get('partition drain, one month') ?? [];
  console.log(`\n${rows} rows in the default partition, ${rounds} rounds, medians`);
  console.log(
    `${''.padEnd(32)}${'writer ms'.padStart(11)}${'worst'.padStart(8)}${'ratio'.padStart(8)}${'reader ms'.padStart(11)}${'total s'.padStart(9)}${'WAL MB'.padStart(9)}`,
  );
  for (const [name, values] of outcomes) {
    const write = figure(values, 'longestWriteMs');
    console.log(
      name.padEnd(32) +
        write.toFixed(0).padStart(11) +
        Math.max(...values.map(({ longestWriteMs }) => longestWriteMs))
          .toFixed(0)
          .padStart(8) +
        (write / figure(ours, 'longestWriteMs')).toFixed(1).padStart(8) +
        figure(values, 'longestReadMs').toFixed(0).padStart(11) +
        (figure(values, 'totalMs') / 1000).toFixed(1).padStart(9) +
        figure(values, 'walMb').toFixed(1).padStart(9),
    );
  }
  console.log('writer, reader: the longest single statement meanwhile; ratio: to the first line');
}
