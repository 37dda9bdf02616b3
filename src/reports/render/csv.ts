/**
 * A cell of CSV for text that people wrote: a spreadsheet runs what begins like a formula, also in full-width letters,
 * so that such text gets an apostrophe before it. Plain numbers stay as they are.
 */
export function csvCell(text: string): string {
  const runs = /^[=+\-@\t\r\n＝＋－＠]/.test(text) && !/^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(text);
  return quoteCell(runs ? `'${text}` : text);
}

/** By RFC 4180. */
export function quoteCell(text: string): string {
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
