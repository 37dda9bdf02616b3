const context = 3;

interface Line {
  readonly mark: ' ' | '-' | '+';
  readonly text: string;
  /** How many old and new lines are before it. */
  readonly old: number;
  readonly new: number;
}

/** What changes from one text to the other, line by line, in the format of `diff -u`; empty when they are equal. */
export function unifiedDiff(name: string, oldText: string, newText: string): string {
  if (oldText === newText) return '';
  const lines = allLines(linesOf(oldText), linesOf(newText));
  const hunks: Line[][] = [];
  let shownBefore = false;
  lines.forEach((line, index) => {
    const near = lines.slice(Math.max(index - context, 0), index + context + 1);
    const shown = near.some(({ mark }) => mark !== ' ');
    if (shown && !shownBefore) hunks.push([]);
    if (shown) hunks.at(-1)?.push(line);
    shownBefore = shown;
  });
  return [`--- ${name}`, `+++ ${name} (from the database)`, ...hunks.flatMap(formatHunk), ''].join('\n');
}

function formatHunk(lines: readonly Line[]): readonly string[] {
  const range = (side: 'old' | 'new', own: '-' | '+'): string => {
    const count = lines.filter(({ mark }) => mark === ' ' || mark === own).length;
    // Of no lines at all, the one before is named.
    return `${own}${(lines[0]?.[side] ?? 0) + (count > 0 ? 1 : 0)},${count}`;
  };
  return [`@@ ${range('old', '-')} ${range('new', '+')} @@`, ...lines.map(({ mark, text }) => mark + text)];
}

/** The lines of both texts, each common line once, by a longest common subsequence. */
function allLines(before: readonly string[], after: readonly string[]): readonly Line[] {
  const lines: Line[] = [];
  const at = { old: 0, new: 0 };
  const push = (mark: Line['mark']): void => {
    lines.push({ mark, text: (mark === '+' ? after[at.new] : before[at.old]) ?? '', ...at });
    if (mark !== '+') at.old += 1;
    if (mark !== '-') at.new += 1;
  };
  let tail = 0;
  let head = 0;
  const shorter = Math.min(before.length, after.length);
  while (head < shorter && before[head] === after[head]) head += 1;
  while (tail < shorter - head && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  for (let line = 0; line < head; line += 1) push(' ');
  const kept = commonLengths(
    before.slice(head, before.length - tail),
    after.slice(head, after.length - tail),
  );
  while (at.old < before.length - tail || at.new < after.length - tail) {
    const [i, j] = [at.old - head, at.new - head];
    const oldLeft = at.old < before.length - tail;
    const newLeft = at.new < after.length - tail;
    if (oldLeft && newLeft && before[at.old] === after[at.new]) push(' ');
    else if (oldLeft && (!newLeft || kept(i + 1, j) >= kept(i, j + 1))) push('-');
    else push('+');
  }
  for (let line = 0; line < tail; line += 1) push(' ');
  return lines;
}

/** How many lines are common, in order, to what is left of two texts from a line of each on. */
function commonLengths(
  before: readonly string[],
  after: readonly string[],
): (i: number, j: number) => number {
  const width = after.length + 1;
  const lengths = new Uint32Array((before.length + 1) * width);
  const length = (i: number, j: number): number => lengths[i * width + j] ?? 0;
  for (let i = before.length - 1; i >= 0; i -= 1) {
    for (let j = after.length - 1; j >= 0; j -= 1) {
      lengths[i * width + j] =
        before[i] === after[j] ? length(i + 1, j + 1) + 1 : Math.max(length(i + 1, j), length(i, j + 1));
    }
  }
  return length;
}

function linesOf(text: string): readonly string[] {
  if (text === '') return [];
  const lines = text.split('\n');
  const last = lines.pop() ?? '';
  return last === '' ? lines : [...lines, `${last}\n\\ No newline at end of file`];
}
