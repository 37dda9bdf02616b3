import { readFile } from 'node:fs/promises';
import { UsageError } from '../errors.js';
import { mapJson, type JsonPosition } from './map-json.js';
import { defaultThresholds, thresholdProblem, type Thresholds } from './thresholds.js';

/** What somebody has decided to live with, until a day. */
export interface IgnoreRule {
  /** Name of a check. */
  readonly check: string;
  /** The object of the findings; `*` stands for any text. */
  readonly object: string;
  readonly reason: string;
  /** The last day, in UTC: `2026-12-31`. */
  readonly until: string;
}

export interface Rules {
  readonly ignore: readonly IgnoreRule[];
  readonly thresholds: Readonly<Partial<Thresholds>>;
}

/**
 * Reads a rules file: JSON with `ignore` and `thresholds`, both optional.
 *
 * @throws UsageError CONFIG_INVALID, with every problem and the line it is in
 */
export async function readRulesFile(file: string, checkNames: readonly string[]): Promise<Rules> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new UsageError('CONFIG_INVALID', `the rules file ${file} cannot be read`, {
      detail: (error as Error).message,
      hint: 'Name an existing file with --rules.',
      cause: error,
    });
  }
  return parseRules(text, file, checkNames);
}

/** @throws UsageError CONFIG_INVALID */
export function parseRules(text: string, file: string, checkNames: readonly string[]): Rules {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    const { line, column } = mapJson(text).error ?? { line: 1, column: 1 };
    throw new UsageError('CONFIG_INVALID', `the rules file ${file} is not JSON`, {
      detail: `${file}:${line}:${column}: ${(error as Error).message}`,
      hint: 'Mend it at this line; docs/doctor.md has an example.',
      cause: error,
    });
  }
  const problems = findProblems(data, checkNames);
  if (problems.length > 0) {
    const positions = mapJson(text).values;
    throw new UsageError(
      'CONFIG_INVALID',
      `the rules file ${file} has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}`,
      {
        detail: problems.map(({ path, message }) => `${place(file, positions, path)}: ${message}`).join('\n'),
        hint: 'An ignore has a check, an object, a reason and a last day: {"check": "index-unused", "object": "public.idx_x", "reason": "the yearly report uses it", "until": "2026-12-31"}.',
      },
    );
  }
  return { ignore: [], thresholds: {}, ...(data as Partial<Rules>) };
}

/** Of the value, or of the nearest one around it that is there. */
function place(file: string, positions: ReadonlyMap<string, JsonPosition>, path: string): string {
  const position = positions.get(path) ?? positions.get(path.split('.').slice(0, -1).join('.'));
  return position === undefined ? file : `${file}:${position.line}:${position.column}`;
}

interface Problem {
  readonly path: string;
  readonly message: string;
}

function findProblems(data: unknown, checkNames: readonly string[]): readonly Problem[] {
  if (!isObject(data)) return [{ path: '', message: 'it is not an object with «ignore» and «thresholds»' }];
  const { ignore = [], thresholds = {}, ...others } = data;
  return [
    ...Object.keys(others).map((key) => ({
      path: key,
      message: `«${key}» is neither «ignore» nor «thresholds»`,
    })),
    ...(Array.isArray(ignore)
      ? ignore.flatMap((entry: unknown, index) => ignoreProblems(entry, `ignore.${index}`, checkNames))
      : [{ path: 'ignore', message: '«ignore» is not a list' }]),
    ...(isObject(thresholds)
      ? Object.entries(thresholds).flatMap(([name, value]) => {
          const problem = thresholdProblem(name, value);
          const hint = Object.hasOwn(defaultThresholds, name)
            ? ''
            : `; there are ${Object.keys(defaultThresholds).join(', ')}`;
          return problem === undefined
            ? []
            : [{ path: `thresholds.${name}`, message: `${name}: ${problem}${hint}` }];
        })
      : [{ path: 'thresholds', message: '«thresholds» is not an object' }]),
  ];
}

function ignoreProblems(entry: unknown, path: string, checkNames: readonly string[]): readonly Problem[] {
  if (!isObject(entry)) return [{ path, message: 'an ignore is an object' }];
  const { check, object, reason, until, ...others } = entry;
  const problems = Object.keys(others).map((key) => ({
    path: `${path}.${key}`,
    message: `an ignore has no «${key}»`,
  }));
  const missing = (key: string): number =>
    problems.push({ path: `${path}.${key}`, message: `the ignore has no ${key}` });
  if (!isText(check)) missing('check');
  else if (!checkNames.includes(check)) {
    problems.push({
      path: `${path}.check`,
      message: `there is no check «${check}»; there are ${checkNames.join(', ')}`,
    });
  }
  if (!isText(object)) missing('object');
  if (!isText(reason)) missing('reason');
  if (!isText(until)) missing('until');
  else if (!isDay(until))
    problems.push({ path: `${path}.until`, message: `«${until}» is not a day such as 2026-12-31` });
  return problems;
}

function isDay(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const day = new Date(`${text}T00:00:00Z`);
  // A 30th of February is taken for the 2nd of March.
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
