import { withMaintenanceSession } from '../../src/database/maintenance-session.js';
import { migrateUp } from '../../src/migrate/migrate.js';
import { addMonths, boundText, monthOf } from '../../src/partitioning/month.js';
import { partitionName } from '../../src/partitioning/partition-name.js';
import { partitionPolicies } from '../../src/partitioning/policy.js';
import { rolloverPartitions, rolloverUnderLease } from '../../src/partitions/rollover.js';
import { withClient } from './client.js';
import { giveToPartman, partmanVersion } from './partman.js';

/** How many are made ahead. */
export const MONTHS = 12;
/** As the sessions that do it are called. */
export const APPLICATION = 'rollover';

export interface Side {
  readonly name: string;
  /** @returns milliseconds on the open connection */
  readonly rollover: (url: string) => Promise<number>;
}

/** Last month, this month and the next one are there; wanted are 12 more. */
const wanted = { premakeMonths: MONTHS + 1, retentionMonths: 1 };

const ours: Side = {
  name: 'studymate-db rollover',
  rollover: (connection) =>
    withMaintenanceSession({ connection, applicationName: APPLICATION }, async (session) => {
      const since = performance.now();
      const { failed, tables } = await rolloverUnderLease(session, wanted);
      if (failed > 0) throw new Error(JSON.stringify(tables));
      return performance.now() - since;
    }),
};

const partitionOf: Side = {
  name: 'create table … partition of',
  rollover: (url) =>
    withClient(
      url,
      async (client) => {
        const since = performance.now();
        const next = addMonths(monthOf(new Date()), 1);
        for (const { schema, table } of partitionPolicies) {
          for (let ahead = 1; ahead <= MONTHS; ahead++) {
            const month = addMonths(next, ahead);
            await client.query(
              `create table ${schema}.${partitionName(table, month)} partition of ${schema}.${table}
             for values from ('${boundText(month)}') to ('${boundText(addMonths(month, 1))}')`,
            );
          }
        }
        return performance.now() - since;
      },
      APPLICATION,
    ),
};

const partman = (version: string): Side => ({
  name: `pg_partman ${version}`,
  rollover: (url) =>
    withClient(
      url,
      async (client) => {
        const since = performance.now();
        await client.query('call partman.run_maintenance_proc()');
        return performance.now() - since;
      },
      APPLICATION,
    ),
});

/** Ours first. */
export function rolloverSides(version: string | undefined): readonly Side[] {
  return version === undefined ? [ours, partitionOf] : [ours, partman(version), partitionOf];
}

/**
 * Makes the database that all of them start from: last month, this month and the next one are there.
 *
 * @returns the version of pg_partman; undefined when the server has none
 */
export async function prepareRollover(url: string): Promise<string | undefined> {
  await migrateUp({ connection: url });
  return withClient(url, async (client) => {
    const version = await partmanVersion(client);
    if (version === undefined) {
      await rolloverPartitions({ connection: url, premakeMonths: 1, retentionMonths: 1 });
    } else {
      await giveToPartman(client, MONTHS);
    }
    await client.query(`
      insert into users (email, english_name, birth_date)
        select 'u' || i || '@example.com', 'User ' || i, '1990-01-01' from generate_series(1, 1000) as i;
      insert into chat_rooms (created_by_user_id) select i from generate_series(1, 1000) as i;
      insert into chat_messages (room_id, sender_id, content)
        select i, i, 'Hello' from generate_series(1, 1000) as i;
      insert into user_activity_logs (user_id, activity) select i, 'login' from generate_series(1, 1000) as i`);
    await client.query('vacuum analyze');
    return version;
  });
}
