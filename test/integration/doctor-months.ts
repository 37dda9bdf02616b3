/** When the oldest live month is due for archiving: a day after it is, and so long after that somebody has failed. */
export function archiveMonths(now: Date): {
  readonly soon: Date;
  readonly late: Date;
  readonly month: string;
} {
  const next = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1);
  const oldest = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 6, 1));
  return {
    soon: new Date(next + 86_400_000),
    late: new Date(next + 3 * 86_400_000),
    month: `y${oldest.getUTCFullYear()}m${String(oldest.getUTCMonth() + 1).padStart(2, '0')}`,
  };
}
