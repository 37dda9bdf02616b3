import { listIndexes } from '../src/indexes/list-indexes.js';
import { withClient } from './support/client.js';
import { median } from './support/measure.js';
import { withBenchServer } from './support/server.js';

const partitions = [24, 100, 1_000];
const indexes = ['at, id', 'room', 'sender', 'room, at', 'note'];

/** What `index list` takes as partitions become many, with five indexes on each, and a floor in the same run. */
export async function run(rounds: number): Promise<void> {
  await withBenchServer(async (server) => {
    const lines: { count: number; list: number; floor: number }[] = [];
    for (const count of partitions) {
      const connection = await server.freshDatabase('index_list');
      await prepare(connection, count);
      const list: number[] = [];
      const floor: number[] = [];
      for (let round = 0; round <= rounds; round++) {
        const listed = await timed(async () => {
          const result = await listIndexes({ connection, schema: 'bench' });
          const leaves = result.indexes.flatMap(({ index }) => index.leaves);
          if (leaves.length !== count * indexes.length) throw new Error(`${leaves.length} leaves listed`);
        });
        const sizes = await timed(() =>
          withClient(connection, (client) =>
            client.query(
              `select indexrelid, relname, indexrelname, idx_scan, pg_relation_size(indexrelid), pg_get_indexdef(indexrelid)
                 from pg_stat_user_indexes`,
            ),
          ),
        );
        // The first round warms caches.
        if (round > 0) {
          list.push(listed);
          floor.push(sizes);
        }
      }
      lines.push({ count, list: median(list), floor: median(floor) });
    }
    print(lines, rounds);
  });
}

async function prepare(connection: string, count: number): Promise<void> {
  await withClient(connection, async (client) => {
    await client.query(`create schema bench;
      create table bench.m (id bigint, at timestamptz not null, room int, sender int, note text)
      partition by range (at)`);
    for (const columns of indexes) await client.query(`create index on bench.m (${columns})`);
    const { rows } = await client.query<{ statement: string }>(
      `select format('create table bench.m_%s partition of bench.m for values from (%L) to (%L)', i,
                    timestamptz '1990-01-01 00:00+00' + i * interval '1 day',
                    timestamptz '1990-01-01 00:00+00' + (i + 1) * interval '1 day') as statement
        from generate_series(1, $1::int) i`,
      [count],
    );
    for (const { statement } of rows) await client.query(statement);
    // A hundred partitions a statement: each is locked with its indexes until the end.
    for (let from = 1; from <= count; from += 100) {
      await client.query(
        `insert into bench.m
         select i, timestamptz '1990-01-01 00:00+00' + day * interval '1 day', i % 100, i % 50, 'n' || i
           from generate_series($1::int, least($2::int, $1::int + 99)) day, generate_series(1, 200) i`,
        [from, count],
      );
    }
    await client.query('analyze bench.m');
  });
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function print(lines: readonly { count: number; list: number; floor: number }[], rounds: number): void {
  const [first] = lines;
  console.log(`\nms, medians of ${rounds} rounds, a table of so many partitions with five indexes each`);
  console.log(
    ['partitions', 'growth', 'index list', 'growth', 'pg_stat_user_indexes', 'growth', 'ratio']
      .map((text) => text.padStart(Math.max(11, text.length + 1)))
      .join(''),
  );
  for (const { count, list, floor } of lines) {
    const times = (value: number, start: number | undefined): string =>
      `${(value / (start ?? Number.NaN)).toFixed(1)} ×`;
    console.log(
      [
        String(count),
        times(count, first?.count),
        list.toFixed(0),
        times(list, first?.list),
        floor.toFixed(0),
        times(floor, first?.floor),
        (list / floor).toFixed(1),
      ]
        .map((text, at) => text.padStart(at === 4 ? 21 : 11))
        .join(''),
    );
  }
  console.log(
    'the floor reads definitions, scans and sizes alone, one line a physical index; connecting is included',
  );
}
