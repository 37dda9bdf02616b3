/** Where something stands in a text, 1-based, columns in characters as an editor counts them. */
export interface SourcePosition {
  readonly line: number;
  readonly column: number;
}

export function positionAt(text: string, index: number): SourcePosition {
  const before = text.slice(0, index);
  const lineStart = before.lastIndexOf('\n') + 1;
  const line = before.length - before.replaceAll('\n', '').length + 1;
  return { line, column: Array.from(before.slice(lineStart)).length + 1 };
}

/**
 * Index of the `count`-th character. PostgreSQL counts characters (code points), JavaScript UTF-16 units: they
 * differ after an emoji.
 */
export function indexOfCharacter(text: string, count: number): number {
  let index = 0;
  for (let seen = 0; seen < count && index < text.length; seen++) {
    index += (text.codePointAt(index) ?? 0) > 0xffff ? 2 : 1;
  }
  return index;
}

/** The line at `position` with a caret below it, as wide as a terminal shows Hangul (two cells a character). */
export function caret(text: string, position: SourcePosition): string {
  const line = (text.split('\n')[position.line - 1] ?? '').replaceAll('\t', ' ');
  const number = String(position.line);
  const before = Array.from(line).slice(0, position.column - 1);
  const cells = before.reduce((sum, character) => sum + (isWide(character) ? 2 : 1), 0);
  return `${number} | ${line}\n${' '.repeat(number.length)} | ${' '.repeat(cells)}^`;
}

function isWide(character: string): boolean {
  return /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]|[\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u.test(
    character,
  );
}
