export interface SqlToken {
  readonly kind: 'word' | 'identifier' | 'string' | 'number' | 'symbol';
  /** As it is in the text; words keep their case. */
  readonly text: string;
  /** Where it begins and ends (exclusive) in the text. */
  readonly start: number;
  readonly end: number;
  /** How many parentheses and brackets are open before it. */
  readonly depth: number;
}

const patterns: readonly (readonly [SqlToken['kind'], RegExp])[] = [
  // Before words: the E belongs to the literal. Under E'' a backslash escapes what follows it.
  ['string', /E'(?:[^'\\]|''|\\[^])*'|'(?:[^']|'')*'/y],
  ['identifier', /"(?:[^"]|"")*"/y],
  ['word', /[\p{L}_][\p{L}\p{N}_$]*/uy],
  ['number', /\d[\d.]*(?:e[+-]?\d+)?/y],
  ['symbol', /::|[-+*/<>=~!@#%^&|`?]+|[^\s]/uy],
];

/** The tokens of an expression as pg_get_expr prints it; undefined when it holds something that is no token. */
export function sqlTokens(text: string): readonly SqlToken[] | undefined {
  const tokens: SqlToken[] = [];
  let [start, depth] = [0, 0];
  for (;;) {
    while (/\s/.test(text[start] ?? '')) start += 1;
    if (start === text.length) return tokens;
    const token = tokenAt(text, start, depth);
    // A quote that opens nothing complete: the text is not what the server prints.
    if (token === undefined || token.text === "'" || token.text === '"') return undefined;
    tokens.push(token);
    start = token.end;
    if (token.text === '(' || token.text === '[') depth += 1;
    if (token.text === ')' || token.text === ']') depth -= 1;
  }
}

function tokenAt(text: string, start: number, depth: number): SqlToken | undefined {
  for (const [kind, pattern] of patterns) {
    pattern.lastIndex = start;
    const found = pattern.exec(text)?.[0];
    if (found !== undefined) return { kind, text: found, start, end: start + found.length, depth };
  }
  return undefined;
}
