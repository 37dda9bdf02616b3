import { describe, expect, it } from 'vitest';
import type { Catalog, Column, Constraint, Table } from '../../src/catalog/catalog.js';
import { stubBoxes, tableBox } from '../../src/erd/diagram/box.js';
import { layOut, type PlacedBox, type Point } from '../../src/erd/diagram/layout.js';
import { describeCatalog } from '../../src/erd/describe-catalog.js';
import { koreanNameOf } from '../../src/erd/names.js';
import { readableCheck, readableDefault, readableType } from '../../src/erd/readable-sql.js';
import { renderMarkdown } from '../../src/erd/render-markdown.js';
import { renderMermaid } from '../../src/erd/render-mermaid.js';

const column = (name: string, type: string): Column =>
  ({ name, type, notNull: true, default: null, identity: null, generated: null, comment: null }) as Column;
const foreignKey = (from: string, target: string, to: string): Constraint => ({
  name: `${from}_fkey`,
  type: 'foreign key',
  definition: `foreign key (${from}) references ${target}(${to})`,
  references: target,
  validated: true,
  enforced: true,
  comment: null,
});
const table = (
  name: string,
  comment: string | null,
  columns: readonly Column[],
  constraints: readonly Constraint[] = [],
): Table =>
  ({
    name,
    comment,
    columns,
    constraints,
    indexes: [],
    triggers: [],
    partitionOf: null,
    partitionKey: null,
    bound: null,
  }) as unknown as Table;
const schemaOf = (...tables: readonly Table[]): ReturnType<typeof describeCatalog> =>
  describeCatalog({ tables } as unknown as Catalog);

const odd = schemaOf(
  table('public."we""ird (x)"', 'Odd (이상한 "direction TB" 50% \\): `<b>` | [x](y) *z* _a_ a_b\nnext', [
    column('pk', 'numeric(15,4)'),
    column('"1 fk"', 'character varying(3)[]'),
  ]),
  table(
    'public.title',
    null,
    [column('"a b"', 'double precision'), column('style', 'shop."My Type"')],
    [foreignKey('"a b"', 'public."we""ird (x)"', 'pk')],
  ),
  table('public.empty', null, []),
);

describe('the words of the document', () => {
  it('has the Korean name only where a comment begins with one', () => {
    expect(koreanNameOf('Chat rooms (채팅방): where')).toBe('채팅방');
    expect(koreanNameOf('Chat rooms: where (채팅방)')).toBeNull();
    expect(koreanNameOf('Rooms (live): where')).toBeNull();
    expect(koreanNameOf(null)).toBeNull();
  });

  it('writes types, defaults and checks as people do', () => {
    expect(readableType('timestamp(3) with time zone')).toBe('timestamptz(3)');
    expect(readableType('character varying(20)[]')).toBe('varchar(20)[]');
    expect(readableDefault("'it''s'::character varying")).toBe("'it''s'");
    expect(readableDefault("'{}'::jsonb")).toBe("'{}'::jsonb");
    const list = "check (((kind)::text = any (array['A, B'::text, 'it''s'::text])))";
    expect(readableCheck(list)).toBe("kind in ('A, B', 'it''s')");
    expect(readableCheck('check (((a > 0) and (b > 0)))')).toBe('(a > 0) and (b > 0)');
    expect(readableCheck(`check ((a <> '))('::text))`)).toBe(`a <> '))('::text`);
  });

  it('lets no comment be markup', () => {
    const text = renderMarkdown(odd);
    expect(text).toContain('\\`&lt;b&gt;\\` \\| \\[x\\](y) \\*z\\* \\_a\\_ a_b<br>next');
    expect(text.match(/<(?!a id=|\/a>|!--|br>)/g)?.length ?? 0).toBe(0);
  });
});

describe('the Mermaid diagram', () => {
  // The rules of erDiagram.jison for what is written here: names in quotes, words, key marks.
  const name = String.raw`"[^"%\r\n\v\b\\]+"`;
  const word = String.raw`(?!(?:pk|fk|uk)\b)[*A-Za-z_\u00c0-\uffff][A-Za-z0-9\-_[\]()\u00c0-\uffff*]*`;
  const lines = [
    'erDiagram',
    `  ${name}(?:\\[${name}\\])?(?: \\{)?`,
    `    ${word} ${word}(?: (?:PK|FK|UK)(?:, (?:PK|FK|UK))*)?`,
    '  \\}',
    `  ${name} (?:\\|o|\\|\\|)--(?:o\\||o\\{) ${name} : ${name}`,
  ];
  const line = new RegExp(`^(?:${lines.join('|')})$`, 'i');

  it('follows the grammar, whatever the names and comments are', () => {
    const text = renderMermaid(odd);
    expect(
      text
        .trimEnd()
        .split('\n')
        .filter((written) => !line.test(written)),
    ).toEqual([]);
    expect(text).not.toMatch(/direction\s+TB/);
    expect(text).toContain(`"title" {\n    double_precision a_b FK\n    shop_My_Type style\n  }`);
    expect(text).toContain(`"'we''ird (x)'" ||--o{ "title" : "'a b'"`);
  });
});

describe('the layout of a diagram', () => {
  const id = [column('id', 'bigint')];
  const pointing = (name: string, ...targets: readonly string[]): Table =>
    table(
      `public.${name}`,
      null,
      [...id, ...targets.map((target, index) => column(`${target}_${index}`, 'bigint'))],
      targets.map((target, index) => foreignKey(`${target}_${index}`, `public.${target}`, 'id')),
    );
  const layout = (...tables: readonly Table[]): ReturnType<typeof layOut> => {
    const { domains } = schemaOf(...tables);
    const described = domains.flatMap((domain) => domain.tables);
    const boxes = [
      ...domains.slice(1).flatMap((domain) => stubBoxes(domain, domains)),
      ...described.map(tableBox),
    ];
    return layOut(
      boxes,
      described.flatMap(({ references }) => references),
    );
  };

  it.each([
    [
      'a chain, and a line over all of it',
      [pointing('a'), pointing('b', 'a'), pointing('c', 'b', 'a'), pointing('d', 'c', 'a', 'b')],
    ],
    ['a table that points at itself', [pointing('a', 'a', 'a')]],
    ['a circle', [pointing('a', 'b'), pointing('b', 'c'), pointing('c', 'a')]],
    ['many at one', [pointing('a'), ...['b', 'c', 'd', 'e'].map((name) => pointing(name, 'a', 'a'))]],
  ])('draws %s: no box over another, no line through a box or out of the picture', (_, tables) => {
    const { boxes, lines, width, height } = layout(...tables);
    expect(boxes).toHaveLength(tables.length);
    expect(lines).toHaveLength(tables.flatMap(({ constraints }) => constraints).length);
    const overlapping = boxes.flatMap((one, index) =>
      boxes
        .slice(index + 1)
        .filter((other) =>
          overlaps(one, [other.x, other.y], [other.x + other.width, other.y + other.height]),
        ),
    );
    expect(overlapping).toEqual([]);
    for (const { points } of lines) {
      for (const [index, point] of points.slice(1).entries()) {
        const before = points[index] as Point;
        expect(before[0] === point[0] || before[1] === point[1]).toBe(true);
        expect(boxes.filter((box) => overlaps(box, before, point))).toEqual([]);
        expect(point[0] > 0 && point[0] < width && point[1] > 0 && point[1] < height).toBe(true);
      }
    }
  });

  /** Whether what reaches from one corner to the other has more than an edge in common with the box. */
  function overlaps({ x, y, width, height }: PlacedBox, [x1, y1]: Point, [x2, y2]: Point): boolean {
    return (
      Math.min(x1, x2) < x + width &&
      Math.max(x1, x2) > x &&
      Math.min(y1, y2) < y + height &&
      Math.max(y1, y2) > y
    );
  }
});
