/** Where the migrations keep their own books. They are not part of the schema that the migrations make. */
export const ledgerSchema = 'studymate';
export const ledgerTables: ReadonlySet<string> = new Set([
  'studymate.migrations',
  'studymate.migration_runs',
]);
