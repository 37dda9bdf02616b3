/** Characters of a statement that a report shows. */
export const STATEMENT_LENGTH = 200;

/** What the server writes in place of the statement of another role. */
export const HIDDEN_STATEMENT = '<insufficient privilege>';

// In this order: what could begin inside another must come after it. The server cuts statements at
// track_activity_query_size bytes, so that anything may lack its end. A backslash before the quote that ends a plain
// literal escapes it if standard_conforming_strings is off; nobody knows, and the rest goes.
const parts = new RegExp(
  [
    String.raw`(?<comment>--[^\n]*|/\*)`,
    String.raw`(?<literal>\be'(?:[^'\\]|''|\\[\s\S])*(?:'|\\?$)`,
    String.raw`(?:\b[bxn]|\bu&)?'(?:[^'\\]|''|\\(?!'))*(?:'|\\'[\s\S]*|$)`,
    String.raw`\$(?<tag>(?:[\p{L}_][\p{L}\p{N}_]*)?)\$[\s\S]*?(?:\$\k<tag>\$|$)`,
    String.raw`(?<![\p{L}\p{N}_$])(?:\d[\d_]*(?:\.[\d_]*)?|\.\d[\d_]*)(?:e[+-]?\d+|[\p{L}\p{N}_]+)?)`,
    // Names and parameters are kept; they may hold digits.
    String.raw`"(?:[^"]|"")*(?:"|$)|\$\d+|[\p{L}_][\p{L}\p{N}_$]*`,
  ].join('|'),
  'giu',
);

/**
 * A statement with `?` in place of every literal, without comments, on one line and cut: what people wrote and what they
 * are called is not for a report. Names of tables and columns stay.
 */
export function statementText(statement: string): string {
  const shown = hideLiterals(statement).replace(/\s+/g, ' ').trim();
  const characters = Array.from(shown);
  return characters.length <= STATEMENT_LENGTH
    ? shown
    : `${characters.slice(0, STATEMENT_LENGTH - 1).join('')}…`;
}

/** The same of a column of pg_stat_activity: null where nothing is there, or not to be seen. */
export function activityText(statement: string | null): string | null {
  return statement === null || statement === '' || statement === HIDDEN_STATEMENT
    ? null
    : statementText(statement);
}

function hideLiterals(statement: string): string {
  let shown = '';
  let end = 0;
  parts.lastIndex = 0;
  for (let match = parts.exec(statement); match !== null; match = parts.exec(statement)) {
    const { comment, literal } = match.groups ?? {};
    shown += statement.slice(end, match.index);
    if (comment === '/*') parts.lastIndex = commentEnd(statement, match.index);
    if (comment !== undefined) shown += ' ';
    else shown += literal === undefined ? match[0] : '?';
    end = parts.lastIndex;
  }
  return shown + statement.slice(end);
}

/** Comments nest. */
function commentEnd(statement: string, start: number): number {
  let depth = 0;
  for (let index = start; index < statement.length; index++) {
    const pair = statement.slice(index, index + 2);
    if (pair === '/*') depth++;
    else if (pair === '*/') depth--;
    else continue;
    index++;
    if (depth === 0) return index + 1;
  }
  return statement.length;
}
