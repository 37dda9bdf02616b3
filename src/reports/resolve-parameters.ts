import { UsageError } from '../errors.js';
import { daysBetween, type Parameter, type ParameterSet } from './parameters.js';

/** Days of the longest window: beyond that a window is a slip of the keyboard. */
const LONGEST_WINDOW = 3_660;

/**
 * Values for all parameters of a report: those given, checked, and the defaults of the others.
 *
 * @param given values, or texts as they are typed; undefined counts as not given
 * @throws UsageError REPORT_PARAMETER_INVALID
 */
export function resolveParameters(
  report: { readonly name: string; readonly parameters: ParameterSet },
  given: Readonly<Record<string, unknown>>,
  now: Date,
): Readonly<Record<string, unknown>> {
  const names = Object.keys(report.parameters);
  const stranger = Object.keys(given).find((name) => given[name] !== undefined && !names.includes(name));
  if (stranger !== undefined) {
    throw new UsageError('REPORT_PARAMETER_INVALID', `${report.name} has no parameter ${stranger}`, {
      hint: names.length === 0 ? 'It takes none.' : `It takes ${names.join(', ')}.`,
    });
  }
  const known: Record<string, unknown> = {};
  for (const [name, parameter] of Object.entries(report.parameters)) {
    const value = given[name];
    known[name] =
      value === undefined ? parameter.default({ now, known }) : parse(report.name, name, parameter, value);
  }
  assertWindow(report.name, known);
  return known;
}

function parse(report: string, name: string, parameter: Parameter<unknown>, value: unknown): unknown {
  // Null is a value where it is the default: «all».
  if (value === null && parameter.default({ now: new Date(0), known: {} }) === null) return null;
  const text = String(value);
  const parsed = parameter.parse(text);
  if (parsed !== undefined) return parsed;
  throw new UsageError(
    'REPORT_PARAMETER_INVALID',
    `${name} of ${report}: «${text}» is not ${parameter.form}`,
    {
      hint: `Give ${parameter.form}; the default is ${parameter.defaultText}.`,
    },
  );
}

function assertWindow(report: string, { from, to }: Readonly<Record<string, unknown>>): void {
  if (typeof from !== 'string' || typeof to !== 'string') return;
  const days = daysBetween(from, to);
  if (days >= 1 && days <= LONGEST_WINDOW) return;
  throw new UsageError(
    'REPORT_PARAMETER_INVALID',
    days < 1
      ? `the window of ${report} is empty: from ${from} until ${to}`
      : `the window of ${report} is too long: ${days} days`,
    {
      hint:
        days < 1
          ? 'The end is not part of the window: for one day, give it and the day after.'
          : `Give at most ${LONGEST_WINDOW} days.`,
    },
  );
}
