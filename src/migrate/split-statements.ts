/** A statement of a text, without the comments before it and the semicolon after it. */
export interface StatementSlice {
  readonly text: string;
  /** Index of its first character. */
  readonly offset: number;
}

const identifierStart = /[A-Za-z_\u0080-\uffff]/;
const identifierPart = /[A-Za-z0-9_$\u0080-\uffff]/;
const dollarTag = /\$(?:[A-Za-z_\u0080-\uffff][A-Za-z0-9_\u0080-\uffff]*)?\$/y;

/**
 * Splits SQL at its semicolons by the rules of psql's own scanner (psqlscan.l): quotes, dollar quotes, nested
 * comments, parentheses, and the BEGIN ATOMIC … END bodies of functions. It takes microseconds where loading
 * the real parser takes a tenth of a second; tests hold both against each other.
 */
export function splitStatements(sql: string): StatementSlice[] {
  const slices: StatementSlice[] = [];
  let start = -1;
  let end = 0;
  let index = 0;
  let parentheses = 0;
  let blocks = 0;
  /** First letters of the first four words: tells CREATE [OR REPLACE] FUNCTION and PROCEDURE, as psql does. */
  let words: string[] = [];
  const finish = (): void => {
    if (start >= 0) slices.push({ text: sql.slice(start, end), offset: start });
    start = -1;
    parentheses = 0;
    blocks = 0;
    words = [];
  };
  while (index < sql.length) {
    const from = index;
    const character = sql.charAt(index);
    if (character === '-' && sql.startsWith('--', index)) {
      index = indexAfter(sql, '\n', index);
      continue;
    }
    if (character === '/' && sql.startsWith('/*', index)) {
      index = afterComment(sql, index);
      continue;
    }
    if (/\s/.test(character)) {
      index++;
      continue;
    }
    if (character === ';' && parentheses === 0 && blocks === 0) {
      finish();
      index++;
      continue;
    }
    if (start < 0) start = index;
    if (character === "'") {
      index = afterQuoted(sql, index, "'", false);
    } else if (character === '"') {
      index = afterQuoted(sql, index, '"', false);
    } else if (character === '$') {
      dollarTag.lastIndex = index;
      const tag = dollarTag.exec(sql)?.[0];
      index = tag === undefined ? index + 1 : indexAfter(sql, tag, index + tag.length);
    } else if (identifierStart.test(character)) {
      while (index < sql.length && identifierPart.test(sql.charAt(index))) index++;
      const word = sql.slice(from, index).toLowerCase();
      if (word === 'e' && sql.charAt(index) === "'") {
        index = afterQuoted(sql, index, "'", true);
      } else {
        if (words.length < 4) words.push(word);
        if (parentheses === 0) blocks = Math.max(0, blocks + blockStep(word, words, blocks));
      }
    } else if (/[0-9]/.test(character)) {
      while (index < sql.length && identifierPart.test(sql.charAt(index))) index++;
    } else {
      if (character === '(') parentheses++;
      if (character === ')' && parentheses > 0) parentheses--;
      index++;
    }
    end = index;
  }
  finish();
  return slices;
}

/** In a function body of standard SQL, BEGIN and CASE open a block that END closes. */
function blockStep(word: string, words: readonly string[], blocks: number): number {
  const [first, second, third, fourth] = words;
  const isRoutine = (name: string | undefined): boolean => name === 'function' || name === 'procedure';
  if (
    first !== 'create' ||
    !(isRoutine(second) || (second === 'or' && third === 'replace' && isRoutine(fourth)))
  )
    return 0;
  if (word === 'begin') return 1;
  if (word === 'case') return blocks > 0 ? 1 : 0;
  return word === 'end' && blocks > 0 ? -1 : 0;
}

function indexAfter(sql: string, text: string, from: number): number {
  const found = sql.indexOf(text, from);
  return found < 0 ? sql.length : found + text.length;
}

function afterQuoted(sql: string, open: number, quote: string, backslashes: boolean): number {
  for (let index = open + 1; index < sql.length; index++) {
    const character = sql.charAt(index);
    if (backslashes && character === '\\') index++;
    else if (character === quote && sql.charAt(index + 1) === quote) index++;
    else if (character === quote) return index + 1;
  }
  return sql.length;
}

/** Comments nest, as in the standard. */
export function afterComment(sql: string, open: number): number {
  let depth = 0;
  let index = open;
  while (index < sql.length) {
    if (sql.startsWith('/*', index)) depth++;
    else if (sql.startsWith('*/', index)) depth--;
    else {
      index++;
      continue;
    }
    index += 2;
    if (depth === 0) return index;
  }
  return sql.length;
}
