import type { RolloverStep } from './plan-rollover.js';

/** The locks that a step takes and others wait for, and for how long: for `partition plan`. */
export function stepLocks({ action, reason }: RolloverStep): string {
  switch (action) {
    case 'create':
      return reason === 'premake'
        ? 'default partition ACCESS EXCLUSIVE, referenced tables SHARE ROW EXCLUSIVE: milliseconds'
        : 'default partition ACCESS EXCLUSIVE, table and referenced tables SHARE ROW EXCLUSIVE: milliseconds';
    case 'drain':
      return 'table, default partition ACCESS EXCLUSIVE, referenced tables SHARE ROW EXCLUSIVE: while a batch moves';
    case 'extend':
      return 'table, default partition, referenced tables ACCESS EXCLUSIVE: while a batch moves';
    case 'adopt':
      return 'table, default partition, referenced tables ACCESS EXCLUSIVE: one scan of the default partition';
    case 'archive':
      return 'the rows of a batch';
  }
}
