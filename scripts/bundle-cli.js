/**
 * Puts the CLI into a few files: node then opens a dozen files instead of four hundred, and a migrate run is a
 * tenth of a second shorter (docs/adr/0003). The library in dist/src stays as tsc wrote it.
 */
import { build } from 'esbuild';

await build({
  entryPoints: ['dist/src/cli/main.js'],
  outdir: 'dist/cli',
  bundle: true,
  splitting: true, // what a command does not need is not read
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  // WebAssembly beside its loader; optional parts of pg that we do not use.
  external: ['libpg-query', 'pg-native', 'cloudflare:sockets'],
  banner: {
    js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
  },
});
