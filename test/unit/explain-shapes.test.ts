import { describe, expect, it } from 'vitest';
import { columnUse } from '../../src/explain/column-use.js';
import { misestimates } from '../../src/explain/misestimate.js';
import { nodeCosts } from '../../src/explain/node-costs.js';
import { compareShapes, formatShapes, parseShapes } from '../../src/explain/plan-guard.js';
import type { PlanNode } from '../../src/explain/plan-node.js';
import { listSpills } from '../../src/explain/spills.js';

function node(type: string, fields: Partial<PlanNode> = {}, ...plans: PlanNode[]): PlanNode {
  return { 'Node Type': type, 'Plan Rows': 1, 'Plan Width': 8, 'Total Cost': 1, Plans: plans, ...fields };
}

describe('how a condition uses a column', () => {
  it.each([
    ['compared', `(m.created_at >= '2025-01-01 00:00:00+00'::timestamp with time zone)`],
    ['compared', `((m.room_id = 5) AND (now() <= m.created_at))`],
    ['compared', `(created_at IS NULL)`],
    ['compared', `(created_at = ANY ('{…}'::timestamptz[]))`],
    ['wrapped', `((m.created_at)::date = '2025-01-01'::date)`],
    ['wrapped', `(date_trunc('month'::text, created_at) = now())`],
    ['in a row', `(ROW(m.created_at, m.id) < ROW(now(), 5))`],
    ['absent', `(m.content = 'created_at >= now()'::text)`],
    ['absent', `(m.created_at_utc > now())`],
    ['absent', `(m.content = 'it''s (created_at = '::text)`],
  ])('%s: %s', (use, condition) => {
    expect(columnUse(condition, 'created_at')).toBe(use);
  });
});

describe('the time of a node', () => {
  it('is over its loops, without what is below it', () => {
    const inner = node('Index Scan', { 'Actual Total Time': 2, 'Actual Loops': 10 });
    const outer = node('Seq Scan', { 'Actual Total Time': 5, 'Actual Loops': 1 });
    const root = node('Nested Loop', { 'Actual Total Time': 30, 'Actual Loops': 1 }, outer, inner);
    const costs = nodeCosts(root);
    expect([root, outer, inner].map((each) => costs.get(each)?.selfMs)).toEqual([5, 5, 20]);
  });

  it('of a parallel branch is that of one of the processes', () => {
    const scan = node('Seq Scan', { 'Actual Total Time': 40, 'Actual Loops': 4 });
    const gather = node(
      'Gather',
      { 'Actual Total Time': 50, 'Actual Loops': 1, 'Workers Launched': 3 },
      scan,
    );
    expect(nodeCosts(gather).get(scan)?.selfMs).toBe(40);
    expect(nodeCosts(gather).get(gather)?.selfMs).toBe(10);
  });
});

describe('a wrong estimate', () => {
  const fewer = node('Seq Scan', { 'Plan Rows': 50_000, 'Actual Rows': 20, 'Actual Loops': 1 });
  const above = (type: string, plan: PlanNode): PlanNode =>
    node(type, { 'Plan Rows': 20, 'Actual Rows': 20, 'Actual Loops': 1 }, plan);

  it('is none under a LIMIT that stops it, and is one under a sort that does not', () => {
    expect(misestimates(above('Limit', fewer)).has(fewer)).toBe(false);
    expect(misestimates(above('Limit', above('Sort', fewer))).get(fewer)).toBeCloseTo(20 / 50_000);
  });

  it('of too few rows is one under a LIMIT as well; a handful is none', () => {
    const more = { ...fewer, 'Plan Rows': 1, 'Actual Rows': 500 };
    expect(misestimates(above('Limit', more)).get(more)).toBe(500);
    const handful = { ...fewer, 'Plan Rows': 1, 'Actual Rows': 50 };
    expect(misestimates(above('Gather', handful)).has(handful)).toBe(false);
  });

  it('is none of a node that never ran', () => {
    const never = { ...fewer, 'Actual Rows': 0, 'Actual Loops': 0 };
    expect(misestimates(above('Append', never)).has(never)).toBe(false);
  });
});

describe('a spill', () => {
  const settings = { workMemKb: 4096, hashMemMultiplier: 2 };

  it('in a worker, or in groups of an incremental sort, counts', () => {
    const worker = { 'Sort Space Type': 'Disk', 'Sort Space Used': 9_000 };
    const sorts = [
      node('Sort', { 'Sort Space Type': 'Memory', 'Sort Space Used': 25, Workers: [worker] }),
      node('Incremental Sort', {
        'Full-sort Groups': { 'Sort Space Disk': { 'Peak Sort Space Used': 9_000 } },
      }),
      node('Materialize', { Storage: 'Disk', 'Maximum Storage': 9_000 }),
    ];
    for (const sort of sorts) {
      expect(listSpills(sort, settings)).toMatchObject([{ diskKb: 9_000, workMemKb: 32 * 1024 }]);
    }
    expect(
      listSpills(node('Sort', { 'Sort Space Type': 'Memory', 'Sort Space Used': 25 }), settings),
    ).toEqual([]);
  });
});

describe('kept shapes', () => {
  const shapes = new Map([
    ['one', ['statement 1', 'Limit', '  Seq Scan on users']],
    ['two', ['statement 1', 'Result']],
  ]);

  it('are read as they were written', () => {
    expect(parseShapes(formatShapes(shapes), 'plans.txt')).toEqual(shapes);
    expect(parseShapes(formatShapes(shapes).replaceAll('\n', '\r\n'), 'plans.txt')).toEqual(shapes);
    expect(compareShapes(shapes, shapes)).toEqual([]);
  });

  it('that are none are refused', () => {
    for (const text of ['', '# nothing\n', 'Limit\n[one]\nLimit\n']) {
      expect(() => parseShapes(text, 'plans.txt')).toThrow(
        expect.objectContaining({ code: 'EXPLAIN_SHAPES_INVALID' }) as Error,
      );
    }
  });

  it('differ by name: changed, new, or no longer there unless that was not asked for', () => {
    const found = new Map([
      ['one', ['statement 1', 'Limit', '  Index Scan on users by users_pkey']],
      ['three', ['statement 1', 'Result']],
    ]);
    expect(compareShapes(shapes, found).map(({ name, change }) => `${name}: ${change}`)).toEqual([
      'one: changed',
      'two: not explained',
      'three: not in the file',
    ]);
    expect(compareShapes(shapes, found, (name) => name !== 'two').map(({ name }) => name)).toEqual([
      'one',
      'three',
    ]);
    expect(compareShapes(shapes, found)[0]?.diff).toContain('-  Seq Scan on users\n+  Index Scan on users');
  });
});
