import type { Text } from './text.js';

/** What a value may be taken from when it is not given: the present, and the parameters named before it. */
export interface DefaultContext {
  readonly now: Date;
  readonly known: Readonly<Record<string, unknown>>;
}

export interface Parameter<T> {
  readonly label: Text;
  /** What a value looks like: `a day, as in 2026-01-31`. */
  readonly form: string;
  /** In words, for the documents: `28 days before to`. */
  readonly defaultText: string;
  /** Undefined: not a value of this form. */
  readonly parse: (text: string) => T | undefined;
  readonly default: (context: DefaultContext) => T;
}

export type ParameterSet = Readonly<Record<string, Parameter<unknown>>>;

/** What the SQL is given. */
export type ValuesOf<Set extends ParameterSet> = {
  readonly [Name in keyof Set]: Set[Name] extends Parameter<infer T> ? T : never;
};

/** What a caller gives: any of them. */
export type GivenValues<Set extends ParameterSet> = {
  readonly [Name in keyof Set]?: ValuesOf<Set>[Name] | undefined;
};

export const PLATFORM_TIME_ZONE = 'Asia/Seoul';
const DAY_MS = 86_400_000;

/** The day it is at an instant somewhere, as `YYYY-MM-DD`. */
export function dayIn(timeZone: string, instant: Date): string {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  });
  return parts.format(instant);
}

export function addDays(day: string, count: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + count * DAY_MS).toISOString().slice(0, 10);
}

export function daysBetween(from: string, to: string): number {
  return (Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS;
}

function parseDay(text: string): string | undefined {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return undefined;
  const instant = new Date(`${text}T00:00:00Z`);
  // 31 February would be rolled over.
  return !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(text) ? text : undefined;
}

function parseTimeZone(text: string): string | undefined {
  try {
    // Offsets such as +09:00 mean the opposite to PostgreSQL; names mean the same.
    return /^[A-Za-z]/.test(text)
      ? new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone
      : undefined;
  } catch {
    return undefined;
  }
}

const timeZone: Parameter<string> = {
  label: { en: 'time zone', ko: '시간대' },
  form: 'a time zone, as in Asia/Seoul',
  defaultText: PLATFORM_TIME_ZONE,
  parse: parseTimeZone,
  default: () => PLATFORM_TIME_ZONE,
};

/**
 * A window of whole days: `from` inclusive, `to` exclusive, both in `timeZone`. By default it ends with yesterday, as
 * today is not over, and is `days` long.
 */
export function windowParameters(days: number) {
  return {
    timeZone,
    to: {
      label: { en: 'until', ko: '종료일 (제외)' },
      form: 'a day, as in 2026-01-31; it is not part of the window',
      defaultText: 'today',
      parse: parseDay,
      default: ({ now, known }) => dayIn(String(known['timeZone']), now),
    } satisfies Parameter<string>,
    from: {
      label: { en: 'from', ko: '시작일' },
      form: 'a day, as in 2026-01-31; the first of the window',
      defaultText: `${days} days before \`to\``,
      parse: parseDay,
      default: ({ known }) => addDays(String(known['to']), -days),
    } satisfies Parameter<string>,
  };
}

/** A whole number from `least` to `most`. */
export function wholeNumber(
  label: Text,
  {
    least = 0,
    most,
    standard,
  }: { readonly least?: number; readonly most: number; readonly standard: number },
): Parameter<number> {
  return {
    label,
    form: `a whole number from ${least} to ${most}`,
    defaultText: String(standard),
    parse: (text) => {
      const value = Number(text);
      return /^\d+$/.test(text) && value >= least && value <= most ? value : undefined;
    },
    default: () => standard,
  };
}

export function oneOf<const Choice extends string>(
  label: Text,
  choices: readonly Choice[],
  standard: NoInfer<Choice>,
): Parameter<Choice> {
  return {
    label,
    form: `one of ${choices.join(', ')}`,
    defaultText: standard,
    parse: (text) => choices.find((choice) => choice === text),
    default: () => standard,
  };
}

/** An id or a code that narrows the report down; null, the default, is for all. */
export function optionalText(label: Text, form: string, pattern: RegExp): Parameter<string | null> {
  return {
    label,
    form,
    defaultText: 'all',
    parse: (value) => (pattern.test(value) ? value : undefined),
    default: () => null,
  };
}
