/** `npm run generate`: writes what is derived from the migrations and the code. CI runs it and compares. */
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeSchemaFile } from '../src/catalog/write-schema-file.js';
import { createProgram } from '../src/cli/program.js';
import { generateTypes } from '../src/codegen/generate-types.js';
import { writeErd } from '../src/erd/write-erd.js';
import { startServer } from '../src/dev/start-server.js';
import { stopServer } from '../src/dev/stop-server.js';
import { migrateUp } from '../src/migrate/migrate.js';
import { packageRoot } from '../src/package-root.js';
import { reports } from '../src/reports/registry.js';
import type { AnyReport } from '../src/reports/report.js';
import { commandReference } from './command-reference.js';
import { reportReference } from './report-reference.js';

const directory = await mkdtemp(join(tmpdir(), 'studymate-generate-'));
await chmod(directory, 0o755);
try {
  const { connectionString } = await startServer({ directory, settings: { fsync: 'off' } });
  await migrateUp({ connection: connectionString });
  await writeSchemaFile({
    connection: connectionString,
    file: join(packageRoot(), 'generated', 'schema.sql'),
  });
  await generateTypes({ connection: connectionString, file: join(packageRoot(), 'generated', 'db.ts') });
  await writeErd({ connection: connectionString, file: join(packageRoot(), 'docs', 'schema.md') });
} finally {
  await stopServer({ directory });
  await rm(directory, { recursive: true, force: true });
}
await writeFile(join(packageRoot(), 'docs', 'cli.md'), commandReference(createProgram(() => undefined)));
const reportsFile = join(packageRoot(), 'docs', 'reports.md');
await writeFile(
  reportsFile,
  reportReference(Object.values<AnyReport>(reports), await readFile(reportsFile, 'utf8')),
);
