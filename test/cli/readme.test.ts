import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../src/package-root.js';
import { readCodeBlocks, type CodeBlock } from '../support/code-blocks.js';
import { installConsumer, packPackage, type CommandResult, type Consumer } from '../support/consumer.js';
import { createDatabase } from '../support/database.js';
import { makeTemporaryFolder } from '../support/server.js';

const documents = ['README.md', 'docs/library.md', 'docs/partitions.md', 'docs/reports.md'];

/** `docs/library.md` → `docs-library-line-`. */
function nameStart(document: string): string {
  return `${document.replace('/', '-').replace(/\.md$/, '')}-line-`;
}

describe('the examples of the documents, in a service that has installed the package', () => {
  let consumer: Consumer;
  let compiled: CommandResult;
  const blocks = new Map<string, CodeBlock[]>();

  beforeAll(async () => {
    const folder = await makeTemporaryFolder();
    try {
      const tarball = await packPackage(folder);
      consumer = await installConsumer(tarball, ['kysely@0.28', 'ioredis@6']);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
    for (const document of documents) {
      const found = await readCodeBlocks(join(packageRoot(), document));
      blocks.set(document, found);
      for (const block of found) {
        await writeFile(join(consumer.folder, 'src', `${nameStart(document)}${block.line}.ts`), block.text);
      }
    }
    await writeFile(
      join(consumer.folder, 'tsconfig.examples.json'),
      JSON.stringify({
        extends: './tsconfig.json',
        compilerOptions: { skipLibCheck: true },
        include: ['src/*-line-*.ts'],
      }),
    );
    compiled = await consumer.compile('tsconfig.examples.json');
  });
  afterAll(() => consumer.dispose());

  it.each(documents)('%s: every one compiles', (document) => {
    expect(blocks.get(document)).not.toEqual([]);
    const others = documents.filter((other) => other !== document).map((other) => `src/${nameStart(other)}`);
    const errors = compiled.output.split('\n').filter((line) => line.includes('error TS'));
    expect(errors.filter((line) => !others.some((other) => line.startsWith(other)))).toEqual([]);
  });

  it.each(documents)('%s: those that say so run on a migrated database', async (document) => {
    const running = blocks.get(document)?.filter(({ runs }) => runs) ?? [];
    expect(running).not.toEqual([]);
    for (const block of running) {
      const database = await createDatabase();
      try {
        const { code, output } = await consumer.node([`dist/${nameStart(document)}${block.line}.js`], {
          DATABASE_URL: database.url,
        });
        expect(code, `${document}, line ${block.line}:\n${output}`).toBe(0);
      } finally {
        await database.drop();
      }
    }
  });
});
