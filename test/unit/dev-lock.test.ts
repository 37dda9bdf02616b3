import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { withLock } from '../../src/dev/lock.js';
import { processStart } from '../../src/dev/process-identity.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'studymate-lock-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

it('lets one run work at a time, and each of them in the end', async () => {
  let working = 0;
  let most = 0;
  let done = 0;
  const run = async (): Promise<void> => {
    working += 1;
    most = Math.max(most, working);
    for (let turn = 0; turn < 5; turn += 1) await setImmediate();
    working -= 1;
    done += 1;
  };
  await Promise.all(Array.from({ length: 12 }, () => withLock(folder, { waitMs: 30_000 }, run)));
  expect({ most, done }).toEqual({ most: 1, done: 12 });
  expect(await readdir(folder)).toEqual([]);
});

it('is free again when the work fails', async () => {
  const failing = withLock(folder, { waitMs: 0 }, () => Promise.reject(new Error('no')));
  await expect(failing).rejects.toThrow('no');
  expect(await withLock(folder, { waitMs: 0 }, () => Promise.resolve('done'))).toBe('done');
});

it('is not held by a process that is gone, nor by a later one with its pid', async () => {
  const start = await processStart(process.pid);
  await writeFile(join(folder, `lock-${process.pid}-${start}0-${crypto.randomUUID()}`), '');
  // No Linux kernel gives out a pid this high.
  await writeFile(join(folder, `lock-4194305-1-${crypto.randomUUID()}`), '');
  expect(await withLock(folder, { waitMs: 0 }, () => readdir(folder))).toHaveLength(1);
});
