import { describe, expect, it } from 'vitest';
import { MemoryStore } from '../../src/cache/memory-store.js';

const entry = (text: string, tags: string[] = []) => ({ text, tags, freshUntilMs: 10, staleUntilMs: 20 });
const roomy = { maxEntries: 100, maxSizeBytes: 1_000_000 };

describe('the memory of the cache', () => {
  it('drops the least recently used entry when there are too many', () => {
    const memory = new MemoryStore({ ...roomy, maxEntries: 2 });
    memory.set('a', entry('1'));
    memory.set('b', entry('2'));
    memory.get('a', 0);
    memory.set('c', entry('3'));
    expect(['a', 'b', 'c'].map((key) => memory.get(key, 0)?.text)).toEqual(['1', undefined, '3']);
  });

  it('keeps its size within bounds, and gives the room of what is gone back', () => {
    const memory = new MemoryStore({ ...roomy, maxSizeBytes: 10_000 });
    for (let index = 0; index < 100; index += 1) memory.set(`key-${index}`, entry('x'.repeat(500), ['t']));
    expect(memory.sizeBytes).toBeLessThanOrEqual(10_000);
    expect(memory.entryCount).toBeGreaterThan(3);
    expect(memory.get('key-99', 0)).toBeDefined();
    memory.invalidate({ tags: ['t'], keys: [] });
    expect([memory.sizeBytes, memory.entryCount]).toEqual([0, 0]);
  });

  it('does not empty itself for a value larger than all the room', () => {
    const memory = new MemoryStore({ ...roomy, maxSizeBytes: 10_000 });
    memory.set('small', entry('1'));
    memory.set('large', entry('x'.repeat(10_000)));
    expect(memory.get('small', 0)?.text).toBe('1');
    expect(memory.get('large', 0)).toBeUndefined();
  });

  it('forgets the old value of a key for which the new one is too large', () => {
    const memory = new MemoryStore({ ...roomy, maxSizeBytes: 10_000 });
    memory.set('a', entry('1'));
    memory.set('a', entry('x'.repeat(10_000)));
    expect(memory.get('a', 0)).toBeUndefined();
  });

  it('keeps an entry until it is of no use even as a stale one', () => {
    const memory = new MemoryStore(roomy);
    memory.set('a', entry('1'));
    expect(memory.get('a', 19)?.text).toBe('1');
    expect(memory.get('a', 20)).toBeUndefined();
    expect(memory.entryCount).toBe(0);
  });

  it('invalidates by tag, by key, and everything, and nothing else', () => {
    const memory = new MemoryStore(roomy);
    const fill = (): void => {
      memory.set('a', entry('1', ['x']));
      memory.set('b', entry('2', ['x', 'y']));
      memory.set('c', entry('3', ['z']));
    };
    const left = (): string => ['a', 'b', 'c'].filter((key) => memory.get(key, 0) !== undefined).join('');
    fill();
    memory.invalidate({ tags: ['y'], keys: [] });
    expect(left()).toBe('ac');
    memory.invalidate({ tags: ['x'], keys: [] });
    expect(left()).toBe('c');
    fill();
    memory.invalidate({ tags: [], keys: ['a'] });
    expect(left()).toBe('bc');
    memory.invalidate({ tags: [''], keys: [] });
    expect(left()).toBe('');
  });

  it('forgets the tags an entry had before', () => {
    const memory = new MemoryStore(roomy);
    memory.set('a', entry('1', ['x']));
    memory.set('a', entry('2', ['y']));
    memory.invalidate({ tags: ['x'], keys: [] });
    expect(memory.get('a', 0)?.text).toBe('2');
  });
});
