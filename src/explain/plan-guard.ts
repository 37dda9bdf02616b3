import { readFile, writeFile } from 'node:fs/promises';
import { unifiedDiff } from '../catalog/unified-diff.js';
import type { ConnectionSettings } from '../database/connection-settings.js';
import { OperationError } from '../errors.js';
import { DEFAULT_LOCK_TIMEOUT_MS, DEFAULT_STATEMENT_TIMEOUT_MS, statementsOf } from './explain.js';
import { explainOne } from './explain-one.js';
import { inRolledBackTransaction } from './explain-transaction.js';
import { planShape } from './plan-shape.js';
import type { RawPlan } from './plan-node.js';
import { readRelations } from './relations.js';
import { findStatement, hotQueries, type NamedStatement } from './statements.js';
import { catalogue as everyStatement } from './catalogue.js';

export interface ReadShapesOptions {
  readonly connection: ConnectionSettings | string;
  /** Hot queries or reports. Default: the hot queries that do not write, and with `write` those that do as well. */
  readonly names?: readonly string[] | undefined;
  /** Lets statements write while it is learnt what they send; they are rolled back. Default false. */
  readonly write?: boolean | undefined;
  /** Longest time for each statement; default 30,000. */
  readonly statementTimeoutMs?: number | undefined;
  /** Longest wait for a lock; default 2,000. */
  readonly lockTimeoutMs?: number | undefined;
  /** What names are looked up in; without names, all of it. Default: the hot queries, and by name the reports. */
  readonly catalogue?: readonly NamedStatement[] | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The shape of each statement, by name: its lines of text. */
export type PlanShapes = ReadonlyMap<string, readonly string[]>;

/** Asks the server for the plans of named statements and keeps their shapes. Rolled back; errors as `explainStatement`. */
export async function readShapes(options: ReadShapesOptions): Promise<PlanShapes> {
  const { write = false, catalogue, names = [] } = options;
  const chosen =
    names.length > 0
      ? names.map((name) => findStatement(name, catalogue ?? everyStatement))
      : (catalogue ?? hotQueries).filter(({ writes }) => write || !writes);
  const { statementTimeoutMs = DEFAULT_STATEMENT_TIMEOUT_MS, lockTimeoutMs = DEFAULT_LOCK_TIMEOUT_MS } =
    options;
  const transaction = { ...options, write, statementTimeoutMs, lockTimeoutMs };
  return inRolledBackTransaction(transaction, async ({ client }) => {
    // Which months are left out is decided by constants and indexes; how many processes help is not of the shape.
    await client.query(`set local max_parallel_workers_per_gather = 0`);
    const shapes = new Map<string, readonly string[]>();
    for (const named of chosen) {
      const { statements } = await statementsOf(client, named, {}, true);
      const plans: RawPlan['Plan'][] = [];
      for (const statement of statements) {
        plans.push((await explainOne(client, statement, false, { label: named.name, isOwn: false })).Plan);
      }
      const relations = await readRelations(client, plans);
      shapes.set(
        named.name,
        plans.flatMap((plan, index) => [`statement ${index + 1}`, ...planShape(plan, relations)]),
      );
    }
    return shapes;
  });
}

const HEADER =
  '# Shapes of query plans, by «studymate-db explain --save». Compare on data of the same kind and size.';

export function formatShapes(shapes: PlanShapes): string {
  const blocks = [...shapes].map(([name, lines]) => [`[${name}]`, ...lines].join('\n'));
  return `${[HEADER, ...blocks].join('\n\n')}\n`;
}

/** @throws OperationError EXPLAIN_SHAPES_INVALID */
export function parseShapes(text: string, file: string): PlanShapes {
  const shapes = new Map<string, string[]>();
  let current: string[] | undefined;
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line === '' || line.startsWith('#')) continue;
    const name = /^\[([\w-]+)\]$/.exec(line)?.[1];
    if (name !== undefined) shapes.set(name, (current = []));
    else if (current !== undefined) current.push(line);
    else {
      throw new OperationError('EXPLAIN_SHAPES_INVALID', `${file} does not hold shapes of plans`, {
        detail: `Line ${index + 1} stands before the first name in brackets.`,
        hint: 'Make it with «studymate-db explain --save FILE».',
      });
    }
  }
  if (shapes.size > 0) return shapes;
  throw new OperationError('EXPLAIN_SHAPES_INVALID', `${file} holds no shapes of plans`, {
    hint: 'Make it with «studymate-db explain --save FILE».',
  });
}

export interface ShapeDifference {
  readonly name: string;
  readonly change: 'changed' | 'not in the file' | 'not explained';
  /** The lines, as `diff -u` writes them. */
  readonly diff: string;
}

/**
 * What differs between shapes kept and shapes found. A name that is kept and was not asked for is no difference when
 * `expected` leaves it out.
 */
export function compareShapes(
  kept: PlanShapes,
  found: PlanShapes,
  expected: (name: string) => boolean = () => true,
): ShapeDifference[] {
  const text = (lines: readonly string[] = []): string => lines.map((line) => `${line}\n`).join('');
  const names = [...new Set([...kept.keys(), ...found.keys()])];
  return names.flatMap((name): ShapeDifference[] => {
    const [before, after] = [kept.get(name), found.get(name)];
    if (after === undefined && !expected(name)) return [];
    const diff = unifiedDiff(name, text(before), text(after));
    if (diff === '') return [];
    const change =
      before === undefined ? 'not in the file' : after === undefined ? 'not explained' : 'changed';
    return [{ name, change, diff }];
  });
}

/** @throws OperationError EXPLAIN_FILE_UNREADABLE, EXPLAIN_SHAPES_INVALID */
export async function readShapesFile(file: string): Promise<PlanShapes> {
  return parseShapes(await readText(file), file);
}

/** @throws OperationError EXPLAIN_FILE_UNREADABLE */
export async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new OperationError('EXPLAIN_FILE_UNREADABLE', `${file} cannot be read`, {
      detail: cause instanceof Error ? cause.message : undefined,
      hint: 'Check the path and its permissions.',
      cause,
    });
  }
}

/** @throws OperationError EXPLAIN_FILE_UNWRITABLE */
export async function writeShapesFile(file: string, shapes: PlanShapes): Promise<void> {
  try {
    await writeFile(file, formatShapes(shapes));
  } catch (cause) {
    throw new OperationError('EXPLAIN_FILE_UNWRITABLE', `${file} cannot be written`, {
      detail: cause instanceof Error ? cause.message : undefined,
      hint: 'Check that the folder is there and may be written to.',
      cause,
    });
  }
}
