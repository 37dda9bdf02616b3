/**
 * What the well-known queries said of the same shapes and wear, in per cent, in the order of the shapes: measured once
 * on PostgreSQL 15 with a million rows, by the queries of ioguix/pgsql-bloat-estimation, mfvanek/pg-index-health-sql
 * and ankane/pghero as they were published in 2025. The «extras» family (heroku-pg-extras and its ports) prints a
 * factor and is left out: it said 0.2 to 2.3 times where the truth was 42 to 80 per cent.
 */
// Twenty rows a user, as in the bench.
const measured = {
  'random 60 % deleted': {
    true: [60, 60, 55, 60, 60, 60, 60, 60, 60, 60, 55, 42, 60, 60],
    'pg-index-health': [60, 60, 0, 0, 0, 60, 51, 13, 60, 60, 0, 22, 60, 60],
    ioguix: [60, 60, -25, -28, -29, 60, 51, -23, 60, 60, -26, 22, 60, 60],
    PgHero: [64, 64, 0, 0, 0, 64, undefined, 38, 64, 64, 12, 30, 64, 64],
  },
  'half updated three times': {
    true: [50, 50, 50, 54, 42, 50, 50, 43, 50, 50, 50, 49, 50, 50],
    'pg-index-health': [50, 50, 0, 0, 0, 50, 39, 0, 50, 51, 0, 4, 51, 50],
    ioguix: [50, 50, -57, -48, -88, 50, 39, -76, 50, 51, -59, 4, 51, 50],
    PgHero: [55, 55, 0, 0, 0, 56, undefined, 11, 55, 56, 0, 14, 56, 55],
  },
  'queue, oldest 80 % deleted': {
    true: [80, 80, 74, 80, 80, 80, 80, 80, 80, 80, 74, 65, 80, 80],
    'pg-index-health': [80, 80, 37, 36, 35, 80, 76, 56, 80, 80, 37, 61, 80, 80],
    ioguix: [80, 80, 37, 36, 35, 80, 76, 38, 80, 80, 37, 61, 80, 80],
    PgHero: [82, 82, 44, 43, 42, 82, undefined, 69, 82, 82, 56, 65, 82, 82],
  },
} as const;

export type Pattern = keyof typeof measured;

type Query = 'ioguix' | 'pg-index-health' | 'PgHero';

export interface PublishedQuery {
  readonly name: Query;
  /** In points; undefined for a pattern they were not measured on. */
  readonly errorOf: (pattern: string) => { readonly max: number; readonly mean: number } | undefined;
}

export const PUBLISHED: readonly PublishedQuery[] = (['ioguix', 'pg-index-health', 'PgHero'] as const).map(
  (name) => ({
    name,
    errorOf: (pattern) => {
      if (!isPattern(pattern)) return undefined;
      const { true: truth, [name]: said } = measured[pattern];
      const errors = said.flatMap((value, at) =>
        value === undefined ? [] : [Math.abs(value - (truth[at] ?? Number.NaN))],
      );
      return {
        max: Math.max(...errors),
        mean: errors.reduce((sum, error) => sum + error, 0) / errors.length,
      };
    },
  }),
);

function isPattern(pattern: string): pattern is Pattern {
  return pattern in measured;
}
