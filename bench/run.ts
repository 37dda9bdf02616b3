/**
 * `npm run bench [-- NAME …] [-- --rounds N] [-- --rows N]`: each benchmark measures us and our peers in the same run
 * and prints ratios. Without a name, all of them. `--rows` is read by those that tell so.
 */
const benches: Readonly<
  Record<string, { rounds: number; load: () => Promise<{ run: (rounds: number) => Promise<void> }> }>
> = {
  migrate: { rounds: 15, load: () => import('./migrate.js') },
  blocked: { rounds: 3, load: () => import('./blocked.js') },
  import: { rounds: 20, load: () => import('./import.js') },
  pool: { rounds: 5, load: () => import('./pool.js') },
  library: { rounds: 10, load: () => import('./library.js') },
  queries: { rounds: 25, load: () => import('./queries.js') },
  'partition-growth': { rounds: 5, load: () => import('./partition-growth.js') },
  rollover: { rounds: 5, load: () => import('./rollover.js') },
  'index-list': { rounds: 5, load: () => import('./index-list.js') },
  bloat: { rounds: 5, load: () => import('./bloat.js') },
  drain: { rounds: 3, load: () => import('./drain.js') },
  archive: { rounds: 1, load: () => import('./archive.js') },
  expiry: { rounds: 3, load: () => import('./expiry.js') },
  reports: { rounds: 3, load: () => import('./reports.js') },
  seed: { rounds: 3, load: () => import('./seed.js') },
};

const args = process.argv.slice(2);
const roundsAt = args.indexOf('--rounds');
const rounds = roundsAt < 0 ? undefined : Number(args[roundsAt + 1]);
const named = args.filter((arg, at) => !arg.startsWith('--') && !args[at - 1]?.startsWith('--'));
for (const name of named.length > 0 ? named : Object.keys(benches)) {
  const bench = benches[name];
  if (bench === undefined)
    throw new Error(`there is no benchmark ${name}; there are ${Object.keys(benches).join(', ')}`);
  console.log(`\n== ${name}`);
  const { run } = await bench.load();
  await run(rounds ?? bench.rounds);
}
export {};
