import { splitTokens } from '../catalog/normal-sql.js';

/** The short name that PostgreSQL itself takes for the type. */
export function readableType(type: string): string {
  return type
    .replace(/^character varying\b/, 'varchar')
    .replace(/^character\b/, 'char')
    .replace(/^(timestamp|time)(\(\d\))? with time zone\b/, '$1tz$2')
    .replace(/^(timestamp|time)(\(\d\))? without time zone\b/, '$1$2');
}

const textCast = /^('(?:[^']|'')*')::(?:text|character varying|bpchar)$/;

export function readableDefault(expression: string): string {
  if (/^nextval\(/.test(expression)) return 'sequence';
  return textCast.exec(expression)?.[1] ?? expression;
}

const literals = String.raw`'(?:[^']|'')*'::text(?:, '(?:[^']|'')*'::text)*`;
const column = String.raw`([a-z_][a-z0-9_]*|"(?:[^"]|"")*")`;
const listOfValues = new RegExp(
  String.raw`^(?:\(${column}\)::text|${column}) = any \(array\[(${literals})\]\)$`,
);

/** The condition of a CHECK as its author wrote it: a list of values as IN, without the outer parentheses. */
export function readableCheck(definition: string): string {
  const inner = withoutParentheses(definition.replace(/^check /, '').replace(/ not valid$/, ''));
  const list = listOfValues.exec(inner);
  if (list === null) return inner;
  const values = splitTokens(list[3] ?? '').filter((token) => token.startsWith("'"));
  return `${list[1] ?? list[2] ?? ''} in (${values.join(', ')})`;
}

function withoutParentheses(sql: string): string {
  let text = sql.trim();
  while (isWrapped(text)) text = text.slice(1, -1).trim();
  return text;
}

/** Whether the first parenthesis is closed by the very last character; those in literals and names do not count. */
function isWrapped(sql: string): boolean {
  if (!sql.startsWith('(') || !sql.endsWith(')')) return false;
  let depth = 0;
  let position = 0;
  for (const token of splitTokens(sql)) {
    for (const letter of /^['"]/.test(token) ? '' : token) {
      if (letter === '(') depth += 1;
      if (letter === ')') depth -= 1;
      position += 1;
      if (depth === 0 && position < sql.length) return false;
    }
    if (/^['"]/.test(token)) position += token.length;
  }
  return depth === 0;
}
