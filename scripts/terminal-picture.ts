const CELL = 7.25;
const LINE = 17;
const PADDING = 14;

/** An SVG of a terminal that ran `command` and printed `output`; follows the reader's light or dark mode. */
export function terminalPicture(command: string, output: string): string {
  const lines = [`$ ${command}`, '', ...output.trimEnd().split('\n')];
  const columns = Math.max(...lines.map(cellsOf));
  const width = Math.ceil(columns * CELL + 2 * PADDING);
  const height = lines.length * LINE + 2 * PADDING;
  const texts = lines.map((line, row) => {
    const y = PADDING + row * LINE + 13;
    const kind = row === 0 ? ' class="prompt"' : row === 2 ? ' class="head"' : '';
    return runsOf(line)
      .map(
        ({ text, column, cells }) =>
          `<text${kind} x="${number(PADDING + column * CELL)}" y="${y}" textLength="${number(cells * CELL)}" lengthAdjust="spacingAndGlyphs">${escaped(text)}</text>`,
      )
      .join('');
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escaped(command)}">
<style>
rect { fill: #ffffff; stroke: #d0d7de }
text { fill: #1f2328; font: 12px ui-monospace, 'SF Mono', Menlo, Consolas, 'D2Coding', 'Noto Sans Mono CJK KR', monospace; white-space: pre }
.prompt { fill: #0969da } .head { font-weight: bold }
@media (prefers-color-scheme: dark) { rect { fill: #0d1117; stroke: #30363d } text { fill: #e6edf3 } .prompt { fill: #58a6ff } }
</style>
<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="6"/>
${texts.filter((text) => text !== '').join('\n')}
</svg>
`;
}

interface Run {
  readonly text: string;
  readonly column: number;
  readonly cells: number;
}

/** Words with their column: whatever font the reader has, columns stay below each other. */
function runsOf(line: string): readonly Run[] {
  return [...line.matchAll(/\S+(?: \S+)*/g)].map(({ 0: text, index }) => ({
    text,
    column: cellsOf(line.slice(0, index)),
    cells: cellsOf(text),
  }));
}

const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]/g;

/** Cells of a terminal: Hangul, kana, Chinese and full-width forms take two. */
function cellsOf(text: string): number {
  return text.length + (text.match(WIDE)?.length ?? 0);
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

function number(value: number): string {
  return String(Math.round(value * 100) / 100);
}
