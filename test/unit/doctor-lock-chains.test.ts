import { expect, test } from 'vitest';
import { findLockChains } from '../../src/doctor/lock-chains.js';
import { isFixed, serverBugs } from '../../src/doctor/releases.js';

const chains = (waits: Readonly<Record<number, readonly number[]>>): unknown =>
  findLockChains(Object.entries(waits).map(([pid, blockers]) => ({ pid: Number(pid), blockers }))).map(
    ({ root, deadlock, waiting }) => [root, deadlock, waiting.map(({ pid }) => pid)],
  );

test('the one who waits for nobody is at the beginning, however long the chain', () => {
  expect(chains({ 2: [1], 3: [2], 4: [3] })).toEqual([[1, false, [2, 3, 4]]]);
});

test('who waits for several is in the chain of each', () => {
  expect(chains({ 3: [1, 2], 4: [3] })).toEqual([
    [1, false, [3, 4]],
    [2, false, [3, 4]],
  ]);
});

test('a prepared transaction, pid 0, can be at the beginning', () => {
  expect(chains({ 5: [0] })).toEqual([[0, false, [5]]]);
});

test('a deadlock ends, with those who wait behind it', () => {
  expect(chains({ 1: [2], 2: [1], 3: [2] })).toEqual([[1, true, [1, 2, 3]]]);
});

test('a wait that ended meanwhile is nobody’s', () => {
  expect(chains({ 2: [] })).toEqual([]);
});

test('a bug of the server is over with the first release without it, and later majors never had it', () => {
  const [bug] = serverBugs;
  if (bug === undefined) throw new Error('there is no bug');
  expect([150_008, 150_009, 160_004, 160_005, 180_000].map((version) => isFixed(bug, version))).toEqual([
    false,
    true,
    false,
    true,
    true,
  ]);
});
