import { OperationError } from '../errors.js';

/** Another session dropped something that the snapshot still shows, so that the rest of it cannot be read. */
export function catalogChanged(cause?: unknown): OperationError {
  return new OperationError('DATABASE_ERROR', 'the catalog changed while it was read', {
    detail: 'Something that is in it was dropped at the same time.',
    hint: 'Run it again when no other session changes the schema.',
    cause,
  });
}
