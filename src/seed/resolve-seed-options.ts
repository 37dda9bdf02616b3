import {
  seedLocales,
  seedProfileNames,
  type ResolvedSeedOptions,
  type SeedLocale,
  type SeedOptions,
  type SeedProfile,
} from '../../seeds/seed-plan.js';
import { UsageError } from '../errors.js';

/** Inclusive. Row numbers are 32-bit in the generators; a month is a partition. */
export const SEED_LIMITS = {
  users: [2, 50_000_000],
  messages: [0, 1_000_000_000],
  months: [1, 120],
  seed: [0, 0xffff_ffff],
} as const;

const FIRST_YEAR = 2011;
const LAST_YEAR = 2099;

/** Default of `referenceDate`. */
const REFERENCE_DATE = new Date(Date.UTC(2026, 0, 1));

/**
 * Decides every number of a world.
 *
 * @param sizes of the profiles
 * @throws UsageError USAGE_INVALID_OPTION naming the option, before anything is connected
 */
export function resolveSeedOptions(
  options: SeedOptions,
  sizes: Readonly<Record<SeedProfile, { users: number; messages: number; months: number }>>,
): ResolvedSeedOptions {
  const { profile, referenceDate = REFERENCE_DATE, locales = seedLocales } = options;
  if (!(seedProfileNames as readonly string[]).includes(profile)) {
    throw invalid(
      'profile',
      `«${profile}» is no profile`,
      `The profiles are ${seedProfileNames.join(', ')}.`,
    );
  }
  const numbers = { ...sizes[profile], seed: 42 };
  return {
    profile,
    users: wholeNumber('users', options.users ?? numbers.users),
    messages: wholeNumber('messages', options.messages ?? numbers.messages),
    months: wholeNumber('months', options.months ?? numbers.months),
    seed: wholeNumber('seed', options.seed ?? numbers.seed),
    referenceDate: checkedDate(referenceDate),
    locales: checkedLocales(locales),
  };
}

function wholeNumber(option: keyof typeof SEED_LIMITS, value: number): number {
  const [least, most] = SEED_LIMITS[option];
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  const range = `${least.toLocaleString('en-US')} to ${most.toLocaleString('en-US')}`;
  throw invalid(option, `${value} is out of range`, `Give a whole number from ${range}.`);
}

/** Midnight in UTC: a world begins and ends with a day. */
function checkedDate(value: Date): Date {
  const time = value.getTime();
  const year = value.getUTCFullYear();
  if (!Number.isNaN(time) && time % 86_400_000 === 0 && year >= FIRST_YEAR && year <= LAST_YEAR) return value;
  const shown = Number.isNaN(time) ? 'an invalid date' : value.toISOString();
  throw invalid(
    'reference-date',
    `${shown} cannot be the world’s today`,
    `Give a day in UTC from ${FIRST_YEAR}-01-01 to ${LAST_YEAR}-12-31, as in 2026-01-01.`,
  );
}

/** In the order of the list of all: «en,ko» is the same world as «ko,en». */
function checkedLocales(values: readonly SeedLocale[]): readonly SeedLocale[] {
  const unknown = values.find((value) => !(seedLocales as readonly string[]).includes(value));
  const hint = `The locales are ${seedLocales.join(', ')}.`;
  if (unknown !== undefined) throw invalid('locale', `«${unknown}» is no locale`, hint);
  if (values.length === 0) throw invalid('locale', 'there is none', hint);
  return seedLocales.filter((locale) => values.includes(locale));
}

function invalid(option: string, problem: string, hint: string): UsageError {
  return new UsageError('USAGE_INVALID_OPTION', `--${option}: ${problem}`, { hint });
}
