import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useDatabase } from '../support/database.js';
import { isLong } from '../support/long.js';
import { makeSeedProcesses, type SeedProcesses } from '../support/seed-processes.js';

const MEGABYTE = 1024 * 1024;
const most = 150 * MEGABYTE;

const database = useDatabase();
let processes: SeedProcesses;
beforeAll(async () => void (processes = await makeSeedProcesses()));
afterAll(() => processes.dispose());

/** The largest resident set of a process that does nothing else, Node included. */
describe('the peak memory of a seed', () => {
  it('of 50,000 users is below 150 MB when all of it is planned', async () => {
    const world = { profile: 'load', messages: 1_000_000 } as const;
    const { peakBytes } = await processes.run({ connection: database.url, world, dryRun: true });
    expect(peakBytes).toBeLessThan(most);
  }, 60_000);

  it('is hardly more after the rows than after the plan', async () => {
    const world = { profile: 'load', users: 5_000, messages: 250_000 } as const;
    const planned = await processes.run({ connection: database.url, world, dryRun: true });
    const loaded = await processes.run({ connection: database.url, world });
    expect(loaded.peakBytes - planned.peakBytes).toBeLessThan(30 * MEGABYTE);
  }, 60_000);

  it.runIf(isLong)(
    'of 5 million messages is below 150 MB',
    async () => {
      const client = await database.connect();
      await client.query('truncate users cascade; truncate system_metrics; delete from studymate.seeds');
      const { peakBytes } = await processes.run({ connection: database.url, world: { profile: 'load' } });
      expect(peakBytes).toBeLessThan(most);
    },
    900_000,
  );
});
