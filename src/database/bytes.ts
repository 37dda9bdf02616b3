const units = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** `512 B`, `8.0 kB`, `1.4 GB`: for people, in steps of 1,024 as PostgreSQL counts. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit] ?? ''}`;
}
