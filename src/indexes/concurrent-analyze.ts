import type { ClientBase } from 'pg';
import { quoteQualified } from '../database/identifier.js';
import { OperationError } from '../errors.js';

/** What the server sends beside an answer; pg's own type leaves the code optional. */
interface Notice {
  readonly code?: string | undefined;
  readonly message?: string | undefined;
}

/**
 * Analyzes one table or partition. A warning is a failure: to a role that may not, the server warns, skips the table and
 * says ANALYZE.
 *
 * @throws OperationError INDEX_ANALYZE_REFUSED; what the server throws
 */
export async function analyzeTable(
  client: ClientBase,
  { schema, name }: { readonly schema: string; readonly name: string },
): Promise<void> {
  const warnings: string[] = [];
  const listen = ({ code, message }: Notice): void => {
    // Class 01 is a warning in any language of the server.
    if (code?.startsWith('01') === true) warnings.push(message ?? code);
  };
  client.on('notice', listen);
  try {
    await client.query(`analyze ${quoteQualified(schema, name)}`);
  } finally {
    client.off('notice', listen);
  }
  if (warnings.length === 0) return;
  throw new OperationError('INDEX_ANALYZE_REFUSED', `${schema}.${name} was not analyzed`, {
    detail: warnings.join('\n'),
    hint: 'Use a role that owns the table, or on PostgreSQL 17 and later grant it MAINTAIN.',
  });
}
