import { reportStatements } from './report-statements.js';
import { hotQueries, type NamedStatement } from './statements.js';

/** What `explain NAME` knows. */
export const catalogue: readonly NamedStatement[] = [...hotQueries, ...reportStatements];
