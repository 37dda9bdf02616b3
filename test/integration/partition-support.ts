import type pg from 'pg';
import { quoteLiteral } from '../../src/database/identifier.js';

/** Everything the catalog says about a table, with its name and its month taken out: equal for two like siblings. */
export async function describeTable(
  client: pg.ClientBase,
  name: string,
  month: string,
): Promise<Record<string, unknown>> {
  const { rows } = await client.query<Record<string, unknown>>(describeQuery, [name]);
  const text = JSON.stringify(rows[0])
    .replaceAll(name, '«name»')
    .replaceAll(month, '«month»')
    // What is derived from the name is cut to 63 bytes.
    .replaceAll(/«name»_[a-z_]*idx\d*/g, '«index»');
  const described = JSON.parse(text) as Record<string, unknown>;
  // Sorted by what they are called now.
  const sorted = (value: unknown): unknown =>
    Array.isArray(value) ? value.map((item) => JSON.stringify(item)).sort() : value;
  return Object.fromEntries(Object.entries(described).map(([key, value]) => [key, sorted(value)]));
}

const describeQuery = `
  select c.relkind, c.relpersistence, c.relreplident, c.relrowsecurity, c.relforcerowsecurity, c.reloptions,
    c.relispartition, t.reloptions as toast_options, pg_get_userbyid(c.relowner) as owner,
    obj_description(c.oid) as comment, (select amname from pg_am where oid = c.relam) as access_method,
    c.reltablespace,
    (select json_agg(x order by x::text) from (
       select grantee::regrole::text, privilege_type, is_grantable
       from aclexplode(coalesce(c.relacl, acldefault('r', c.relowner)))) x) as privileges,
    (select json_agg(x order by x::text) from (
       select a.attname, format_type(a.atttypid, a.atttypmod) as type, a.attnotnull, a.attidentity, a.attgenerated,
         a.attcollation, a.attstorage, a.attcompression, a.attstattarget, a.attoptions, a.attacl::text, a.attislocal,
         a.attinhcount, pg_get_expr(d.adbin, d.adrelid) as default, col_description(c.oid, a.attnum) as comment
       from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
       where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) x) as columns,
    (select json_agg(x order by x::text) from (
       select k.conname, k.contype, pg_get_constraintdef(k.oid) as definition, k.convalidated, k.conislocal,
         k.coninhcount, k.condeferrable,
         (select conname from pg_constraint p where p.oid = k.conparentid) as parent
       from pg_constraint k where k.conrelid = c.oid) x) as constraints,
    (select json_agg(x order by x::text) from (
       select pg_get_indexdef(i.indexrelid) as definition, i.indisvalid, i.indisready, i.indisprimary, i.indisreplident,
         ic.reloptions, p.inhparent::regclass as parent
       from pg_index i join pg_class ic on ic.oid = i.indexrelid
       left join pg_inherits p on p.inhrelid = i.indexrelid
       where i.indrelid = c.oid) x) as indexes,
    (select json_agg(x order by x::text) from (
       select pg_get_triggerdef(g.oid) as definition, g.tgenabled, g.tgtype, g.tgparentid <> 0 as inherited
       from pg_trigger g where g.tgrelid = c.oid and not g.tgisinternal or g.tgrelid = c.oid and g.tgparentid <> 0
         and g.tgconstraint = 0) x) as triggers,
    (select count(*)::int from pg_trigger g where g.tgrelid = c.oid) as all_triggers,
    (select json_agg(x order by x::text) from (
       select polname, polcmd, polpermissive, polroles::regrole[]::text, pg_get_expr(polqual, polrelid) as qual,
         pg_get_expr(polwithcheck, polrelid) as check
       from pg_policy where polrelid = c.oid) x) as policies,
    (select count(*)::int from pg_statistic_ext where stxrelid = c.oid) as statistics
  from pg_class c left join pg_class t on t.oid = c.reltoastrelid
  where c.oid = $1::regclass`;

/** The bounds of the months of a table in UTC, oldest first, as text. */
export async function boundsOf(client: pg.ClientBase, table: string): Promise<string[]> {
  const { rows } = await client.query<{ bound: string }>(
    `select to_char(lower_bound at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') || ' '
       || to_char(upper_bound at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') || ' ' || leaf::text as bound
     from time_partitions($1::regclass) order by lower_bound`,
    [table],
  );
  return rows.map(({ bound }) => bound.replaceAll(' 00:00:00.000000', ''));
}

/** So many messages of one month, spread over it, in a room of their own; their content is `content`. */
export async function fillMonth(
  client: pg.ClientBase,
  { room, sender, month, count, content = 'fixed' }: FillOptions,
): Promise<void> {
  await client.query(
    `insert into chat_messages (room_id, sender_id, content, created_at)
     select $1, $2, $3, ${quoteLiteral(`${month}-01 00:00:00+00`)}::timestamptz + interval '27 days' * (i / $4::float8)
     from generate_series(0, $4::int - 1) i`,
    [room, sender, content, count],
  );
}

export interface FillOptions {
  readonly room: string;
  readonly sender: string;
  /** `2025-01` */
  readonly month: string;
  readonly count: number;
  readonly content?: string;
}

/** How many messages each partition holds, by its name. */
export async function rowsByPartition(
  client: pg.ClientBase,
  table = 'chat_messages',
): Promise<Record<string, number>> {
  const { rows } = await client.query<{ name: string; count: number }>(
    `select tableoid::regclass::text as name, count(*)::int as count from ${table} group by 1 order by 1`,
  );
  return Object.fromEntries(rows.map(({ name, count }) => [name, count]));
}
