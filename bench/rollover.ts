import { existsSync } from 'node:fs';
import { addMonths, boundText, monthOf } from '../src/partitioning/month.js';
import { partitionPolicies } from '../src/partitioning/policy.js';
import { longestWaits, type Bystander } from './support/bystanders.js';
import { connect, withClient } from './support/client.js';
import { awaitedLocks, lockName, noteLocks, notedLocks, type HeldLocks } from './support/lock-notes.js';
import { median, ratio, type Timing } from './support/measure.js';
import { APPLICATION, MONTHS, prepareRollover, rolloverSides, type Side } from './support/rollover-sides.js';
import { withBenchServer, type BenchServer } from './support/server.js';

const READER_MS = 2_000;
const TEMPLATE = 'before_rollover';

/**
 * 12 months ahead for both partitioned tables, by us, by pg_partman, and by hand: what it takes, which locks are held,
 * and how long the application waits for them. All start from copies of one migrated database and must end with the
 * same partitions.
 */
export async function run(rounds: number): Promise<void> {
  // Where Debian's postgresql-15-partman would be.
  const options = existsSync('/usr/lib/postgresql/15/bin/initdb')
    ? ({ major: 15, systemBinaries: true } as const)
    : {};
  await withBenchServer(async (server) => {
    const version = await prepareRollover(await server.freshDatabase(TEMPLATE));
    if (version === undefined)
      console.log('pg_partman is not installed (Debian: postgresql-15-partman); measured without it');
    const sides = rolloverSides(version);
    await printTimes(server, sides, rounds);
    await printLocks(server, sides);
    await printWaits(server, sides, rounds);
  }, options);
}

async function printTimes(server: BenchServer, sides: readonly Side[], rounds: number): Promise<void> {
  const timings = sides.map(({ name }) => ({
    open: { name, milliseconds: [] as number[] },
    whole: { name, milliseconds: [] as number[] },
  }));
  let made: string | undefined;
  for (const { side, index, counted } of turns(sides, rounds)) {
    const url = await server.freshDatabase('rolled', TEMPLATE);
    const since = performance.now();
    const open = await side.rollover(url);
    const whole = performance.now() - since;
    if (counted) {
      timings[index]?.open.milliseconds.push(open);
      timings[index]?.whole.milliseconds.push(whole);
    }
    const partitions = await partitionsOf(url);
    made ??= partitions;
    if (partitions !== made) throw new Error(`${side.name} made other partitions:\n${partitions}\n${made}`);
  }
  const count = MONTHS * partitionPolicies.length;
  console.log(`\n${count} partitions made, the same by all; medians of ${rounds} rounds`);
  console.log(`${''.padEnd(30)}${heads(['ms', 'worst', 'ours/it', 'with connecting', 'ours/it'])}`);
  for (const { open, whole } of timings) {
    const against = (its: Timing, our: Timing | undefined): string => ratio(our, its).toFixed(2);
    const figures = [
      median(open.milliseconds).toFixed(0),
      Math.max(...open.milliseconds).toFixed(0),
      against(open, timings[0]?.open),
      median(whole.milliseconds).toFixed(0),
      against(whole, timings[0]?.whole),
    ];
    console.log(open.name.padEnd(30) + heads(figures));
  }
}

/** Of each: its bounds, and what hangs on it. Names are everybody's own. */
async function partitionsOf(url: string): Promise<string> {
  return withClient(url, async (client) => {
    const { rows } = await client.query<{ partition: string }>(
      `select format('%s %s: %s indexes, %s constraints, %s triggers',
         i.inhparent::regclass, pg_get_expr(c.relpartbound, c.oid),
         (select count(*) from pg_index where indrelid = c.oid),
         (select count(*) from pg_constraint where conrelid = c.oid),
         (select count(*) from pg_trigger where tgrelid = c.oid)) as partition
       from pg_inherits as i
       join pg_class as c on c.oid = i.inhrelid
       where i.inhparent = any ($1::regclass[])
       order by 1`,
      [partitionPolicies.map(({ schema, table }) => `${schema}.${table}`)],
    );
    const expected = partitionPolicies.length * (MONTHS + 4);
    if (rows.length < expected) throw new Error(`${rows.length} partitions, not ${expected}`);
    return rows.map(({ partition }) => partition).join('\n');
  });
}

async function printLocks(server: BenchServer, sides: readonly Side[]): Promise<void> {
  const relations = [
    ...partitionPolicies.flatMap(({ table }) => [table, `${table}_default`]),
    'users',
    'chat_rooms',
  ];
  const noted: { name: string; held: HeldLocks }[] = [];
  for (const { name, rollover } of sides) {
    const url = await server.freshDatabase('rolled', TEMPLATE);
    await withClient(url, (client) => noteLocks(client, relations));
    await rollover(url);
    noted.push({ name, held: await withClient(url, notedLocks) });
  }
  console.log('\nstrongest lock held (pg_locks, at every DDL command)');
  console.log(`${''.padEnd(30)}${sides.map(({ name }) => name.padEnd(30)).join('')}`);
  for (const relation of relations) {
    const cells = noted.map(({ held }) => lockName(held.locks.get(relation)).padEnd(30));
    console.log(relation.padEnd(30) + cells.join(''));
  }
  const held = noted.map(({ held: { transactions, longestHeldMs } }) =>
    `${longestHeldMs.toFixed(1)} ms at most, ${transactions} times`.padEnd(30),
  );
  console.log(`${'default, exclusively'.padEnd(30)}${held.join('')}`);
}

interface Reader {
  readonly name: string;
  readonly sql: string | undefined;
}

interface Wait {
  readonly tookMs: number;
  readonly waits: ReadonlyMap<string, number>;
  readonly awaited: ReadonlyMap<string, string>;
}

async function printWaits(server: BenchServer, sides: readonly Side[], rounds: number): Promise<void> {
  const thisMonth = monthOf(new Date());
  const within = `created_at >= '${boundText(thisMonth)}' and created_at < '${boundText(addMonths(thisMonth, 1))}'`;
  const readers: readonly Reader[] = [
    { name: 'nobody in the way', sql: undefined },
    {
      name: `behind an open reader of this month, ${READER_MS / 1000} s`,
      sql: `begin; select count(*) from chat_messages where ${within}`,
    },
    {
      name: `behind an open reader of all months, ${READER_MS / 1000} s`,
      sql: 'begin; select count(*) from chat_messages',
    },
  ];
  const statements = {
    'insert message': `insert into chat_messages (room_id, sender_id, content) values (1, 1, 'Hello')`,
    'select month': `select id from chat_messages where room_id = 2 and ${within} order by created_at desc limit 1`,
    'select all': 'select id from chat_messages where room_id = 2 order by created_at desc limit 1',
    'update user': 'update users set updated_at = now() where id = 3',
  };
  console.log(
    `\nlongest statement of the application meanwhile, ms: median of ${rounds} rounds (worst); what the rollover waited for`,
  );
  for (const reader of readers) {
    const outcomes = sides.map((): Wait[] => []);
    for (const { side, index, counted } of turns(sides, rounds)) {
      if (counted) outcomes[index]?.push(await measureWait(server, side, reader, statements));
    }
    console.log(`\n${reader.name.padEnd(44)}${heads([...Object.keys(statements), 'took s'])}`);
    for (const [index, { name }] of sides.entries()) {
      const waits = outcomes[index] ?? [];
      const figures = Object.keys(statements).map((key) => {
        const values = waits.map((wait) => wait.waits.get(key) ?? Number.NaN);
        return `${median(values).toFixed(0)} (${Math.max(...values).toFixed(0)})`;
      });
      const took = median(waits.map(({ tookMs }) => tookMs)) / 1000;
      const awaited = new Map(waits.flatMap((wait) => [...wait.awaited]));
      const told = [...awaited].map(([relation, mode]) => `${relation} ${lockName(mode)}`).join(', ');
      console.log(
        name.padEnd(44) + heads([...figures, took.toFixed(1)]) + (told === '' ? '' : `  waited: ${told}`),
      );
    }
  }
}

async function measureWait(
  server: BenchServer,
  side: Side,
  reader: Reader,
  statements: Readonly<Record<string, string>>,
): Promise<Wait> {
  const url = await server.freshDatabase('rolled', TEMPLATE);
  const [blocker, observer] = await Promise.all([connect(url), connect(url)]);
  const bystanders: Bystander[] = [];
  for (const [name, sql] of Object.entries(statements))
    bystanders.push({ name, sql, client: await connect(url) });
  let tookMs = Number.NaN;
  let awaited: Wait['awaited'] = new Map();
  const waits = await longestWaits(bystanders, async () => {
    let leaves: Promise<unknown> = Promise.resolve();
    if (reader.sql !== undefined) {
      await blocker.query(reader.sql);
      leaves = new Promise((resolve) => setTimeout(resolve, READER_MS)).then(() => blocker.query('commit'));
    }
    const since = performance.now();
    awaited = await awaitedLocks(observer, APPLICATION, () => side.rollover(url));
    tookMs = performance.now() - since;
    await leaves;
  });
  await Promise.all(
    [blocker, observer, ...bystanders.map(({ client }) => client)].map((client) => client.end()),
  );
  return { tookMs, waits, awaited };
}

/** Forth and back, so that a machine that slows down slows all. The first round only warms up. */
function* turns(
  sides: readonly Side[],
  rounds: number,
): Generator<{ readonly side: Side; readonly index: number; readonly counted: boolean }> {
  for (let round = 0; round <= rounds; round++) {
    const entries = [...sides.entries()];
    for (const [index, side] of round % 2 === 0 ? entries : entries.reverse())
      yield { side, index, counted: round > 0 };
  }
}

function heads(texts: readonly string[]): string {
  return texts.map((text) => text.padStart(16)).join('');
}
