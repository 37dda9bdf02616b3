import type { ClientBase } from 'pg';
import type { SeedPlan } from '../../seeds/seed-plan.js';
import { planHash, type SeedTableRecord } from './manifest.js';

/** What earlier runs have written down about a database. */
export interface SeedLedger {
  /** Of this world; undefined when it was never begun here. */
  readonly seedId: string | undefined;
  /** By table, of this world. */
  readonly loaded: ReadonlyMap<string, SeedTableRecord>;
  /** Of other worlds, for messages: `seed 42, 1000 users, 50000 messages`. */
  readonly otherWorlds: readonly string[];
}

interface LedgerRow {
  readonly id: string;
  readonly ours: boolean;
  readonly options: { readonly seed: number; readonly users: number; readonly messages: number };
  readonly tables: readonly SeedTableRecord[] | null;
}

const ledgerQuery = `
  select s.id, s.plan_hash = $1 as ours, s.options,
    (
      select json_agg(json_build_object('table', t.table_name, 'rowCount', t.row_count, 'checksum', t.checksum))
      from studymate.seed_tables t
      where t.seed_id = s.id
    ) as tables
  from studymate.seeds s
  order by s.id`;

export async function readSeedLedger(client: ClientBase, plan: SeedPlan): Promise<SeedLedger> {
  const { rows } = await client.query<LedgerRow>(ledgerQuery, [planHash(plan)]);
  const ours = rows.findLast((row) => row.ours);
  return {
    seedId: ours?.id,
    loaded: new Map((ours?.tables ?? []).map((record) => [record.table, record])),
    otherWorlds: rows
      .filter((row) => !row.ours)
      .map(({ options }) => `seed ${options.seed}, ${options.users} users, ${options.messages} messages`),
  };
}

/** Forgets other worlds, of which no row is left, and begins this one. @returns its id */
export async function beginSeed(client: ClientBase, plan: SeedPlan, toolVersion: string): Promise<string> {
  const { options, generatorVersion, vocabularyHash } = plan;
  const { rows } = await client.query<{ id: string }>(
    `with forgotten as (delete from studymate.seeds)
     insert into studymate.seeds (plan_hash, options, generator_version, vocabulary_hash, tool_version)
     values ($1, $2, $3, $4, $5)
     returning id`,
    [planHash(plan), JSON.stringify(options), generatorVersion, vocabularyHash, toolVersion],
  );
  return rows[0]?.id ?? '';
}

/** In the transaction that loads the table. */
export async function recordTable(
  client: ClientBase,
  seedId: string,
  { table, rowCount, checksum }: SeedTableRecord,
  durationMs: number,
): Promise<void> {
  await client.query(
    `insert into studymate.seed_tables (seed_id, table_name, row_count, checksum, duration_ms)
     values ($1, $2, $3, $4, $5)
     on conflict (seed_id, table_name) do update
     set row_count = excluded.row_count, checksum = excluded.checksum, duration_ms = excluded.duration_ms,
       loaded_at = excluded.loaded_at`,
    [seedId, table, rowCount, checksum, durationMs],
  );
}

/** Writes the checksum of the manifest, once every table is there. */
export async function finishSeed(client: ClientBase, seedId: string, checksum: string): Promise<void> {
  await client.query(
    `update studymate.seeds set checksum = $2, finished_at = clock_timestamp() where id = $1 and checksum is null`,
    [seedId, checksum],
  );
}
