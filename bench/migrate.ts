import { join } from 'node:path';
import { defaultMigrationsDirectory } from '../src/migrate/migration-folder.js';
import { packageRoot } from '../src/package-root.js';
import { find, interleave, printTimings, type Contender } from './support/measure.js';
import { dbmateBinary, findPsql, forPeers, nodePgMigrateCli } from './support/peers.js';
import { withBenchServer } from './support/server.js';

const cli = join(packageRoot(), 'bin', 'studymate-db.js');
const node = process.execPath;

/** `migrate up` of the whole schema on an empty database, and with nothing to do, beside its peers. */
export async function run(rounds: number): Promise<void> {
  const directory = defaultMigrationsDirectory();
  const { sqlFile, dbmateFolder, remove } = await forPeers(directory);
  const psql = findPsql();
  if (psql === undefined) console.log('psql is not installed: the floor is missing');
  try {
    await withBenchServer(async (server) => {
      const url = await server.freshDatabase('bench');
      const prepare = async (): Promise<void> => {
        await server.freshDatabase('bench');
      };
      const environment = { DATABASE_URL: url, DBMATE_NO_DUMP_SCHEMA: 'true' };
      const ours: Contender = {
        name: 'studymate-db migrate',
        command: node,
        args: [cli, 'migrate', '--quiet'],
        environment,
      };
      const npgm: Contender = {
        name: 'node-pg-migrate CLI',
        command: nodePgMigrateCli(),
        args: ['up', '-m', directory],
        environment,
      };
      // Its ledger would be looked for in the schema of the role's own name, once there is one.
      const plainDbmate = `${url}${url.includes('?') ? '&' : '?'}sslmode=disable&search_path=public`;
      const binary = dbmateBinary();
      const dbmate: Contender[] =
        binary === undefined
          ? []
          : [
              {
                name: 'dbmate binary',
                command: binary,
                args: ['--no-dump-schema', '-d', dbmateFolder, 'migrate'],
                environment: { ...environment, DATABASE_URL: plainDbmate },
              },
            ];
      const floor: Contender[] =
        psql === undefined
          ? []
          : [
              {
                name: 'psql, one process',
                command: psql,
                args: ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-f', sqlFile, url],
              },
              {
                name: 'psql -1, one transaction',
                command: psql,
                args: ['-X', '-q', '-1', '-v', 'ON_ERROR_STOP=1', '-f', sqlFile, url],
              },
            ];
      const up = await interleave(
        [...floor, ours, npgm, ...dbmate].map((one) => ({ ...one, prepare })),
        rounds,
      );
      printTimings(
        `migrate up on an empty database (${directory.split('/').at(-1)})`,
        up,
        find(up, 'psql, one'),
      );
      printTimings('the same, to node-pg-migrate', up.slice(floor.length), find(up, 'node-pg-migrate'));

      await server.freshDatabase('bench');
      await interleave([ours], 0);
      const idle: Contender = { name: 'node -e 0', command: node, args: ['-e', '0'] };
      const version: Contender = { name: 'studymate-db --version', command: node, args: [cli, '--version'] };
      const noop = await interleave([idle, version, ours], rounds * 2);
      printTimings('nothing to do', noop, find(noop, 'node -e 0'));
    });
  } finally {
    await remove();
  }
}
