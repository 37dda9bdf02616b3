import { monthSuffix } from './month.js';

/** What the partition of a month is called: `chat_messages_y2025m01`. Bounds are never read from it. */
export function partitionName(table: string, month: Date): string {
  return `${table}_${monthSuffix(month)}`;
}
