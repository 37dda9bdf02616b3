import { setFlagsFromString } from 'node:v8';

/**
 * Keeps the part of the heap for new objects as small as it is, for the rest of the process: V8 would let it grow to
 * 48 MB for garbage that it has no need to collect yet. For a process that does nothing but seed; a library must not
 * decide that for its callers.
 */
export function limitGarbage(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
}
