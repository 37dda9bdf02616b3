import { readFile } from 'node:fs/promises';

export interface CodeBlock {
  /** Of its first line of code in the document, from 1. */
  readonly line: number;
  readonly text: string;
  /** Says `// runs` on its first line. */
  readonly runs: boolean;
}

/**
 * The `ts` blocks of a Markdown file. One that says `// continues` on its first line belongs to the one before it. The
 * text begins with as many empty lines as the document has before the code: the compiler then names the document's own
 * lines.
 */
export async function readCodeBlocks(path: string): Promise<CodeBlock[]> {
  const blocks: { line: number; code: string[]; runs: boolean }[] = [];
  let fence: { readonly indent: string; readonly language: string; readonly line: number } | undefined;
  let code: string[] = [];
  for (const [index, line] of (await readFile(path, 'utf8')).split('\n').entries()) {
    const match = /^(\s*)```(\w*)\s*$/.exec(line);
    if (fence === undefined) {
      if (match === null) continue;
      fence = { indent: match[1] ?? '', language: match[2] ?? '', line: index + 2 };
      code = [];
    } else if (match === null) {
      code.push(line.slice(fence.indent.length));
    } else {
      if (fence.language === 'ts') addBlock(fence.line, code);
      fence = undefined;
    }
  }
  return blocks.map((block) => ({
    line: block.line,
    text: `${block.code.join('\n')}\nexport {};\n`,
    runs: block.runs,
  }));

  function addBlock(line: number, lines: readonly string[]): void {
    const first = lines[0] ?? '';
    const previous = blocks.at(-1);
    if (first.startsWith('// continues') && previous !== undefined) {
      previous.code.push(...emptyLines(line - 1 - previous.code.length), ...lines);
    } else {
      blocks.push({ line, code: [...emptyLines(line - 1), ...lines], runs: first.startsWith('// runs') });
    }
  }
}

function emptyLines(count: number): string[] {
  return Array.from({ length: count }, () => '');
}
