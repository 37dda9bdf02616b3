import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unifiedDiff } from '../../src/catalog/unified-diff.js';

const numbered = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `line ${index + 1}`);
const text = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');

describe('unifiedDiff', () => {
  it('shows each change with three lines around it, and near ones together', () => {
    const before = numbered(40);
    const after = before.with(4, 'five').toSpliced(9, 1).toSpliced(30, 0, 'new');
    expect(unifiedDiff('db.ts', text(before), text(after))).toBe(`--- db.ts
+++ db.ts (from the database)
@@ -2,12 +2,11 @@
 line 2
 line 3
 line 4
-line 5
+five
 line 6
 line 7
 line 8
 line 9
-line 10
 line 11
 line 12
 line 13
@@ -29,6 +28,7 @@
 line 29
 line 30
 line 31
+new
 line 32
 line 33
 line 34
`);
  });

  it('shows a whole file as new, and a missing newline', () => {
    expect(unifiedDiff('a', '', 'x\n')).toBe('--- a\n+++ a (from the database)\n@@ -0,0 +1,1 @@\n+x\n');
    expect(unifiedDiff('a', 'x', 'x\n')).toContain('-x\n\\ No newline at end of file\n+x\n');
    expect(unifiedDiff('a', 'x\n', 'x\n')).toBe('');
  });

  it('is a recipe: applied to the old text it gives the new one', () => {
    const lines = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 25 }).map(text);
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        expect(applied(before, unifiedDiff('a', before, after))).toBe(after);
      }),
    );
  });
});

/** What `patch` does. */
function applied(before: string, diff: string): string {
  const old = before.split('\n').slice(0, -1);
  const result: string[] = [];
  let next = 0;
  for (const line of diff.split('\n').slice(2, -1)) {
    const [, start, count] = /^@@ -(\d+),(\d+)/.exec(line) ?? [];
    if (start !== undefined) {
      const from = Number(start) - (count === '0' ? 0 : 1);
      while (next < from) result.push(old[next++] ?? '');
      continue;
    }
    if (line.startsWith('+')) result.push(line.slice(1));
    else {
      expect(line.slice(1)).toBe(old[next]);
      if (line.startsWith(' ')) result.push(old[next] ?? '');
      next += 1;
    }
  }
  return text([...result, ...old.slice(next)]);
}
