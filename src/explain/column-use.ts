/** How a condition, as the server prints it, uses a column. */
export type ColumnUse =
  /** Compared as it is: an index on it, or the bounds of partitions, can serve. */
  | 'compared'
  /** Inside a cast, a function or an expression: neither can. */
  | 'wrapped'
  /** As part of a row comparison, `row(a, b) < row(c, d)`: an index can serve, bounds cannot. */
  | 'in a row'
  | 'absent';

/** The strongest use of the column in the condition. */
export function columnUse(condition: string, column: string): ColumnUse {
  const text = withoutLiterals(condition);
  const name = `(?:"?[\\w]+"?\\.)?"?${escapeRegExp(column)}"?`;
  if (!new RegExp(`(?<![\\w".])${name}(?![\\w"])`).test(text)) return 'absent';
  const operator = '(?:<=|>=|<>|<|>|=)';
  // On the left the server prints «(created_at >= …», on the right «… <= created_at)»; a cast stands in parentheses.
  const left = new RegExp(`\\(${name} (?:${operator}|IS (?:NOT )?(?:NULL|TRUE|FALSE))`);
  const right = new RegExp(`${operator} ${name}\\)`);
  if (left.test(text) || right.test(text)) return 'compared';
  return new RegExp(`ROW\\([^()]*?(?<![\\w".])${name}(?![\\w"])`).test(text) ? 'in a row' : 'wrapped';
}

/** What stands in quotes is data and could look like anything. */
export function withoutLiterals(condition: string): string {
  return condition.replace(/E?'(?:[^']|'')*'/g, "''");
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
