/** At least one object of every kind that the catalog describes, for PostgreSQL 15 to 18. */
export const sampleSchema = `
create schema shop;
comment on schema shop is 'What is sold.';
create extension citext with schema shop;

create type shop.mood as enum ('sad', 'ok', 'happy');
comment on type shop.mood is 'How it feels.';
create domain shop.positive as integer default 1 constraint positive_check check (value > 0);
create type shop.address as (street text, "PO box" integer);

create sequence shop.ticket as integer start with 100 increment by 5 cache 10;

create function shop.touch() returns trigger language plpgsql set search_path = '' as $$
begin
  new.updated_at := now(); -- 'quoted', "names" and $1 stay as they are
  return new;
end $$;
comment on function shop.touch() is 'Keeps updated_at.';
create function shop.double(value integer) returns integer language sql immutable parallel safe return value * 2;

create table shop.customers (
  id bigserial constraint customers_pkey primary key,
  email shop.citext not null constraint customers_email_key unique,
  name text collate "C" not null default 'nobody',
  mood shop.mood not null default 'ok',
  kind varchar(10) constraint customers_kind_check check (kind in ('PRIVATE', 'COMPANY')),
  age shop.positive,
  home shop.address,
  twice integer generated always as (2 * 21) stored,
  note text,
  updated_at timestamptz
) with (fillfactor = 70, autovacuum_enabled = false, toast.autovacuum_enabled = false);
comment on table shop.customers is 'Who buys; the customer''s data.';
comment on column shop.customers.email is 'E-mail, with a \\ backslash.';
comment on constraint customers_kind_check on shop.customers is 'Two kinds.';
alter table shop.customers alter column note set storage external, alter column note set compression pglz,
  alter column note set statistics 500, alter column note set (n_distinct = 5);
alter table shop.customers cluster on customers_pkey;
alter table shop.customers replica identity using index customers_email_key;
alter index shop.customers_pkey set (fillfactor = 80);
create index customers_lower_name on shop.customers (lower(name) desc nulls last) include (age) where age > 3;
comment on index shop.customers_lower_name is 'For the search.';
create statistics shop.customers_name_kind (ndistinct) on name, kind from shop.customers;
create trigger touch before update on shop.customers for each row execute function shop.touch();
comment on trigger touch on shop.customers is 'Touches.';
alter table shop.customers enable row level security;
create policy own on shop.customers for select to pg_monitor using (age > 0);
comment on policy own on shop.customers is 'Own rows.';
create rule keep as on delete to shop.customers where old.id = 1 do instead nothing;
grant select, update (name) on shop.customers to pg_monitor;
grant usage on schema shop to pg_monitor with grant option;
revoke execute on function shop.touch() from public;

create table shop.orders (
  id bigint generated always as identity (start with 10) not null,
  customer_id bigint not null default 1
    constraint orders_customer_id_fkey references shop.customers on delete cascade deferrable initially deferred,
  ticket integer not null default nextval('shop.ticket'),
  ordered_at timestamptz not null default current_timestamp,
  constraint orders_pkey primary key (id, ordered_at),
  constraint orders_ticket_check check (shop.double(ticket) > 0)
) partition by range (ordered_at);
create index orders_customer_id on shop.orders (customer_id);
create constraint trigger orders_late after insert on shop.orders deferrable initially deferred
  for each row when (new.ticket > 5) execute function shop.touch();
create table shop.orders_y2025m01 partition of shop.orders
  for values from ('2025-01-01 00:00:00+00') to ('2025-02-01 00:00:00+00');
create table shop.orders_default partition of shop.orders default;
comment on table shop.orders_default is 'The net.';

create unlogged table shop.scratch (a integer, b integer constraint scratch_b_key unique nulls not distinct,
  label text);
create table shop.other (id integer constraint other_pkey primary key, scratch integer) with (fillfactor = 50);
alter table shop.other add constraint other_scratch_check check (scratch > 0) not valid;
create table shop.egg (id integer constraint egg_pkey primary key, hen integer);
create table shop.hen (id integer constraint hen_pkey primary key,
  egg integer constraint hen_egg_fkey references shop.egg);
alter table shop.egg add constraint egg_hen_fkey foreign key (hen) references shop.hen;

create view shop.adults with (security_barrier) as
  select c.name, c.age, exists (select from shop.orders o where o.customer_id = c.id) as buys
    from shop.customers c where c.age >= 18;
comment on view shop.adults is 'Grown up.';
comment on column shop.adults.name is 'Name of the adult.';
create view shop.names as select name from shop.adults union all select 'x';
create materialized view shop.totals as select customer_id, count(*) as orders from shop.orders group by customer_id;
create unique index totals_customer on shop.totals (customer_id);
create function shop.adult_names() returns setof shop.adults language sql stable
begin atomic
  select a.name, a.age, a.buys from shop.adults a;
end;
create procedure shop.clean(inout kept integer default 3) language plpgsql as $body$begin kept := 1; end$body$;
create aggregate shop.total(integer) (sfunc = int4pl, stype = integer, initcond = '0');

create schema "Ünïcode ""x""";
create table "Ünïcode ""x"""."사용자" ("이름" text, "select" integer, "Order" bigserial, json text, "system_user" text);
create index "인덱스" on "Ünïcode ""x"""."사용자" ("이름", "select");
create table "Ünïcode ""x""".customers (id integer, name text);
create table public.customers (id integer constraint customers_pkey primary key);

create function public.on_drop() returns event_trigger language plpgsql as $$begin null; end$$;
create event trigger watch on sql_drop when tag in ('DROP TABLE', 'DROP INDEX') execute function public.on_drop();
`;

/**
 * What PostgreSQL 15 prints otherwise than 16 to 18, and what looks as if it did: views over one relation, whose
 * columns 15 qualifies. The schema, the table and a column have one name, which a careless reader takes for another.
 */
export const sampleViews = `
create schema t;
create type t.en as enum ('x', 'y');
create table t.t (t integer, a integer, b text, "T x" date, ts timestamptz default '2025-01-01',
  i interval default '1 mon 3 days', r real default 0.1, bytes bytea default '\\xdead', e text default E'tab\there',
  v varchar(5) constraint v_check check (v not in ('x', 'it''s') and (v is null or v = 'a' or v like 'b%')),
  c char(2) constraint c_check check (c in ('ab', 'cd')), n numeric(5,2) constraint n_check check (n in (1, 2.5)),
  l varchar(3)[] default array['a', 'b'], s smallint constraint s_check check (s in (1, 2)),
  constraint b_check check (b in ('x', 'it''s', 'a\\b') or a not in (1, 2) and i > interval '2 days'));
create table t.u (id integer, t integer);
create index t_expressions on t.t ((a + 1), left(b, 3), (ts at time zone 'UTC'))
  where b in ('x', 'y') and v in ('p', 'q') and "T x" > '2020-01-01';
alter table t.t add constraint t_excluded exclude using gist (int4range(a, t) with &&);
create function t.f(a integer default 3, variadic b text[] default '{}') returns table (x integer, y text)
  language sql begin atomic select f.a, f.b[1] from t.u f_u where f_u.t = f.a; end;
create function t.h(x t.t, y t.u[]) returns t.t language sql return x;
create view t.v01 as select * from t.t;
create view t.v02 as select x.t, x.a as "from" from t.t x where x.a > 1 order by x.b desc, lower(x.b) limit 3;
create view t.v03 as select t, count(*) from t.t group by t having max(a) > 1;
create view t.v04 as select distinct on (a) a, b from t.t order by a, b;
create view t.v05 as with w as (select a from t.t where b is not null) select w.a from w;
create view t.v06 as select (select max(u.id) from t.u where u.t = t.t) as m from t.t
  where exists (select 1 from t.u where id = a) and a in (select u.t from t.u);
create view t.v07 as select t.t, u.id from t.t join t.u on u.t = t.a;
create view t.v08 as select g.n, g.n + 1 as next from generate_series(1, 3) g(n);
create view t.v09 as select s.a from (select a, b from t.t) s where s.b like 'x.%';
create view t.v10 as select row_number() over (partition by a order by b) as rn, sum(a) over w
  from t.t window w as (order by a);
create view t.v11 as select x as whole, x.a from t.t x;
create view t.v12 as select extract(year from "T x") as y, substring(b from 2 for 3) as s, b is distinct from 'a.b' as d,
  case when a > 1 then 'x' else b end as c, b ~ '^t\\.t' as re, array[a, t] as arr, row(a, b) is null as r,
  a::text || 't.a' as lit, b collate "C" as bc, ts at time zone 'UTC' as tz, overlay(b placing 'x' from 1) as o,
  trim(both ' ' from b) as tr, left(b, 2) as lf, 'x'::t.en = 'y' as f from t.t;
create view t.v13 as select a from t.t union select id from t.u except select 3;
create view t.v14 as values (1, 'a'), (2, 'b');
create view t.v15 as select 1 as one, current_user as u, current_date as d;
create view t.v16 as select a, b from t.t where (a, b) in (values (1, 'x')) for update;
create view t.v17 as select a from t.t tablesample system (10);
create view t.v18 as select t.a, l.x from t.t, lateral (select u.id as x from t.u where u.t = t.a) l;
create view t.v19 as select a, grouping(a), count(*) filter (where b = 'x') from t.t group by rollup (a), ();
create recursive view t.v20 (n) as values (1) union all select n + 1 from v20 where n < 5;
create view t.v21 as select a as b, b as a from t.t order by t.t.a;
create view t.v22 as select lower(b) as b, row_number() over (order by t.b) as rn, rank() over w as rk
  from t.t window w as (partition by t.b order by t.b);
create view t.v23 as select distinct on (t.b) lower(b) as b from t.t order by t.b, t.a + 1;
create view t.v24 as select lower(b) as b from t.t group by t.b order by t.b;
create view t.v25 as select a::bigint as a, b || 'x' as b from t.t order by t.a desc nulls last, t.b || 'y';
create view t.v26 with (check_option = cascaded) as select a from only t.t where a > 1;
create view t.v27 as select (t.f(a)).x, b from t.t;
create view t.v28 as select z.* from t.f(1) z;
create view t.v29 as select (x.t).t from (select y as t from t.t y) x;
create view t.v30 as select array(select a) as sub, (t.*) is null as n from t.t;
create view t.v31 as select string_agg(distinct b, ',' order by b) as s,
  percentile_cont(0.5) within group (order by a) as p from t.t;
`;
