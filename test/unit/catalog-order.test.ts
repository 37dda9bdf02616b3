import { describe, expect, it } from 'vitest';
import { orderByDependency } from '../../src/catalog/render/order-by-dependency.js';

function node(
  name: string,
  { rank = 0, requires = [], prefers = [] }: { rank?: number; requires?: string[]; prefers?: string[] } = {},
): Parameters<typeof orderByDependency>[0][number] {
  return { name, rank, requires: new Set(requires), prefers: new Set(prefers) };
}

function order(...nodes: ReturnType<typeof node>[]): string {
  return orderByDependency(nodes)
    .map(({ name }) => name)
    .join(' ');
}

describe('the order of statements', () => {
  it('is the given one when nothing depends on anything', () => {
    expect(order(node('b'), node('a'), node('c'))).toBe('b a c');
  });

  it('puts what is required first, whatever its rank', () => {
    expect(
      order(
        node('view', { rank: 1 }),
        node('table', { rank: 0, requires: ['routine'] }),
        node('routine', { rank: 2 }),
      ),
    ).toBe('view routine table');
  });

  it('puts what is preferred first within a rank', () => {
    expect(order(node('a', { prefers: ['b'] }), node('b'))).toBe('b a');
  });

  it('gives up a preference rather than a requirement', () => {
    expect(order(node('a', { prefers: ['b'] }), node('b', { requires: ['a'] }))).toBe('a b');
  });

  it('ignores what is not there, and a node that depends on itself', () => {
    expect(order(node('a', { requires: ['missing', 'a'] }), node('b'))).toBe('a b');
  });

  it('ends when requirements go in a circle', () => {
    expect(order(node('a', { requires: ['b'] }), node('b', { requires: ['a'] }))).toBe('a b');
  });
});
