import { createHash } from 'node:crypto';

/** What a Content-Security-Policy names a script or style of the page by. */
export function contentHash(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
