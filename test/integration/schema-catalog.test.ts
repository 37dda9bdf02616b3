import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useDatabase } from '../support/database.js';
import { droppedTwins, erdNames, erdTables } from './schema-erd.js';

const database = useDatabase();
let client: pg.Client;
beforeAll(async () => {
  client = await database.connect();
});
afterAll(async () => client.end());

const list = async (sql: string, parameters: unknown[] = []): Promise<string[]> =>
  (await client.query<{ item: string }>(sql, parameters)).rows.map((row) => row.item);

/** `idx_a (x, y)` from `table: idx_a (x, y); idx_b (z)`, with its table in front. */
function parseNames(): string[] {
  return erdNames
    .trim()
    .split('\n')
    .flatMap((line) => {
      const [table = '', names = ''] = line.trim().split(': ');
      return names.split('; ').map((name) => `${table}: ${name}`);
    });
}

describe('the ERD', () => {
  it('has its 23 tables, both archives, and no other table', async () => {
    const tables = await list(
      `select relname as item from pg_class
       where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition order by 1`,
    );
    expect(Object.keys(erdTables)).toHaveLength(23);
    expect(tables).toEqual(
      [...Object.keys(erdTables), 'chat_messages_archive', 'user_activity_logs_archive'].sort(),
    );
  });

  it.each(Object.entries(erdTables))(
    '%s has its columns, in order, with their types and defaults',
    async (table, columns) => {
      const actual = await list(
        `select attname || ' ' || replace(format_type(atttypid, atttypmod), 'timestamp with time zone', 'timestamptz')
         || case when attnotnull then '!' else '' end || case when atthasdef then '=' else '' end as item
       from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped order by attnum`,
        [table],
      );
      // What has a default is required as well: a null flag is neither true nor false.
      expect(actual).toEqual(columns.split(/,\s+/).map((column) => column.replace(/!?=$/, '!=')));
    },
  );

  it('has every index and constraint it names, on what it says', async () => {
    const actual = await list(
      `select i.indrelid::regclass || ': ' || c.relname || ' '
         || regexp_replace(pg_get_indexdef(c.oid), '^.* USING [a-z]+ ', '') as item
       from pg_index as i join pg_class as c on c.oid = i.indexrelid
       union all
       select conrelid::regclass || ': ' || conname from pg_constraint where contype in ('c', 't')`,
    );
    for (const name of parseNames()) expect(actual).toContain(name);
  });

  it('has one index where it names the same twice', async () => {
    const names = await list(`select relname as item from pg_class where relkind in ('i', 'I')`);
    for (const [dropped, kept] of Object.entries(droppedTwins)) {
      expect(names).not.toContain(dropped);
      expect(names).toContain(kept);
    }
  });

  it('has the tags of metrics in a GIN index', async () => {
    expect(
      await list(
        `select amname as item from pg_class join pg_am on pg_am.oid = relam where relname = 'idx_metric_tags'`,
      ),
    ).toEqual(['gin']);
  });
});

describe('the catalog', () => {
  it('has a comment on every table, column and function', async () => {
    const silent = await list(
      `select c.oid::regclass || coalesce('.' || attname, '') as item
       from pg_class as c
       left join pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and not c.relispartition
       where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
         and (obj_description(c.oid, 'pg_class') is null
           or (a.attnum is not null and col_description(c.oid, a.attnum) is null))
       union all
       select oid::regprocedure::text from pg_proc
       where pronamespace = 'public'::regnamespace and obj_description(oid, 'pg_proc') is null`,
    );
    expect(silent).toEqual([]);
  });

  it('has an index that leads with the columns of every foreign key, and of both message pointers', async () => {
    const scanned = await list(
      `with keys (relation, columns) as (
         select conrelid, conkey from pg_constraint where contype = 'f' and connamespace = 'public'::regnamespace
         union all
         select attrelid, array[attnum] from pg_attribute
         where attrelid in ('chat_messages'::regclass, 'chat_messages_archive'::regclass, 'chat_participants'::regclass)
           and attname in ('reply_to_id', 'last_read_message_id', 'sender_id', 'room_id')
       )
       select relation::regclass || ' ' || columns::text as item from keys
       where not exists (
         select from pg_index
         where indrelid = relation and indisvalid
           and (indkey::int2[])[0:cardinality(columns) - 1] @> columns
           -- A partial index serves only if its predicate is that the key is there.
           and (indpred is null or pg_get_expr(indpred, indrelid) ~ '^\\(\\w+ IS NOT NULL\\)$')
       )`,
    );
    expect(scanned).toEqual([]);
  });

  it('has no two indexes alike, and none invalid', async () => {
    const doubtful = await list(
      `select indexrelid::regclass::text as item from pg_index as i
       join pg_class as c on c.oid = i.indexrelid and c.relnamespace = 'public'::regnamespace
       where not indisvalid or exists (
         select from pg_index as other
         where other.indrelid = i.indrelid and other.indexrelid <> i.indexrelid
           and other.indkey::text = i.indkey::text and other.indexprs::text is not distinct from i.indexprs::text
           and other.indpred::text is not distinct from i.indpred::text
       )`,
    );
    expect(doubtful).toEqual([]);
  });

  it('gives every function a fixed search_path, with temporary tables last', async () => {
    const open = await list(
      `select oid::regprocedure::text as item from pg_proc
       where pronamespace = 'public'::regnamespace
         and not coalesce(proconfig @> array['search_path=pg_catalog, public, pg_temp'], false)`,
    );
    expect(open).toEqual([]);
  });

  it('lets nobody but the owner use what runs with the owner’s rights', async () => {
    const open = await list(
      `select oid::regprocedure::text as item from pg_proc
       where pronamespace = 'public'::regnamespace and prosecdef and has_function_privilege('public', oid, 'execute')`,
    );
    expect(open).toEqual([]);
  });

  it.each(['chat_messages', 'user_activity_logs'])(
    'has the archive of %s like it: columns, checks and indexes',
    async (table) => {
      const shape = async (relation: string): Promise<string[]> =>
        list(
          `select attname || ' ' || format_type(atttypid, atttypmod) || ' ' || attnotnull as item, attnum::int as place
         from pg_attribute where attrelid = $1::regclass and attnum > 0
         union all
         select regexp_replace(pg_get_indexdef(indexrelid), '^.* USING ', ''), 100 from pg_index where indrelid = $1::regclass
         union all
         select pg_get_constraintdef(oid), 200 from pg_constraint where conrelid = $1::regclass and contype = 'c'
         order by 2, 1`,
          [relation],
        );
      expect(await shape(`${table}_archive`)).toEqual(await shape(table));
    },
  );
});
