import { sqlTokens, type SqlToken } from './sql-tokens.js';

/** A condition that only values of a written list can meet: what the server is asked to prove. */
export interface ClosedCondition {
  /** The condition, a piece of the constraint's own text. It refers to nothing but the column. */
  readonly sql: string;
  /** Array expressions of constants, pieces of the same text: whatever meets the condition is in one of them. */
  readonly lists: readonly string[];
}

/**
 * Finds the closed conditions of a CHECK: those of the forms `x = any (array[…])`, `x = '…'`, `x is null`, joined by
 * AND and OR, where x is the column, maybe cast to text. All of them must hold for a row to be let in: a condition
 * of another form beside them, joined by AND, only narrows the list further and is left out. Anything else could let
 * more values in than it names, so that the result is empty.
 *
 * @param expression - as pg_get_expr prints it
 * @param subject - the column as it is printed there; VALUE in the CHECK of a domain
 */
export function closedConditions(expression: string, subject: string): readonly ClosedCondition[] {
  const tokens = sqlTokens(expression);
  if (tokens === undefined) return [];
  const sliceOf = (part: readonly SqlToken[]): string => expression.slice(part[0]?.start, part.at(-1)?.end);

  function conjuncts(tokens: readonly SqlToken[]): readonly ClosedCondition[] {
    const bare = withoutParentheses(tokens);
    const parts = split(bare, 'AND');
    if (parts.length > 1) return parts.flatMap(conjuncts);
    const lists = listsOf(bare);
    return lists === undefined ? [] : [{ sql: sliceOf(bare), lists }];
  }

  /** What the values come from, or undefined when a value may come from elsewhere. */
  function listsOf(tokens: readonly SqlToken[]): readonly string[] | undefined {
    const bare = withoutParentheses(tokens);
    for (const operator of ['AND', 'OR']) {
      const parts = split(bare, operator);
      if (parts.length > 1) {
        const lists = parts.map(listsOf);
        return lists.every((list) => list !== undefined) ? lists.flat() : undefined;
      }
    }
    const after = afterSubject(bare, subject);
    if (after === undefined) return undefined;
    if (texts(after) === 'IS NULL') return [];
    if (after[0]?.text !== '=') return undefined;
    if (after[1]?.text === 'ANY') {
      const array = after.slice(2);
      return isConstantArray(array) ? [sliceOf(array)] : undefined;
    }
    const constant = after.slice(1);
    return isConstant(constant) ? [`array[${sliceOf(constant)}]`] : undefined;
  }

  return conjuncts(tokens);
}

/** The tokens behind the column at the beginning, or undefined when something else is there. */
function afterSubject(tokens: readonly SqlToken[], subject: string): readonly SqlToken[] | undefined {
  const operator = tokens.findIndex((token) => isOutermost(token, tokens) && /^(=|IS)$/.test(token.text));
  if (operator === -1) return undefined;
  const column = withoutCast(tokens.slice(0, operator), textCast);
  return column.length === 1 && column[0]?.text === subject && column[0].kind !== 'string'
    ? tokens.slice(operator)
    : undefined;
}

function isConstantArray(tokens: readonly SqlToken[]): boolean {
  const bare = withoutCast(tokens, /^(?:text|character varying(?: \( \d+ \))?) \[ \]$/);
  if (bare.length === 1) return bare[0]?.kind === 'string';
  if (bare[0]?.text !== 'ARRAY' || bare[1]?.text !== '[' || bare.at(-1)?.text !== ']') return false;
  return split(bare.slice(2, -1), ',').every(isConstant);
}

function isConstant(tokens: readonly SqlToken[]): boolean {
  const bare = withoutCast(tokens, /^(?:text|character varying(?: \( \d+ \))?)$/);
  return bare.length === 1 && (bare[0]?.kind === 'string' || bare[0]?.text === 'NULL');
}

/** Casts that lose nothing; one with a length would cut off what is too long. */
const textCast = /^(?:text|character varying)$/;

/** Takes off the parentheses and the casts to `type` around something. */
function withoutCast(tokens: readonly SqlToken[], type: RegExp): readonly SqlToken[] {
  const bare = withoutParentheses(tokens);
  const cast = bare.findLastIndex((token) => token.text === '::' && isOutermost(token, bare));
  if (cast === -1 || !type.test(texts(bare.slice(cast + 1)))) return bare;
  return withoutCast(bare.slice(0, cast), type);
}

function withoutParentheses(tokens: readonly SqlToken[]): readonly SqlToken[] {
  const inside = tokens.slice(1, -1);
  const isWrapped =
    tokens[0]?.text === '(' &&
    tokens.at(-1)?.text === ')' &&
    !inside.some((token) => isOutermost(token, tokens));
  return isWrapped ? withoutParentheses(inside) : tokens;
}

/** Whether a token is in no parentheses that its part of the text opens. */
function isOutermost({ depth }: SqlToken, [first]: readonly SqlToken[]): boolean {
  return depth === first?.depth;
}

/** Splits at a word that is in no parentheses; the whole when there is none. */
function split(tokens: readonly SqlToken[], separator: string): readonly (readonly SqlToken[])[] {
  const parts: SqlToken[][] = [[]];
  for (const token of tokens) {
    if (token.text === separator && token.kind !== 'identifier' && isOutermost(token, tokens)) parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts;
}

function texts(tokens: readonly SqlToken[]): string {
  return tokens.map(({ text }) => text).join(' ');
}
