/** A statement of a text, without the comments before it and the semicolon after it. */
export interface StatementSlice {
  readonly text: string;
  /** Index of its first character. */
  readonly offset: number;
}

/**
 * What psql's scanner sees as one piece: space, comment, quoted text (a doubled quote makes two pieces, which
 * changes nothing here), the opening of a dollar quote, a word, a number, or any other character.
 */
const piece =
  /\s+|--[^\n]*|\/\*|[eE]'(?:[^'\\]+|\\[\s\S]|'')*'?|'[^']*'?|"[^"]*"?|\$(?:[A-Za-z_\u0080-\uffff][A-Za-z0-9_\u0080-\uffff]*)?\$|[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*|\d[\w$\u0080-\uffff]*|[\s\S]/y;

const blank = /^(?:\s|--|\/\*)/;
const dollarQuote = /^\$(?:\D.*)?\$$/s;
const word = /^[A-Za-z_\u0080-\uffff]/;

/**
 * Splits SQL at its semicolons by the rules of psql's own scanner (psqlscan.l): quotes, dollar quotes, nested
 * comments, parentheses, and the BEGIN ATOMIC … END bodies of functions. It takes microseconds where loading
 * the real parser takes a tenth of a second; tests hold both against each other.
 */
export function* splitStatements(sql: string): Generator<StatementSlice, void> {
  let start = -1;
  let end = 0;
  let parentheses = 0;
  let blocks = 0;
  /** The first words: they tell CREATE [OR REPLACE] FUNCTION and PROCEDURE, as psql does. */
  let words: string[] = [];
  for (let index = 0; index < sql.length;) {
    piece.lastIndex = index;
    const text = piece.exec(sql)?.[0] ?? '';
    const from = index;
    index += text.length;
    if (blank.test(text)) {
      if (text === '/*') index = afterComment(sql, from);
      continue;
    }
    if (text === ';' && parentheses === 0 && blocks === 0) {
      if (start >= 0) yield { text: sql.slice(start, end), offset: start };
      start = -1;
      words = [];
      continue;
    }
    if (start < 0) start = from;
    if (text === '(') {
      parentheses++;
    } else if (text === ')') {
      parentheses = Math.max(0, parentheses - 1);
    } else if (dollarQuote.test(text)) {
      const close = sql.indexOf(text, index);
      index = close < 0 ? sql.length : close + text.length;
    } else if (word.test(text) && !text.endsWith("'")) {
      const lower = text.toLowerCase();
      if (words.length < 4) words.push(lower);
      if (parentheses === 0) blocks += blockStep(lower, words, blocks);
    }
    end = index;
  }
  if (start >= 0) yield { text: sql.slice(start, end), offset: start };
}

/** In a function body of standard SQL, BEGIN and CASE open a block that END closes. */
function blockStep(text: string, words: readonly string[], blocks: number): number {
  if (text !== 'begin' && text !== 'case' && text !== 'end') return 0;
  const [first, second, third, fourth] = words;
  const isRoutine = (name: string | undefined): boolean => name === 'function' || name === 'procedure';
  if (
    first !== 'create' ||
    !(isRoutine(second) || (second === 'or' && third === 'replace' && isRoutine(fourth)))
  ) {
    return 0;
  }
  if (text === 'begin') return 1;
  if (blocks === 0) return 0;
  return text === 'case' ? 1 : -1;
}

/** Comments nest, as in the standard. */
function afterComment(sql: string, open: number): number {
  const mark = /\/\*|\*\//g;
  mark.lastIndex = open;
  for (let depth = 0, found = mark.exec(sql); found !== null; found = mark.exec(sql)) {
    depth += found[0] === '/*' ? 1 : -1;
    if (depth === 0) return mark.lastIndex;
  }
  return sql.length;
}
