import { migrateUp } from '../src/migrate/migrate.js';
import { addMonths } from '../src/partitioning/month.js';
import { listPartitions } from '../src/partitions/list-partitions.js';
import { planPartitions } from '../src/partitions/plan-partitions.js';
import { rolloverPartitions } from '../src/partitions/rollover.js';
import { median } from './support/measure.js';
import { withBenchServer } from './support/server.js';

const counts = [24, 120, 600];
const start = new Date('2025-06-01T00:00:00Z');

/** What looking after the months costs as they become many: two tables with 24, 120 and 600 months each. */
export async function run(rounds: number): Promise<void> {
  await withBenchServer(async (server) => {
    const lines: { count: number; figures: Record<string, number> }[] = [];
    for (const count of counts) {
      const connection = await server.freshDatabase('growth');
      await migrateUp({ connection });
      const options = { connection, retentionMonths: count - 4, premakeMonths: 3 };
      const since = performance.now();
      await rolloverPartitions({ ...options, now: start });
      const making = (performance.now() - since) / (2 * count);
      const timings: Record<string, number[]> = {
        plan: [],
        'nothing to do': [],
        'one month more': [],
        list: [],
      };
      const time = async (name: string, work: () => Promise<unknown>): Promise<void> => {
        const begun = performance.now();
        await work();
        timings[name]?.push(performance.now() - begun);
      };
      for (let round = 0; round < rounds; round++) {
        const now = addMonths(start, round);
        await time('plan', () => planPartitions({ ...options, now }));
        await time('nothing to do', () => rolloverPartitions({ ...options, now }));
        await time('one month more', () => rolloverPartitions({ ...options, now: addMonths(now, 1) }));
        await time('list', () => listPartitions({ ...options, now: addMonths(now, 1) }));
      }
      const medians = Object.entries(timings).map(([name, values]) => [name, median(values)] as const);
      lines.push({ count, figures: { 'made, each': making, ...Object.fromEntries(medians) } });
    }
    const names = Object.keys(lines[0]?.figures ?? {});
    console.log(
      `\nms, medians of ${rounds} rounds, two tables of so many months each; in brackets: to the first line`,
    );
    console.log(`${'months'.padEnd(8)}${names.map((name) => name.padStart(20)).join('')}`);
    for (const { count, figures } of lines) {
      const cells = names.map((name) => {
        const ratio = (figures[name] ?? Number.NaN) / (lines[0]?.figures[name] ?? Number.NaN);
        return `${(figures[name] ?? Number.NaN).toFixed(1)} (${ratio.toFixed(1)})`.padStart(20);
      });
      console.log(`${String(count).padEnd(8)}${cells.join('')}`);
    }
  });
}
