import pg from 'pg';
import { describe, expect, it } from 'vitest';
import type { Major } from '../../src/dev/server-directory.js';
import { migrateUp } from '../../src/migrate/migrate.js';
import { runSeed, type RunSeedOptions } from '../../src/seed/run-seed.js';
import { seed, type SeedResult } from '../../src/seed/seed.js';
import { createDatabase } from '../support/database.js';
import { listBrokenRules, serverChecksums } from '../support/seed-checks.js';
import { smallWorld } from '../support/seed-world.js';
import { withServer } from '../support/server.js';

const synthetic = smallWorld({ users: 6_000, messages: 12_000 });

interface Seeded {
  readonly manifest: SeedResult['manifest'];
  /** What the server holds, told by itself. */
  readonly held: Readonly<Record<string, string>>;
}

async function seededAt(url: string, run: (url: string) => Promise<SeedResult>): Promise<Seeded> {
  const { manifest } = await run(url);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    expect(await listBrokenRules(client)).toEqual([]);
    return {
      manifest,
      held: await serverChecksums(
        client,
        manifest.tables.map(({ table }) => table),
      ),
    };
  } finally {
    await client.end();
  }
}

async function here(run: (url: string) => Promise<SeedResult>): Promise<Seeded> {
  const database = await createDatabase();
  try {
    return await seededAt(database.url, run);
  } finally {
    await database.drop();
  }
}

async function on(major: Major, runs: readonly ((url: string) => Promise<SeedResult>)[]): Promise<Seeded[]> {
  return withServer(major, async ({ connectionString }) => {
    const found: Seeded[] = [];
    for (const [index, run] of runs.entries()) {
      const admin = new pg.Client({ connectionString });
      await admin.connect();
      await admin.query(`create database world${index}`);
      await admin.end();
      const url = new URL(connectionString);
      url.pathname = `/world${index}`;
      await migrateUp({ connection: url.href });
      found.push(await seededAt(url.href, run));
    }
    return found;
  });
}

const load =
  (options: Partial<RunSeedOptions> = {}) =>
  (connection: string): Promise<SeedResult> =>
    runSeed({ connection, plan: synthetic, ...options });
const tiny =
  (options: Partial<Parameters<typeof seed>[0]> = {}) =>
  (connection: string): Promise<SeedResult> =>
    seed({ connection, profile: 'tiny', ...options });

describe('the same options', () => {
  it('give the same rows with one connection and with two', async () => {
    const [one, two] = [await here(load()), await here(load({ jobs: 2 }))];
    expect(two).toEqual(one);
    expect(await here(tiny({ jobs: 2 }))).toEqual(await here(tiny()));
  });

  it('give the same rows on PostgreSQL 15 and 18, as the servers themselves see them', async () => {
    const runs = [load(), tiny()];
    const fifteen = await on(15, runs);
    const eighteen = await on(18, runs);
    expect(eighteen).toEqual(fifteen);
    expect(fifteen).toEqual([await here(load()), await here(tiny())]);
  });

  it('give the checksums that they always gave', async () => {
    // Of synthetic rows: only the form of the checksums can change these, and nobody should change it unawares.
    const { manifest } = await here(load());
    expect(manifest.checksum).toBe('4e84e23eddfd9adbc0ff92a36e918380bea9da3181d06899b7cb79844a8c2d7d');
  });
});

describe('another seed', () => {
  it('gives other rows', async () => {
    const [one, other] = [await here(tiny()), await here(tiny({ seed: 43 }))];
    const same = one.manifest.tables.filter(({ table, checksum }) =>
      other.manifest.tables.some((record) => record.table === table && record.checksum === checksum),
    );
    expect(same.map(({ table }) => table)).toEqual([]);
  });
});
