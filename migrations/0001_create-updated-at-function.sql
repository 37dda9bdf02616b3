-- Why: updated_at was maintained by the ORM; services of any language and psql must keep it right too.
-- What: set_updated_at(), the trigger function of every table that has updated_at.
-- Locks: none on existing tables.
-- Revert: drops the function.

-- Up Migration

create function set_updated_at() returns trigger
language plpgsql
set search_path = pg_catalog, public, pg_temp
as $$
begin
  -- now(), like the column's default current_timestamp: one instant for all rows of a transaction.
  new.updated_at := now();
  return new;
end
$$;

comment on function set_updated_at() is
  'Sets updated_at to the start of the transaction. Its triggers fire only when a column really changes, so that saving an unchanged row does not look like news to whoever synchronises by updated_at.';

-- Down Migration

drop function set_updated_at();
