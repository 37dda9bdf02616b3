import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TableLoad } from '../../src/seed/assert-schema.js';
import { LARGE_TABLE_ROWS } from '../../src/seed/load-table.js';
import { runLoads } from '../../src/seed/schedule.js';

function tableLoad(name: string, references: readonly string[], large: boolean): TableLoad {
  return {
    seedTable: { table: name, rowCount: large ? LARGE_TABLE_ROWS : 1, columns: {} },
    target: { oid: 0, name, sqlName: `"${name}"`, partitioned: false, columns: [], references },
    encoder: { format: 'binary', columns: [], encode: () => expect.unreachable() },
  };
}

/** Tables in an order in which each references earlier ones only. */
const worlds = fc
  .array(fc.tuple(fc.array(fc.nat(20), { maxLength: 3 }), fc.boolean()), { minLength: 1, maxLength: 9 })
  .map((shapes) =>
    shapes.map(([parents, large], index) =>
      tableLoad(
        `t${index}`,
        [...new Set(parents.filter((parent) => parent < index).map((parent) => `t${parent}`))],
        large,
      ),
    ),
  );

interface Step {
  readonly table: string;
  readonly running: readonly string[];
  readonly complete: readonly string[];
}

/** What ran beside what, when loads take as many turns of the event loop as `turns` says. */
async function trace(
  loads: readonly TableLoad[],
  jobs: number,
  turns: readonly number[] = [],
): Promise<Step[]> {
  const running = new Set<string>();
  const complete: string[] = [];
  const steps: Step[] = [];
  await runLoads(loads, jobs, async ({ target: { name } }) => {
    steps.push({ table: name, running: [...running], complete: [...complete] });
    running.add(name);
    const count = turns.length === 0 ? 1 : (turns[steps.length % turns.length] ?? 1);
    for (let turn = 0; turn < count; turn++) await Promise.resolve();
    running.delete(name);
    complete.push(name);
  });
  return steps;
}

describe('the order of loading', () => {
  it('takes every table once, after those it references, and no two that lock each other out', async () => {
    await fc.assert(
      fc.asyncProperty(
        worlds,
        fc.constantFrom(1, 2),
        fc.array(fc.nat(9), { minLength: 1 }),
        async (loads, jobs, turns) => {
          const steps = await trace(loads, jobs, turns);
          expect(steps.map(({ table }) => table).sort()).toEqual(
            loads.map(({ target }) => target.name).sort(),
          );
          const byName = new Map(loads.map((load) => [load.target.name, load]));
          for (const { table, running, complete } of steps) {
            const load = byName.get(table);
            for (const parent of load?.target.references ?? []) expect(complete).toContain(parent);
            expect(running.length).toBeLessThan(jobs);
            for (const other of running.map((name) => byName.get(name))) {
              const locks = (one: TableLoad | undefined): readonly string[] =>
                one === undefined
                  ? []
                  : one.seedTable.rowCount > 1
                    ? [one.target.name, ...one.target.references]
                    : [one.target.name];
              const touches = (one: TableLoad | undefined): readonly string[] =>
                one === undefined ? [] : [one.target.name, ...one.target.references];
              expect(locks(load).filter((name) => touches(other).includes(name))).toEqual([]);
              expect(locks(other).filter((name) => touches(load).includes(name))).toEqual([]);
            }
          }
        },
      ),
    );
  });

  it('with two jobs runs two tables at once that share nothing', async () => {
    const steps = await trace([tableLoad('a', [], true), tableLoad('b', [], true)], 2);
    expect(steps[1]?.running).toEqual(['a']);
  });

  it('with one job is the order given', async () => {
    const loads = ['c', 'a', 'b'].map((name) => tableLoad(name, [], false));
    expect((await trace(loads, 1)).map(({ table }) => table)).toEqual(['c', 'a', 'b']);
  });

  it('never loads messages and participants at once: the later of them proves what points from one to the other', async () => {
    for (const names of [
      ['chat_messages', 'chat_participants'],
      ['chat_participants', 'chat_messages'],
    ]) {
      const steps = await trace(
        names.map((name) => tableLoad(name, [], false)),
        2,
      );
      expect(steps[1]).toMatchObject({ running: [], complete: [names[0]] });
    }
  });

  it('stops at a failure, after what is running, and throws it', async () => {
    const begun: string[] = [];
    const loads = ['a', 'b', 'c'].map((name) => tableLoad(name, [], false));
    const failing = runLoads(loads, 2, async ({ target: { name } }) => {
      begun.push(name);
      await Promise.resolve();
      if (name === 'a') throw new Error('a broke');
    });
    await expect(failing).rejects.toThrow('a broke');
    expect(begun).toEqual(['a', 'b']);
  });
});
