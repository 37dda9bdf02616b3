import { splitTokens } from './normal-sql.js';

/**
 * PostgreSQL 15 writes `SELECT t.a FROM t` where later versions write `SELECT a FROM t`: a view over a single
 * relation. Brings the first form (under `quote_all_identifiers`) into the second, by the rules of the later
 * versions. Qualified in every version, and so left alone, are columns within a nested query, whole rows (`t.*`),
 * and what is sorted by while a column of the result has that name.
 */
export function unqualifySingleRelation(definition: string): string {
  const tokens = withContext(splitTokens(definition).flatMap(splitPunctuation));
  const alias = singleRelation(tokens);
  if (alias === undefined) return definition;
  const results = resultNames(tokens);
  const dropped = new Set<Token>();
  tokens.forEach((prefix, index) => {
    const [dot, column, next] = tokens.slice(index + 1);
    if (prefix.text !== alias || dot?.text !== '.' || column?.text.startsWith('"') !== true) return;
    const before = previousWord(tokens, index);
    // Not a column, but a name within the schema that has the name of the relation.
    const qualifiesOther = next?.text === '(' || before === ':' || before === 'COLLATE' || before === '.';
    const sorts = prefix.clause === 'sort' && isSortItem(before, nextWord(tokens, index + 3));
    if (prefix.inQuery || prefix.clause === 'FROM' || qualifiesOther) return;
    if (sorts && results.has(column.text)) return;
    dropped.add(prefix).add(dot);
  });
  return tokens
    .filter((token) => !dropped.has(token))
    .map(({ text }) => text)
    .join('');
}

interface Token {
  readonly text: string;
  /** How many parentheses it is in. */
  readonly depth: number;
  /** Within a parenthesised query. */
  readonly inQuery: boolean;
  /** The clause it is in, on its level of parentheses; `sort` for ORDER BY, PARTITION BY and DISTINCT ON. */
  readonly clause: string;
}

const clauses: Readonly<Record<string, string>> = {
  SELECT: 'SELECT',
  FROM: 'FROM',
  WHERE: 'WHERE',
  GROUP: 'GROUP',
  HAVING: 'HAVING',
  WINDOW: 'WINDOW',
  ORDER: 'sort',
  PARTITION: 'sort',
  LIMIT: 'LIMIT',
  OFFSET: 'OFFSET',
  FETCH: 'FETCH',
  FOR: 'FOR',
};
const queryStart = new Set(['SELECT', 'WITH', 'VALUES']);

function splitPunctuation(token: string): readonly string[] {
  return /^['"$]/.test(token) ? [token] : (token.match(/\w+|\s+|[^\w\s]/g) ?? []);
}

function withContext(texts: readonly string[]): readonly Token[] {
  const levels = [{ query: false, clause: '' }];
  let before = '';
  return texts.map((text, index) => {
    if (text === '(') {
      const first = texts.slice(index + 1, index + 3).find((next) => /\S/.test(next)) ?? '';
      levels.push({ query: queryStart.has(first), clause: before === 'ON' ? 'sort' : '' });
    }
    const level = levels.at(-1);
    // FROM and FOR also occur in expressions such as extract(year from d), but not outside of parentheses.
    if (level !== undefined && (levels.length === 1 || /^(ORDER|PARTITION)$/.test(text))) {
      level.clause = clauses[text] ?? level.clause;
    }
    const token = {
      text,
      depth: levels.length - 1,
      inQuery: levels.some(({ query }) => query),
      clause: level?.clause ?? '',
    };
    if (text === ')') levels.pop();
    if (/\S/.test(text)) before = text;
    return token;
  });
}

/** The quoted name by which the only relation of the outermost FROM goes, if there is only one. */
function singleRelation(tokens: readonly Token[]): string | undefined {
  const outermost = tokens.filter(({ inQuery }) => !inQuery);
  const from = outermost.filter(({ clause, depth }) => clause === 'FROM' || depth > 0);
  const flat = from.filter(({ depth }) => depth === 0).map(({ text }) => text);
  if (outermost.some(({ text }) => /^(UNION|INTERSECT|EXCEPT|JOIN)$/.test(text)) || flat.includes(','))
    return undefined;
  const sample = flat.indexOf('TABLESAMPLE');
  return flat.slice(0, sample === -1 ? flat.length : sample).findLast((text) => text.startsWith('"'));
}

/** The names given with AS to columns of the result. */
function resultNames(tokens: readonly Token[]): ReadonlySet<string> {
  return new Set(
    tokens
      .filter(({ clause, depth }) => clause === 'SELECT' && depth === 0)
      .filter((_, index, outermost) => previousWord(outermost, index) === 'AS')
      .map(({ text }) => text),
  );
}

function isSortItem(before: string | undefined, next: string | undefined): boolean {
  const starts = before === 'BY' || before === ',' || before === '(';
  return starts && (next === undefined || /^([,);]|[A-Z]+)$/.test(next));
}

function previousWord(tokens: readonly Token[], index: number): string | undefined {
  return tokens.slice(0, index).findLast(({ text }) => /\S/.test(text))?.text;
}

function nextWord(tokens: readonly Token[], index: number): string | undefined {
  return tokens.slice(index).find(({ text }) => /\S/.test(text))?.text;
}
