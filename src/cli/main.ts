import { packageVersion } from '../package-root.js';

// A reader that closes early (head, less) is no failure of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

const argv = process.argv.slice(2);
if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) {
  // Answered before anything is loaded: scripts ask often.
  process.stdout.write(`${packageVersion()}\n`);
} else {
  const { run } = await import('./program.js');
  process.exitCode = await run(argv);
}
