import { text as readAll } from 'node:stream/consumers';
import type { Command } from 'commander';
import { resolveConnection } from '../../config.js';
import { parseDurationMs } from '../../database/duration.js';
import { UsageError } from '../../errors.js';
import type { OwnStatement } from '../../explain/explain.js';
import { catalogueOutcome, comparedOutcome, explainOutcome, savedOutcome } from '../explain-output.js';
import { withDatabase } from '../options.js';
import type { Outcome } from '../output.js';
import { runCommand, type CommandContext, type OutputFlags, type SetExitCode } from '../run-command.js';

interface Flags extends OutputFlags {
  readonly databaseUrl?: string;
  readonly sql?: string;
  readonly param: Readonly<Record<string, string>>;
  readonly write?: boolean;
  readonly analyze: boolean;
  readonly genericPlan?: boolean;
  readonly timeout: string;
  readonly lockTimeout: string;
  readonly save?: string;
  readonly compare?: string;
}

export function registerExplain(program: Command, setExitCode: SetExitCode): void {
  withDatabase(
    program
      .command('explain')
      .description(
        'run a hot query, a report or a statement of your own, undo it, and say what its plan spends and why',
      )
      .argument(
        '[name...]',
        'a hot query or a report; several only with --save and --compare; none lists them',
      ),
  )
    .option('--sql <file>', 'a statement of your own, or - for stdin; one statement')
    .option('--param <name=value>', 'a parameter; of your own statement by number (repeat)', collect, {})
    .option('--write', 'let it write; it is rolled back, but really carried out before')
    .option('--no-analyze', 'plan it and do not run it')
    .option('--generic-plan', 'plan your own statement for any values of its parameters (PostgreSQL 16)')
    .option('--timeout <duration>', 'longest time for each statement', '30s')
    .option('--lock-timeout <duration>', 'longest wait for a lock', '2s')
    .option('--save <file>', 'keep the shapes of the plans, without costs, rows and values')
    .option('--compare <file>', 'exit 3 when a plan has another shape than the file has')
    .addHelpText(
      'after',
      `
Everything runs in a transaction that is rolled back, read-only unless --write is given.

Examples:
  studymate-db explain                                    what can be explained by name
  studymate-db explain listRoomMessages                   of the busiest room
  studymate-db explain listRoomMessages --param roomId=42
  studymate-db explain sendMessage --write
  studymate-db explain matching-funnel --param from=2026-01-01
  studymate-db explain --sql slow.sql --param 1=42 --timeout 5min
  studymate-db explain --save plans.txt                   and in CI, on the same data:
  studymate-db explain --compare plans.txt`,
    )
    .action(async (names: readonly string[], flags: Flags) =>
      setExitCode(await runCommand(flags, (context) => act(names, flags, context))),
    );
}

async function act(names: readonly string[], flags: Flags, { signal }: CommandContext): Promise<Outcome> {
  refuseContradictions(names, flags);
  const { hotQueries } = await import('../../explain/statements.js');
  if (names.length === 0 && [flags.sql, flags.save, flags.compare].every((flag) => flag === undefined)) {
    const { catalogue } = await import('../../explain/catalogue.js');
    return catalogueOutcome(catalogue);
  }
  const limits = {
    write: flags.write,
    statementTimeoutMs: parseDurationMs(flags.timeout, '--timeout'),
    lockTimeoutMs: parseDurationMs(flags.lockTimeout, '--lock-timeout'),
    signal,
  };
  if (flags.save !== undefined || flags.compare !== undefined) {
    const guard = await import('../../explain/plan-guard.js');
    // The file first: what cannot be read need not be asked for.
    const kept = flags.compare === undefined ? undefined : await guard.readShapesFile(flags.compare);
    const found = await guard.readShapes({ ...limits, names, connection: resolveConnection(flags) });
    if (kept !== undefined) {
      const writes = new Set(hotQueries.filter((query) => query.writes).map(({ name }) => name));
      const expected = (name: string): boolean =>
        names.length === 0 && (flags.write === true || !writes.has(name));
      return comparedOutcome(flags.compare ?? '', found, guard.compareShapes(kept, found, expected));
    }
    await guard.writeShapesFile(flags.save ?? '', found);
    return savedOutcome(flags.save ?? '', found);
  }
  const { explainStatement } = await import('../../explain/explain.js');
  const result = await explainStatement({
    ...limits,
    connection: resolveConnection(flags),
    statement: flags.sql === undefined ? (names[0] ?? '') : await readStatement(flags.sql),
    parameters: flags.param,
    analyze: flags.analyze,
    genericPlan: flags.genericPlan,
  });
  return explainOutcome(result, flags.format);
}

function refuseContradictions(names: readonly string[], flags: Flags): void {
  const { sql, save, compare, param } = flags;
  const guards = save !== undefined || compare !== undefined;
  const refuse = (message: string, hint: string): never => {
    throw new UsageError('USAGE_INVALID_OPTION', message, { hint });
  };
  if (save !== undefined && compare !== undefined) {
    refuse('--save and --compare exclude each other', 'Compare first; save when the change is meant.');
  }
  if (guards && (sql !== undefined || Object.keys(param).length > 0 || !flags.analyze || flags.genericPlan)) {
    refuse(
      'shapes are kept of named statements, with values from the database',
      'Leave out --sql, --param, --no-analyze and --generic-plan.',
    );
  }
  if (!guards && names.length + (sql === undefined ? 0 : 1) > 1) {
    refuse('one statement is explained at a time', 'Name one hot query, or one file with --sql.');
  }
}

async function readStatement(file: string): Promise<OwnStatement> {
  if (file === '-') return { sql: await readAll(process.stdin), label: 'the statement on stdin' };
  const { readText } = await import('../../explain/plan-guard.js');
  return { sql: await readText(file), label: file };
}

function collect(text: string, before: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const at = text.indexOf('=');
  if (at < 1) {
    throw new UsageError('USAGE_INVALID_OPTION', `--param: «${text}» is not NAME=VALUE`, {
      hint: 'Write it as --param roomId=42, or --param 1=42 for a statement of your own.',
    });
  }
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
}
