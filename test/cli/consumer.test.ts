import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../src/package-root.js';
import { installConsumer, packPackage, run, type Consumer } from '../support/consumer.js';
import { createDatabase } from '../support/database.js';
import { makeTemporaryFolder } from '../support/server.js';

let folder: string;
let tarball: string;

beforeAll(async () => {
  folder = await makeTemporaryFolder();
  tarball = await packPackage(folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function tool(name: string): string {
  return join(packageRoot(), 'node_modules', '.bin', name);
}

/** Runs the compiled service on a fresh clone of the migrated database. */
async function expectQueryToRun(consumer: Consumer): Promise<void> {
  const database = await createDatabase();
  try {
    const { code, output, stdout } = await consumer.node(['dist/query.js'], { DATABASE_URL: database.url });
    expect(code, output).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      email: 'consumer@example.com',
      birthDate: '1999-12-31',
      pending: 0,
    });
  } finally {
    await database.drop();
  }
}

describe('the packed package', () => {
  it('is well formed in the eyes of publint', async () => {
    const { code, output } = await run(tool('publint'), ['run', tarball, '--strict'], folder);
    expect(code, output).toBe(0);
    expect(output).toContain('All good!');
  });

  it('has types that resolve as its modules do, in the eyes of attw', async () => {
    const { code, output } = await run(
      tool('attw'),
      [tarball, '--profile', 'esm-only', '--format', 'json'],
      folder,
    );
    expect(code, output).toBe(0);
  });
});

describe('a service with kysely 0.28', () => {
  let consumer: Consumer;
  beforeAll(async () => {
    consumer = await installConsumer(tarball, ['kysely@0.28']);
  });
  afterAll(() => consumer.dispose());

  it('compiles as nodenext, ESM and CommonJS, its dependencies’ types checked as well; and its query runs', async () => {
    expect(await consumer.compile()).toMatchObject({ code: 0, output: '' });
    await expectQueryToRun(consumer);
    const required = await consumer.node(['dist/common.cjs']);
    expect(required).toMatchObject({ code: 0, stdout: 'function function\n' });
  });

  it('compiles with the resolution of bundlers', async () => {
    expect(await consumer.compile('tsconfig.bundler.json')).toMatchObject({ code: 0, output: '' });
  });

  it('is refused a misspelt column when it is compiled', async () => {
    const { code, output } = await consumer.compile('tsconfig.misspelt.json');
    expect(code).not.toBe(0);
    expect(output).toMatch(/^src\/misspelt\.ts\(4,\d+\): error TS2769: /);
    expect(output).toContain(`Did you mean '"email"'?`);
    expect(output.match(/error TS/g)).toHaveLength(1);
  });

  it('finds everything that generating types needs among its dependencies', async () => {
    const database = await createDatabase();
    try {
      const { code, output } = await consumer.node([
        join('node_modules', 'studymate-db', 'bin', 'studymate-db.js'),
        ...['codegen', '--out', 'db.ts', '--database-url', database.url],
      ]);
      expect(code, output).toBe(0);
      expect(await readFile(join(consumer.folder, 'db.ts'), 'utf8')).toBe(
        await readFile(join(packageRoot(), 'generated', 'db.ts'), 'utf8'),
      );
    } finally {
      await database.drop();
    }
  });

  it('loads only pg and kysely for importing the package', async () => {
    const { code, output, stdout } = await consumer.node([
      '--import',
      './report-modules.mjs',
      '--input-type=module',
      '--eval',
      `await import('studymate-db');`,
    ]);
    expect(code, output).toBe(0);
    const packages = new Set(
      [...stdout.matchAll(/.*[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/\n]+)/g)].map(([, name]) => name),
    );
    expect(packages).toContain('studymate-db');
    const { dependencies } = JSON.parse(
      await readFile(join(consumer.folder, 'node_modules', 'pg', 'package.json'), 'utf8'),
    ) as { dependencies: Record<string, string> };
    const allowed = ['studymate-db', 'kysely', 'pg', 'pg-connection-string', ...Object.keys(dependencies)];
    const ofPgTypes = /^(pg-int8|postgres-(array|bytea|date|interval)|xtend|split2)$/;
    expect(
      [...packages].filter((name) => !allowed.includes(name ?? '') && !ofPgTypes.test(name ?? '')),
    ).toEqual([]);
  });
});

describe('a service with kysely 0.29', () => {
  let consumer: Consumer;
  beforeAll(async () => {
    consumer = await installConsumer(tarball, ['kysely@0.29']);
  });
  afterAll(() => consumer.dispose());

  it('compiles, and its query runs', async () => {
    const { version } = JSON.parse(
      await readFile(join(consumer.folder, 'node_modules', 'kysely', 'package.json'), 'utf8'),
    ) as { version: string };
    expect(version).toMatch(/^0\.29\./);
    expect(await consumer.compile()).toMatchObject({ code: 0, output: '' });
    await expectQueryToRun(consumer);
  });
});
