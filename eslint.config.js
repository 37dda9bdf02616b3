import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/** Packages that only one folder may import: the walls of docs/architecture.md. */
const packageWalls = [
  { name: 'commander', home: 'src/cli' },
  { name: 'cli-table3', home: 'src/cli' },
  { name: 'node-pg-migrate', home: 'src/migrate' },
  { name: 'libpg-query', home: 'src/migrate' },
  { name: 'kysely-codegen', home: 'src/codegen' },
  { name: 'typescript', home: 'src/codegen' },
  { name: '@faker-js/faker', home: 'scripts' },
  { name: 'hyparquet', home: 'src/archive' },
  { name: 'hyparquet-writer', home: 'src/archive' },
  // Services hand in their own client.
  { name: 'ioredis', home: 'nowhere' },
];

const features = [
  'migrate',
  'catalog',
  'codegen',
  'cache',
  'queries',
  'dev',
  'demo',
  'partitioning',
  'partitions',
  'archive',
  'maintain',
  'activity',
  'seed',
  'expiry',
  'indexes',
  'doctor',
  'reports',
  'explain',
  'erd',
];
/** What several features stand on. */
const shared = ['catalog', 'partitioning'];
/** Features that run others. */
const composed = ['demo', 'maintain', 'doctor', 'reports', 'explain'];

const walls = (folder, { packages = packageWalls, patterns = [] } = {}) => ({
  files: [`${folder}/**/*.ts`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        paths: packages
          .filter((wall) => !`${folder}/`.startsWith(`${wall.home}/`))
          .map((wall) => ({ name: wall.name, message: `Only ${wall.home}/ imports ${wall.name}.` })),
        patterns,
      },
    ],
  },
});

const noCli = { group: ['**/cli/**'], message: 'Nothing imports the CLI.' };
const noOtherFeature = (self) => ({
  group: features.filter((name) => name !== self && !shared.includes(name)).map((name) => `../${name}/**`),
  message: 'Features do not import each other; move the shared need down to src/database.',
});

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', '.studymate/', 'test/consumer/'] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['eslint.config.js', 'bin/*.js', 'scripts/*.js'] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
    },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/cli/**', 'src/config.ts'],
    rules: {
      'no-console': 'error',
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Only src/config.ts reads the environment.' },
        { object: 'process', property: 'exit', message: 'Only the CLI exits.' },
      ],
    },
  },
  walls('src', { patterns: [noCli] }),
  walls('src/database', {
    patterns: [
      noCli,
      {
        regex: '^\\.\\./(?!errors\\.js$|\\.\\./generated/)',
        message: 'database/ imports errors.js, the generated types and itself only.',
      },
    ],
  }),
  ...features
    .filter((name) => !composed.includes(name))
    .map((name) => walls(`src/${name}`, { patterns: [noCli, noOtherFeature(name)] })),
  walls('src/cli'),
  {
    files: ['**/*.js'],
    ...tseslint.configs.disableTypeChecked,
    languageOptions: {
      ...tseslint.configs.disableTypeChecked.languageOptions,
      globals: { process: 'readonly', console: 'readonly' },
    },
  },
);
