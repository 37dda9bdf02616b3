import { OperationError, StudymateError } from '../../errors.js';

/** What the file system may refuse while a copy is written, told with what is left. Other errors come back as they are. */
export function asWriteFailure(error: unknown, path: string): unknown {
  const code = errno(error);
  if (error instanceof StudymateError || code === undefined) return error;
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG') {
    return new OperationError('COLD_DISK_FULL', `there is no room for ${path}`, {
      detail: `${(error as Error).message}\nWhat was written of it was removed again; the database is as it was.`,
      hint: 'Make room, or give another folder with --to, and run it again.',
      cause: error,
    });
  }
  return new OperationError('COLD_FILE_UNWRITABLE', `${path} could not be written`, {
    detail: (error as Error).message,
    hint: 'Check that the folder exists and that this account may write there, and run it again.',
    cause: error,
  });
}

export function asReadFailure(error: unknown, path: string): unknown {
  if (error instanceof StudymateError || errno(error) === undefined) return error;
  return new OperationError('COLD_FILE_UNREADABLE', `${path} could not be read`, {
    detail: (error as Error).message,
    hint: 'Check the folder and the rights of this account.',
    cause: error,
  });
}

export function isMissing(error: unknown): boolean {
  return errno(error) === 'ENOENT' || errno(error) === 'ENOTDIR';
}

/** Of a call to the system; errors of zlib and of node itself have other codes. */
function errno(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('syscall' in error)) return undefined;
  return (error as NodeJS.ErrnoException).code;
}
