import { describe, expect, it } from 'vitest';
import { formatDifferences } from '../../src/catalog/format-differences.js';

describe('differences as text', () => {
  it('are nothing for none', () => {
    expect(formatDifferences([])).toBe('');
  });

  it('show what was expected and what is there', () => {
    expect(
      formatDifferences([
        {
          object: 'index public.a_b',
          change: 'missing',
          property: null,
          expected: 'create index a_b on public.a (b)',
        },
        { object: 'table public.x', change: 'unexpected', property: null },
        { object: 'column public.a.b', change: 'different', property: 'default', expected: '1' },
      ]),
    ).toBe(`missing: index public.a_b
  create index a_b on public.a (b)
unexpected: table public.x
different: default of column public.a.b
  expected: 1
  actual: none`);
  });

  it('show the first line that differs of a long text', () => {
    const lines = ['begin', '  a;', '  b;', 'end'];
    const [expected, actual] = [lines.join('\n'), lines.join('\n').replace('b;', 'c;')];
    const object = 'function public.f()';
    expect(
      formatDifferences([{ object, change: 'different', property: 'definition', expected, actual }]),
    ).toBe(`different: definition of ${object}\n  expected (line 3):   b;\n  actual (line 3):   c;`);
    expect(formatDifferences([{ object, change: 'missing', property: null, expected }])).toBe(
      `missing: ${object}\n  begin\n    a;\n    b;\n  … 1 more lines`,
    );
  });
});
