import { describe, expect, it } from 'vitest';
import { startCacheProcesses, type CacheProcess } from '../support/cache-processes.js';
import { poll } from '../support/poll.js';
import { redisIsInstalled, startRedis } from '../support/redis.js';

const HOUR = 3_600_000;

function total(processes: readonly CacheProcess[]): number {
  return processes.reduce((sum, process) => sum + process.loads(), 0);
}

describe.runIf(redisIsInstalled)('one cache in several processes', () => {
  it('loads once for three processes of 200 callers each, and everybody gets the value', async () => {
    const { port } = await startRedis();
    const processes = await startCacheProcesses(3, { port, leaseMs: 5000 });
    for (const round of ['a', 'b', 'c', 'd', 'e']) {
      const before = total(processes);
      const order = {
        do: 'get',
        key: `report-${round}`,
        options: { ttlMs: HOUR },
        callers: 200,
        loadMs: 100,
      } as const;
      const values = await Promise.all(
        processes.map((process, index) => process.order({ ...order, value: `of process ${index}` })),
      );
      expect(total(processes) - before).toBe(1);
      expect(values.flat()).toHaveLength(600);
      expect(new Set(values.flat()).size).toBe(1);
    }
  });

  it('takes over when the loading process is killed, after its lease and no sooner', async () => {
    const { port } = await startRedis();
    const [first, second] = (await startCacheProcesses(2, { port, leaseMs: 600 })) as [
      CacheProcess,
      CacheProcess,
    ];
    const order = { do: 'get', key: 'report', options: { ttlMs: HOUR }, callers: 20 } as const;
    const loading = first.nextLoad();
    void first.order({ ...order, loadMs: HOUR, value: 'never' });
    await loading;
    const started = performance.now();
    const answer = second.order({ ...order, loadMs: 10, value: 'of the second' });
    first.process.kill('SIGKILL');
    expect(new Set(await answer)).toEqual(new Set(['of the second']));
    expect(second.loads()).toBe(1);
    expect(performance.now() - started).toBeGreaterThan(300);
    expect(performance.now() - started).toBeLessThan(3000);
  });

  it('leaves a slow load alone for longer than a lease while its process lives', async () => {
    const { port } = await startRedis();
    const [first, second] = (await startCacheProcesses(2, { port, leaseMs: 300 })) as [
      CacheProcess,
      CacheProcess,
    ];
    const order = { do: 'get', key: 'report', options: { ttlMs: HOUR }, callers: 5 } as const;
    const loading = first.nextLoad();
    const slow = first.order({ ...order, loadMs: 1500, value: 'slow' });
    await loading;
    const values = await second.order({ ...order, loadMs: 0, value: 'impatient' });
    expect(new Set([...values, ...(await slow)])).toEqual(new Set(['slow']));
    expect(total([first, second])).toBe(1);
  });

  it('does not store what a stopped process brings after another took over', async () => {
    const { port } = await startRedis();
    const [first, second] = (await startCacheProcesses(2, { port, leaseMs: 300 })) as [
      CacheProcess,
      CacheProcess,
    ];
    const order = { do: 'get', key: 'report', options: { ttlMs: HOUR }, callers: 1 } as const;
    const loading = first.nextLoad();
    const late = first.order({ ...order, loadMs: 200, value: 'late' });
    await loading;
    first.process.kill('SIGSTOP');
    expect(await second.order({ ...order, loadMs: 10, value: 'of the second' })).toEqual(['of the second']);
    first.process.kill('SIGCONT');
    expect(await late).toEqual(['late']);
    const [again] = await first.order({ ...order, loadMs: 0, value: 'third' });
    expect(again).toBe('of the second');
    expect(total([first, second])).toBe(2);
  });

  it('an invalidation reaches the memory of the other processes', async () => {
    const { port } = await startRedis();
    const [first, second] = (await startCacheProcesses(2, { port, leaseMs: 5000 })) as [
      CacheProcess,
      CacheProcess,
    ];
    const get = (value: string) =>
      ({
        do: 'get',
        key: 'user',
        options: { ttlMs: HOUR, tags: ['user:7'] },
        callers: 1,
        loadMs: 0,
        value,
      }) as const;
    expect(await first.order(get('old'))).toEqual(['old']);
    expect(await second.order(get('?'))).toEqual(['old']);
    await first.order({ do: 'invalidate', tag: 'user:7' });
    const started = performance.now();
    // By message: well before the 5 s for which memory would be trusted without one.
    await poll(async () => (await second.order(get('new')))[0] === 'new', 'the invalidation', 4000);
    expect(performance.now() - started).toBeLessThan(4000);
    expect(await first.order(get('?'))).toEqual(['new']);
  });
});
