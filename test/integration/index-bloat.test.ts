import type pg from 'pg';
import { beforeAll, describe, expect, test } from 'vitest';
import { readBloat, type BloatEstimate } from '../../src/indexes/read-bloat.js';
import { useDatabase } from '../support/database.js';

const database = useDatabase();
let client: pg.Client;

/** Fourteen shapes: unique and not, wide and narrow, few and many distinct, nulls, partial, INCLUDE, expression. */
const shapes: Readonly<Record<string, string>> = {
  id: 'unique index % on w (id)',
  uid: 'unique index % on w (uid)',
  user: 'index % on w (user_id)',
  status: 'index % on w (status)',
  is_read: 'index % on w (is_read)',
  email: 'unique index % on w (email)',
  lower_email: 'index % on w (lower(email))',
  read_at: 'index % on w (read_at)',
  created: 'index % on w (created_at)',
  user_created: 'index % on w (user_id, created_at)',
  user_ff70: 'index % on w (user_id) with (fillfactor = 70)',
  unread: 'index % on w (user_id) where not is_read',
  user_incl: 'index % on w (user_id) include (created_at)',
  user_nodedup: 'index % on w (user_id) with (deduplicate_items = off)',
};

const rows = 80_000;

async function fillTable(): Promise<void> {
  await client.query(`
    drop table if exists w;
    create table w (id bigint not null, uid uuid not null, user_id bigint not null, status text not null,
      is_read boolean not null, email text not null, read_at timestamptz, created_at timestamptz not null,
      note text) with (autovacuum_enabled = off);
    ${Object.entries(shapes)
      .map(([name, definition]) => `create ${definition.replace('%', `w_${name}`)};`)
      .join('\n')}`);
  await insertRows(1, rows);
  await client.query(
    Object.keys(shapes)
      .map((name) => `reindex index w_${name}`)
      .join(';'),
  );
}

async function insertRows(from: number, to: number): Promise<void> {
  await client.query(
    `insert into w
     select i, md5(i::text)::uuid, (hashint8(i) & 2147483647) % 5000,
            (array['PENDING', 'ACCEPTED', 'REJECTED', 'EXPIRED'])[1 + (hashint8(i + 1) & 2147483647) % 4],
            i % 10 <> 0, 'user' || md5(i::text) || '@example.com',
            case when i % 2 = 0 then timestamptz '2025-01-01' + i * interval '1 second' end,
            timestamptz '2025-01-01' + i * interval '1 second'
     from generate_series($1::bigint, $2::bigint) i`,
    [from, to],
  );
}

const wear: Readonly<Record<string, () => Promise<unknown>>> = {
  'freshly built': () => Promise.resolve(),
  'a random 60 % deleted': () => client.query('delete from w where hashint8(id) & 1023 < 614'),
  'half of the rows updated three times, never in place': async () => {
    for (const part of [0, 1, 2]) {
      // What an index covers must change, or the update stays on its page and no index sees it.
      await client.query(
        `update w set created_at = created_at + interval '1 microsecond', note = 'x' where id % 2 = ${part % 2}`,
      );
      await client.query('vacuum w');
    }
  },
  'a queue: the oldest 80 % deleted': () => client.query('delete from w where id <= $1', [rows * 0.8]),
  'a queue that was filled again': async () => {
    await client.query('delete from w where id <= $1', [rows * 0.8]);
    await client.query('vacuum w');
    await insertRows(rows + 1, rows * 1.3);
  },
};

/** What a rebuild gives back in truth: the size of the same index, built anew. */
async function trueBloat(name: string): Promise<number> {
  const definition = shapes[name] ?? '';
  await client.query(`create ${definition.replace('%', 'fresh')}`);
  const sizes = await client.query<{ worn: number; fresh: number }>(
    `select pg_relation_size('w_${name}')::float8 as worn, pg_relation_size('fresh')::float8 as fresh`,
  );
  await client.query('drop index fresh');
  const [size] = sizes.rows;
  return size === undefined ? Number.NaN : 1 - size.fresh / size.worn;
}

async function estimates(): Promise<ReadonlyMap<string, BloatEstimate>> {
  const oids = await client.query<{ name: string; oid: number }>(
    `select substr(relname, 3) as name, oid from pg_class where relname = any ($1)`,
    [Object.keys(shapes).map((name) => `w_${name}`)],
  );
  const bloat = await readBloat(
    client,
    oids.rows.map(({ oid }) => oid),
  );
  return new Map(
    oids.rows.flatMap(({ name, oid }) => {
      const estimate = bloat.get(oid);
      return estimate === undefined ? [] : [[name, estimate] as const];
    }),
  );
}

beforeAll(async () => {
  client = await database.connect();
});

describe('the estimate of bloat, against the size of a fresh build', () => {
  test.each(Object.keys(wear))('%s', { timeout: 120_000 }, async (pattern) => {
    await fillTable();
    await wear[pattern]?.();
    // What this session changed is told to the statistics later, and would count as changed since the ANALYZE.
    await client.query('select pg_stat_force_next_flush()');
    await client.query('vacuum (analyze) w');
    const estimated = await estimates();
    const off: string[] = [];
    for (const name of Object.keys(shapes)) {
      const truth = await trueBloat(name);
      const estimate = estimated.get(name);
      const ratio = estimate?.bloatRatio ?? Number.NaN;
      const points = Math.abs(ratio - Math.max(0, truth)) * 100;
      if (!(points <= (name === 'unread' ? 10 : 5)))
        off.push(`${name}: ${ratio.toFixed(3)} for ${truth.toFixed(3)}`);
      expect(estimate?.stale).toBeUndefined();
    }
    expect(off).toEqual([]);
  });
});
