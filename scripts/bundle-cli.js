/**
 * Puts the CLI into a few files, which node finds and reads faster than those of its packages (docs/adr/0003).
 * The library in dist/src stays as tsc wrote it.
 */
import { build } from 'esbuild';

const bridge =
  "import { createRequire as bundleRequire } from 'node:module'; const require = bundleRequire(import.meta.url);";

await build({
  entryPoints: ['dist/src/cli/main.js'],
  outdir: 'dist/cli',
  bundle: true,
  splitting: true, // what a command does not need is not read
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  alias: { jiti: './scripts/unused-engine-parts.js', glob: './scripts/unused-engine-parts.js' },
  // WebAssembly beside its loader; what only one command needs, and is large; optional parts of pg we do not use.
  external: [
    'libpg-query',
    'kysely',
    'kysely-codegen',
    'hyparquet',
    'hyparquet-writer',
    'pg-copy-streams',
    'pg-native',
    'cloudflare:sockets',
  ],
  // CommonJS packages inside call require; under names that no bundled module declares.
  banner: { js: bridge },
});
