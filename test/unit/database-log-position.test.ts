import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LogHistory } from '../../src/database/log-history.js';
import { formatLsn, parseLsn } from '../../src/database/lsn.js';
import { parseToken, WritePosition } from '../../src/database/write-position.js';

describe('an LSN', () => {
  it('is read and written as PostgreSQL does', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (lsn) => {
        expect(parseLsn(formatLsn(lsn))).toBe(lsn);
      }),
    );
    expect(formatLsn(0x16_b374_d848n)).toBe('16/B374D848');
    expect(parseLsn('0/0')).toBe(0n);
  });

  it.each(['', '0', '0/', '/0', 'G/0', '0/0/0', '-1/0', '123456789/0', ' 0/0'])('is not «%s»', (text) => {
    expect(parseLsn(text)).toBeUndefined();
  });
});

describe('a write position', () => {
  /** A primary whose log grows by one byte a question, and that answers when told. */
  function primary(): { ask: () => Promise<bigint>; asked: () => number; answerAll: () => void } {
    const waiting: (() => void)[] = [];
    let end = 0n;
    return {
      ask: () => {
        const lsn = ++end;
        return new Promise((resolve) => waiting.push(() => resolve(lsn)));
      },
      asked: () => Number(end),
      answerAll: () => {
        for (const answer of waiting.splice(0)) answer();
      },
    };
  }

  it('asks nobody as long as nothing was written', async () => {
    const { ask, asked } = primary();
    const position = new WritePosition(ask);
    expect([await position.lsn(), await position.token(), asked()]).toEqual([0n, undefined, 0]);
  });

  it('asks once for all who want to know after one write, and again after the next', async () => {
    const { ask, asked, answerAll } = primary();
    const position = new WritePosition(ask);
    position.moved();
    const both = [position.lsn(), position.lsn()];
    answerAll();
    expect([await Promise.all(both), await position.lsn(), asked()]).toEqual([[1n, 1n], 1n, 1]);
    position.moved();
    const next = position.lsn();
    answerAll();
    expect([await next, asked()]).toEqual([2n, 2]);
  });

  it('does not take an answer for a write that came after the question', async () => {
    const { ask, answerAll } = primary();
    const position = new WritePosition(ask);
    position.moved();
    const before = position.lsn();
    position.moved();
    const after = position.lsn();
    answerAll();
    expect([await before, await after]).toEqual([1n, 2n]);
  });

  it('asks again after a question that failed', async () => {
    let fail = true;
    const position = new WritePosition(() =>
      fail ? Promise.reject(new Error('away')) : Promise.resolve(7n),
    );
    position.moved();
    await expect(position.lsn()).rejects.toThrow('away');
    fail = false;
    expect(await position.token()).toBe('1:0/7');
  });

  it('never goes back', async () => {
    const position = new WritePosition(() => Promise.resolve(5n), parseToken('1:0/9'));
    position.moved();
    expect(await position.lsn()).toBe(9n);
  });
});

describe('the lag of a replica', () => {
  const history = (...samples: readonly (readonly [lsn: bigint, at: number])[]): LogHistory => {
    const made = new LogHistory(5_000);
    for (const [lsn, at] of samples) made.add(lsn, at);
    return made;
  };

  it('is the age of the oldest position that it has not replayed', () => {
    const lags = history([100n, 0], [200n, 1_000], [300n, 2_000], [400n, 3_000]);
    expect(lags.lagOf(400n, Infinity)).toEqual({ lagMs: 0, lagBytes: 0 });
    expect(lags.lagOf(500n, Infinity)).toEqual({ lagMs: 0, lagBytes: 0 });
    expect(lags.lagOf(399n, Infinity)).toEqual({ lagMs: 0, lagBytes: 1 });
    expect(lags.lagOf(250n, Infinity)).toEqual({ lagMs: 1_000, lagBytes: 150 });
    expect(lags.lagOf(150n, Infinity)).toEqual({ lagMs: 2_000, lagBytes: 250 });
  });

  it('is none while the primary is idle, for however long', () => {
    expect(history([100n, 0], [100n, 1_000], [100n, 90_000]).lagOf(100n, 90_000).lagMs).toBe(0);
  });

  it('is what the replica reports, when it lies before all that was seen', () => {
    expect(history([100n, 0], [100n, 100]).lagOf(50n, 3_600_000).lagMs).toBe(3_600_000);
    expect(history().lagOf(50n, 20)).toEqual({ lagMs: 20, lagBytes: 0 });
  });

  it('needs nobody’s report once the history is long enough', () => {
    const lags = history(...Array.from({ length: 60 }, (_, n) => [BigInt(n * 10), n * 1_000] as const));
    expect(lags.lagOf(5n, 1).lagMs).toBeGreaterThanOrEqual(5_000);
  });

  it('stays what it was while the primary does not answer', () => {
    const lags = history([100n, 0], [200n, 1_000]);
    expect(lags.lagOf(150n, 0).lagMs).toBe(0);
  });

  it('begins anew when another server with a shorter log is the primary', () => {
    const lags = history([1_000n, 0], [500n, 1_000], [600n, 2_000]);
    expect(lags.lagOf(550n, 0)).toEqual({ lagMs: 0, lagBytes: 50 });
    expect(lags.lagOf(600n, 0)).toEqual({ lagMs: 0, lagBytes: 0 });
  });
});
