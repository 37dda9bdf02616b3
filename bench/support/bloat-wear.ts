import type pg from 'pg';

/** Fourteen shapes: unique and not, wide and narrow, few and many distinct, nulls, partial, INCLUDE, expression. */
export const shapes: Readonly<Record<string, string>> = {
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

export async function fillTable(client: pg.Client, rows: number): Promise<void> {
  await client.query(`drop table if exists w;
    create table w (id bigint not null, uid uuid not null, user_id bigint not null, status text not null,
      is_read boolean not null, email text not null, read_at timestamptz, created_at timestamptz not null,
      note text) with (autovacuum_enabled = off)`);
  await insertRows(client, 1, rows, rows);
  for (const [name, definition] of Object.entries(shapes))
    await client.query(`create ${definition.replace('%', `w_${name}`)}`);
}

async function insertRows(client: pg.Client, from: number, to: number, rows: number): Promise<void> {
  await client.query(
    `insert into w
     select i, md5(i::text)::uuid, (hashint8(i) & 2147483647) % ($3::int / 20),
            (array['PENDING', 'ACCEPTED', 'REJECTED', 'EXPIRED'])[1 + (hashint8(i + 1) & 2147483647) % 4],
            i % 10 <> 0, 'user' || md5(i::text) || '@example.com',
            case when i % 2 = 0 then timestamptz '2025-01-01' + i * interval '1 second' end,
            timestamptz '2025-01-01' + i * interval '1 second'
     from generate_series($1::bigint, $2::bigint) i`,
    [from, to, rows],
  );
}

export const wear: Readonly<Record<string, (client: pg.Client, rows: number) => Promise<unknown>>> = {
  'random 60 % deleted': (client) => client.query('delete from w where hashint8(id) & 1023 < 614'),
  'half updated three times': async (client) => {
    for (const part of [0, 1, 2]) {
      // What an index covers must change, or the update stays on its page and no index sees it.
      await client.query(
        `update w set created_at = created_at + interval '1 microsecond', note = 'x' where id % 2 = ${part % 2}`,
      );
      await client.query('vacuum w');
    }
  },
  'queue, oldest 80 % deleted': (client, rows) => client.query('delete from w where id <= $1', [rows * 0.8]),
  'queue, filled again': async (client, rows) => {
    await client.query('delete from w where id <= $1', [rows * 0.8]);
    await client.query('vacuum w');
    await insertRows(client, rows + 1, rows * 1.3, rows);
  },
};

/** What a rebuild gives back in truth, 0 to 1: the size of the same index, built anew. */
export async function trueBloat(client: pg.Client, name: string): Promise<number> {
  await client.query(`create ${(shapes[name] ?? '').replace('%', 'fresh')}`);
  const { rows } = await client.query<{ worn: number; fresh: number }>(
    `select pg_relation_size($1::regclass)::float8 as worn, pg_relation_size('fresh')::float8 as fresh`,
    [`w_${name}`],
  );
  await client.query('drop index fresh');
  return 1 - (rows[0]?.fresh ?? Number.NaN) / (rows[0]?.worn ?? Number.NaN);
}
