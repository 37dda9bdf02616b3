import type { CatalogDifference } from './diff-catalogs.js';

/** The differences as text for people: a few lines each, an empty string for none. */
export function formatDifferences(differences: readonly CatalogDifference[]): string {
  return differences.map(formatDifference).join('\n');
}

function formatDifference({ object, change, property, expected, actual }: CatalogDifference): string {
  const title = property === null ? `${change}: ${object}` : `${change}: ${property} of ${object}`;
  if (change !== 'different') return [title, ...excerpt(expected ?? actual)].join('\n');
  const [before, after, line] = firstDifference(expected, actual);
  const where = line === null ? '' : ` (line ${line})`;
  return [title, `  expected${where}: ${before}`, `  actual${where}: ${after}`].join('\n');
}

/** Long texts are shown by their beginning. */
function excerpt(text: string | undefined): readonly string[] {
  if (text === undefined) return [];
  const lines = text.split('\n');
  const shown = lines.slice(0, 3).map((line) => `  ${line}`);
  return lines.length > 3 ? [...shown, `  … ${lines.length - 3} more lines`] : shown;
}

/** Of texts of several lines, the first line that is not the same, and its number. */
function firstDifference(
  expected: string | undefined,
  actual: string | undefined,
): readonly [before: string, after: string, line: number | null] {
  if (expected === undefined || actual === undefined) return [expected ?? 'none', actual ?? 'none', null];
  const [before, after] = [expected.split('\n'), actual.split('\n')];
  if (before.length === 1 && after.length === 1) return [expected, actual, null];
  const index = Array.from({ length: Math.max(before.length, after.length) }).findIndex(
    (_, at) => before[at] !== after[at],
  );
  return [before[index] ?? '(ends here)', after[index] ?? '(ends here)', index + 1];
}
