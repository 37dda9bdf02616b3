import { createHash } from 'node:crypto';
import type { SeedPlan } from '../../seeds/seed-plan.js';

/** What was loaded, so that two machines can compare it: the same plan gives the same manifest everywhere. */
export interface SeedManifest {
  readonly planHash: string;
  readonly generatorVersion: number;
  readonly vocabularyHash: string;
  readonly tables: readonly SeedTableRecord[];
  /** Rows of all tables. */
  readonly rowCount: number;
  /** SHA-256 of the names, row counts and checksums; undefined while a table of the world is missing. */
  readonly checksum: string | undefined;
}

export interface SeedTableRecord {
  readonly table: string;
  readonly rowCount: number;
  /** SHA-256 of the rows in order, in the form of COPY BINARY. */
  readonly checksum: string;
}

/** Tells worlds apart: of what decides the rows. */
export function planHash(plan: SeedPlan): string {
  const { options, generatorVersion, vocabularyHash, tables } = plan;
  const shape = tables.map(({ table, rowCount, columns }) => [table, rowCount, Object.keys(columns)]);
  return sha256(JSON.stringify([options, generatorVersion, vocabularyHash, shape]));
}

/** @param loaded by table name; those of other worlds are passed over */
export function makeManifest(plan: SeedPlan, loaded: ReadonlyMap<string, SeedTableRecord>): SeedManifest {
  const tables = plan.tables.flatMap(({ table }) => loaded.get(table) ?? []);
  const complete = tables.length === plan.tables.length;
  const lines = tables.map(({ table, rowCount, checksum }) => `${table} ${rowCount} ${checksum}\n`);
  return {
    planHash: planHash(plan),
    generatorVersion: plan.generatorVersion,
    vocabularyHash: plan.vocabularyHash,
    tables,
    rowCount: tables.reduce((sum, { rowCount }) => sum + rowCount, 0),
    checksum: complete ? sha256(lines.join('')) : undefined,
  };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
