import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder of the package that `folder` is in; `folder` itself outside of any. */
export function packageFolder(folder: string): string {
  let candidate = folder;
  while (!existsSync(join(candidate, 'package.json'))) {
    if (dirname(candidate) === candidate) return folder;
    candidate = dirname(candidate);
  }
  return candidate;
}
