import type {
  DomainDescription,
  Reference,
  SchemaDescription,
  TableDescription,
} from './schema-description.js';

/**
 * The whole schema, or one domain with what it points at, as a Mermaid `erDiagram`. Written for Mermaid 10.5 and
 * later, which GitHub draws.
 */
export function renderMermaid({ domains }: SchemaDescription, domain?: DomainDescription): string {
  const shown = domain === undefined ? domains : [domain];
  const tables = shown.flatMap((part) => part.tables);
  const lines = [
    'erDiagram',
    ...tables.flatMap(entity),
    ...tables.flatMap(({ references }) => references.map(relationship)),
  ];
  return `${lines.join('\n')}\n`;
}

function entity({ name, koreanName, columns }: TableDescription): readonly string[] {
  const title = koreanName === null ? '' : `[${quoted(`${name} (${koreanName})`)}]`;
  const attributes = columns.map(({ type, name: column, marks }) =>
    `    ${attributeWord(type)} ${attributeWord(column)} ${marks.join(', ')}`.trimEnd(),
  );
  // A block without attributes is an error to older versions.
  if (attributes.length === 0) return [`  ${quoted(name)}${title}`];
  return [`  ${quoted(name)}${title} {`, ...attributes, '  }'];
}

function relationship({ from, to, optional, single }: Reference): string {
  const ends = `${optional ? '|o' : '||'}--${single ? 'o|' : 'o{'}`;
  return `  ${quoted(to.table)} ${ends} ${quoted(from.table)} : ${quoted(from.columns.join(', '))}`;
}

/**
 * A name in quotes cannot hold these, and there is no way to escape them. «direction TB» is a command to
 * Mermaid wherever it stands in a line, but not with a word joiner in it.
 */
function quoted(text: string): string {
  const safe = text
    .replaceAll('"', "'")
    .replaceAll('%', '％')
    .replaceAll('\\', '＼')
    // eslint-disable-next-line no-control-regex
    .replaceAll(/[\s\u0000-\u001f]+/g, ' ')
    .replaceAll(/(direction)(?= )/gi, '$1\u2060');
  return `"${safe}"`;
}

/** Types and columns stand without quotes: no spaces, and no word that is a key mark. */
function attributeWord(text: string): string {
  const word = text
    .replaceAll('"', '')
    .replaceAll(/, ?/g, '-')
    .replaceAll(/[^A-Za-z0-9_[\]()\u00c0-\uffff-]/g, '_');
  const marked = /^(pk|fk|uk)$/i.test(word) ? `${word}_` : word;
  return /^[A-Za-z_\u00c0-\uffff]/.test(marked) ? marked : `_${marked}`;
}
