import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { addMonths, monthOf } from '../../src/partitioning/month.js';

/**
 * People at work while months come and go: writers of messages, old and new, and of replies, and readers who compare
 * what is there with what was acknowledged.
 *
 * Each message is written down in public.acknowledged in its own transaction, with a hash of its content. So at every
 * moment, in one snapshot, live and archived messages together are exactly those that are written down.
 */
export interface ArchiveLoad {
  /** What readers saw that must not be; empty when all is well. */
  readonly violations: readonly string[];
  readonly reads: number;
  readonly writes: number;
  stop(): Promise<void>;
}

const hashOf = (row: string): string => `hashtextextended(to_jsonb(${row})::text, 0)`;

// A sum tells more than a count: a row that is there twice, while another is missing, changes it.
const IN_ONE_STATEMENT = `
  select a.*, m.* from
    (select count(*)::text as written, coalesce(sum(hash), 0)::text as written_hash from public.acknowledged) as a,
    (select count(*)::text as found, coalesce(sum(${hashOf('x')}), 0)::text as found_hash
     from (select * from public.chat_messages union all select * from public.chat_messages_archive) as x) as m`;

export async function prepareAcknowledgements(client: pg.ClientBase): Promise<void> {
  // Messages of the same transaction have the same hash input wherever they are: columns by name.
  await client.query(
    'create table public.acknowledged (id bigint primary key, hash numeric not null, room_id bigint not null)',
  );
}

/** Rows that are written down but not there, or there but not written down, or not as they were written. */
export async function findDifferences(client: pg.ClientBase): Promise<unknown[]> {
  const { rows } = await client.query<{ what: string; id: string }>(
    `with found as (
       select x.id, ${hashOf('x')}::numeric as hash
       from (select * from public.chat_messages union all select * from public.chat_messages_archive) as x
     )
     (select 'lost' as what, id, hash from public.acknowledged except all select 'lost', * from found)
     union all
     (select 'too many', * from found except all select 'too many', id, hash from public.acknowledged)
     limit 10`,
  );
  return rows;
}

/** @param months how many months back messages are dated; some fall into months that have no partition */
export function startArchiveLoad(
  url: string,
  {
    rooms,
    user,
    months,
  }: { readonly rooms: readonly string[]; readonly user: string; readonly months: number },
): ArchiveLoad {
  const state = { stopped: false, reads: 0, writes: 0, violations: [] as string[] };
  const acknowledged = new Set<string>();
  const loops = [
    ...[1, 2].map(() =>
      repeat(state, url, (client) => write(client, state, acknowledged, { rooms, user, months })),
    ),
    repeat(state, url, (client) => readOnce(client, state)),
    repeat(state, url, (client) => readTwice(client, state)),
  ];
  return {
    get violations() {
      return state.violations;
    },
    get reads() {
      return state.reads;
    },
    get writes() {
      return state.writes;
    },
    async stop() {
      state.stopped = true;
      await Promise.all(loops);
      // What a client was told to be committed has survived every crash.
      const client = await connect(url);
      try {
        const { rows } = await client.query<{ id: string }>(
          `select id from unnest($1::bigint[]) as id where id not in (select id from public.acknowledged)`,
          [[...acknowledged]],
        );
        if (rows.length > 0) state.violations.push(`${rows.length} acknowledged messages are gone`);
      } finally {
        await client.end();
      }
    },
  };
}

interface LoadState {
  stopped: boolean;
  reads: number;
  writes: number;
  violations: string[];
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** Goes on through crashes: connects again when the connection is lost. */
async function repeat(
  state: LoadState,
  url: string,
  once: (client: pg.Client) => Promise<void>,
): Promise<void> {
  while (!isStopped(state)) {
    const client = await connect(url).catch(() => undefined);
    try {
      while (client !== undefined && !isStopped(state)) {
        await once(client);
        await delay(5);
      }
    } catch (error) {
      if (isUnexpected(error)) state.violations.push(String(error));
    } finally {
      await client?.end().catch(() => undefined);
    }
    await delay(20);
  }
}

/** A question each time: another loop may have stopped it meanwhile. */
function isStopped(state: LoadState): boolean {
  return state.stopped;
}

/** A server that is killed ends connections; it does not refuse rows, deadlock or lose a constraint. */
function isUnexpected(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return /^[0-9A-Z]{5}$/.test(code) && !/^(57|08)/.test(code);
}

async function write(
  client: pg.Client,
  state: LoadState,
  acknowledged: Set<string>,
  {
    rooms,
    user,
    months,
  }: { readonly rooms: readonly string[]; readonly user: string; readonly months: number },
): Promise<void> {
  const now = new Date();
  const back = Math.random() < 0.3 ? 0 : Math.floor(Math.random() * months);
  const start = addMonths(monthOf(now), -back).getTime();
  const at = new Date(start + Math.random() * 27 * 86_400_000);
  const room = rooms[Math.floor(Math.random() * rooms.length)];
  await client.query('begin');
  const { rows } = await client.query<{ id: string }>(
    `with target as (
       select id from public.acknowledged where id <= $4 and room_id = $1 order by id desc limit 1
     ), written as (
       insert into public.chat_messages (room_id, sender_id, content, reply_to_id, created_at)
       values ($1, $2, 'written ' || $3::text, (select id from target), $3::timestamptz) returning *
     )
     insert into public.acknowledged select id, ${hashOf('written')}, room_id from written returning id`,
    [
      room,
      user,
      (at > now ? now : at).toISOString(),
      Math.random() < 0.5 ? 0 : Math.floor(Math.random() * 3_000),
    ],
  );
  await client.query('commit');
  state.writes += 1;
  if (rows[0] !== undefined) acknowledged.add(rows[0].id);
}

async function readOnce(client: pg.Client, state: LoadState): Promise<void> {
  const { rows } = await client.query<Comparison>(IN_ONE_STATEMENT);
  compare(state, rows[0], 'one statement');
}

/** The snapshot is older than what is read, and the archive comes first: the order in which a month could be missed. */
async function readTwice(client: pg.Client, state: LoadState): Promise<void> {
  await client.query('begin isolation level repeatable read read only');
  const { rows: written } = await client.query<Comparison>(
    'select count(*)::text as written, coalesce(sum(hash), 0)::text as written_hash from public.acknowledged',
  );
  await delay(Math.random() * 20);
  const { rows: archived } = await client.query<Comparison>(partHash('chat_messages_archive'));
  const { rows: live } = await client.query<Comparison>(partHash('chat_messages'));
  await client.query('commit');
  const [a, b] = [archived[0], live[0]];
  compare(
    state,
    written[0] && {
      ...written[0],
      found: String(BigInt(a?.found ?? 0) + BigInt(b?.found ?? 0)),
      found_hash: String(BigInt(a?.found_hash ?? 0) + BigInt(b?.found_hash ?? 0)),
    },
    'one snapshot',
  );
}

const partHash = (table: string): string =>
  `select count(*)::text as found, coalesce(sum(${hashOf('x')}), 0)::text as found_hash from public.${table} as x`;

interface Comparison {
  readonly written: string;
  readonly written_hash: string;
  readonly found: string;
  readonly found_hash: string;
}

function compare(state: LoadState, row: Comparison | undefined, where: string): void {
  state.reads += 1;
  if (row === undefined || (row.written === row.found && row.written_hash === row.found_hash)) return;
  state.violations.push(`${where}: ${row.written} written, ${row.found} found`);
}
