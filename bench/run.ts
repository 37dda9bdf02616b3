/**
 * `npm run bench [-- NAME …] [-- --rounds N]`: each benchmark measures us and our peers in the same run and prints
 * ratios. Without a name, all of them.
 */
const benches: Readonly<
  Record<string, { rounds: number; load: () => Promise<{ run: (rounds: number) => Promise<void> }> }>
> = {
  migrate: { rounds: 15, load: () => import('./migrate.js') },
  blocked: { rounds: 3, load: () => import('./blocked.js') },
  import: { rounds: 20, load: () => import('./import.js') },
  queries: { rounds: 5, load: () => import('./queries.js') },
};

const args = process.argv.slice(2);
const roundsAt = args.indexOf('--rounds');
const rounds = roundsAt < 0 ? undefined : Number(args[roundsAt + 1]);
const named = roundsAt < 0 ? args : args.toSpliced(roundsAt, 2);
for (const name of named.length > 0 ? named : Object.keys(benches)) {
  const bench = benches[name];
  if (bench === undefined)
    throw new Error(`there is no benchmark ${name}; there are ${Object.keys(benches).join(', ')}`);
  console.log(`\n== ${name}`);
  const { run } = await bench.load();
  await run(rounds ?? bench.rounds);
}
export {};
