import { fileURLToPath } from 'node:url';
import { find, interleave, printTimings, type Contender } from './support/measure.js';

/** The whole process that imports `studymate-db` and ends, beside the one that imports what it is made of. */
export async function run(rounds: number): Promise<void> {
  const importing = (name: string, ...modules: readonly string[]): Contender => ({
    name,
    command: process.execPath,
    args: [
      '--input-type=module',
      '-e',
      modules.map((module) => `await import(${JSON.stringify(module)});`).join(''),
    ],
  });
  const ours = new URL('../src/index.js', import.meta.url).href;
  const database = new URL('../src/database/create-database.js', import.meta.url).href;
  const timings = await interleave(
    [
      importing('nothing'),
      importing('pg + kysely', import.meta.resolve('pg'), import.meta.resolve('kysely')),
      importing('studymate-db', ours),
      importing('studymate-db, the database alone', database),
    ],
    rounds,
  );
  console.log(`importing ${fileURLToPath(ours)}`);
  printTimings('import, then end', timings, find(timings, 'pg + kysely'));
  console.log('to hold: studymate-db at most 1.5');
}
