import type pg from 'pg';
import { hasSqlState, SQLSTATE } from '../database/sqlstate.js';
import { assembleCatalog } from './assemble-catalog.js';
import type { Catalog } from './catalog.js';
import { catalogChanged } from './catalog-changed.js';
import { listColumns } from './queries/columns.js';
import { listConstraints } from './queries/constraints.js';
import { listDependencies } from './queries/dependencies.js';
import { listIndexes } from './queries/indexes.js';
import { listOthers } from './queries/others.js';
import { listPrivileges } from './queries/privileges.js';
import { listEventTriggers, listRoutines } from './queries/routines.js';
import { listExtensions, listSchemas } from './queries/schemas.js';
import { listSequences } from './queries/sequences.js';
import { listPolicies, listRules, listStatistics } from './queries/table-objects.js';
import { listTables } from './queries/tables.js';
import { listTriggers } from './queries/triggers.js';
import { listTypes } from './queries/types.js';
import { listViews } from './queries/views.js';

// Whatever the server prints depends on these: names are qualified when nothing is on the search path, key words
// can be told from names when every name is quoted, and time constants are written in the session's zone.
const settings = `
  select set_config('search_path', '', true), set_config('quote_all_identifiers', 'on', true),
         set_config('TimeZone', 'UTC', true), set_config('DateStyle', 'ISO, MDY', true),
         set_config('IntervalStyle', 'postgres', true), set_config('bytea_output', 'hex', true),
         set_config('extra_float_digits', '1', true),
         current_setting('server_version_num')::int < 160000 as qualifies_single_relation`;

/**
 * Reads the catalog of the database that `client` is connected to. Reads only, in one snapshot, and takes no lock
 * beyond ACCESS SHARE on catalogs; the session's settings are as before when it returns. Within a transaction of
 * the caller it sees what that transaction has done, and leaves it open.
 *
 * @throws OperationError DATABASE_ERROR when something was dropped meanwhile; the server's own error. A transaction of
 * the caller's can go on after either.
 */
export async function readCatalog(client: pg.ClientBase): Promise<Catalog> {
  const outer = client.getTransactionStatus() === 'T';
  await client.query(outer ? 'savepoint read_catalog' : 'begin isolation level repeatable read read only');
  try {
    return await read(client);
  } catch (error) {
    // «could not open relation with OID …»: where the server's functions give no null for what is gone.
    throw hasSqlState(error, SQLSTATE.internalError) ? catalogChanged(error) : error;
  } finally {
    // Rolling back also puts the settings back.
    await client.query(outer ? 'rollback to savepoint read_catalog' : 'rollback');
    if (outer) await client.query('release savepoint read_catalog');
  }
}

async function read(client: pg.ClientBase): Promise<Catalog> {
  const { rows } = await client.query<{ readonly qualifies_single_relation: boolean }>(settings);
  return assembleCatalog({
    schemas: await listSchemas(client),
    extensions: await listExtensions(client),
    types: await listTypes(client),
    sequences: await listSequences(client),
    tables: await listTables(client),
    columns: await listColumns(client),
    constraints: await listConstraints(client),
    indexes: await listIndexes(client),
    triggers: await listTriggers(client),
    policies: await listPolicies(client),
    rules: await listRules(client),
    statistics: await listStatistics(client),
    views: await listViews(client, rows[0]?.qualifies_single_relation === true),
    routines: await listRoutines(client),
    eventTriggers: await listEventTriggers(client),
    privileges: await listPrivileges(client),
    others: await listOthers(client),
    dependencies: await listDependencies(client),
  });
}
