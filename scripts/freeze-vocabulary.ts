/** Draws the seed's names from faker anew. Only for a wish to have others: every seeded world becomes another one. */
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { packageRoot } from '../src/package-root.js';
import { drawnNamesFile } from './drawn-names.js';

const manifest = createRequire(import.meta.url).resolve('@faker-js/faker/package.json');
const { version } = JSON.parse(await readFile(manifest, 'utf8')) as { version: string };
const file = join(packageRoot(), 'seeds', 'vocabulary', 'people', 'drawn-names.ts');
await writeFile(file, drawnNamesFile(version));
