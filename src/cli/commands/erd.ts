import { join, relative, resolve } from 'node:path';
import { Option, type Command } from 'commander';
import { resolveConnection } from '../../config.js';
import type { ErdForm, WriteErdResult } from '../../erd/write-erd.js';
import { UsageError } from '../../errors.js';
import { EXIT } from '../exit-codes.js';
import { withDatabase } from '../options.js';
import type { Outcome } from '../output.js';
import { packageFolder } from '../package-folder.js';
import { runCommand, type OutputFlags, type SetExitCode } from '../run-command.js';

interface Flags extends OutputFlags {
  readonly databaseUrl?: string;
  readonly as: ErdForm;
  readonly domain?: string;
  readonly output?: string;
  readonly check?: boolean;
}

export function registerErd(program: Command, setExitCode: SetExitCode): void {
  withDatabase(
    program
      .command('erd')
      .description('the tables of a database as a document, a diagram, or a page to search'),
  )
    .addOption(
      new Option(
        '--as <form>',
        'what to write: Markdown, a Mermaid diagram, or one HTML page that works offline',
      )
        .choices(['markdown', 'mermaid', 'html'])
        .default('markdown'),
    )
    .option('--domain <name>', 'with --as mermaid: one domain, such as chat (default: all)')
    .option('--output <file>', 'write a file (default: stdout)')
    .option(
      '--check',
      'write nothing; exit 3 with a diff when the file is not what the database wants (default: docs/schema.md of the package around this folder)',
    )
    .addHelpText(
      'after',
      `
Examples:
  studymate-db erd --output docs/schema.md           write the document
  studymate-db erd --check                           in CI: fail when a migration came without it
  studymate-db erd --as html --output schema.html    the page, with a search in English and Korean
  studymate-db erd --as mermaid --domain chat        one diagram`,
    )
    .action(async (flags: Flags) => {
      setExitCode(
        await runCommand(flags, async ({ signal }) => {
          const { writeErd } = await import('../../erd/write-erd.js');
          const { as, domain, check } = flags;
          const file = fileOf(flags);
          const connection = resolveConnection(flags);
          return show(await writeErd({ connection, as, domain, file, check, signal }), flags, file);
        }),
      );
    });
}

function fileOf({ as, domain, output, check }: Flags): string | undefined {
  if (output !== undefined) return resolve(output);
  if (check !== true) return undefined;
  if (as === 'markdown' && domain === undefined)
    return join(packageFolder(process.cwd()), 'docs', 'schema.md');
  throw new UsageError('USAGE_INVALID_OPTION', '--check needs to know which file to compare', {
    hint: 'Name it with --output; only the Markdown document has a place by default.',
  });
}

/** People get the document itself, or what became of its file; machines also get the list of the tables. */
function show({ schema, text, changed, diff }: WriteErdResult, flags: Flags, file?: string): Outcome {
  const checking = flags.check === true;
  const state = changed ? (checking ? 'is out of date' : 'written') : 'is up to date';
  const tables = schema.domains.flatMap((domain) =>
    domain.tables.map((table) => ({
      domain: domain.key,
      table: table.name,
      korean: table.koreanName,
      columns: table.columns.length,
      references: table.references.length,
      partitioning: table.partitioning,
    })),
  );
  const summary =
    file === undefined
      ? text.trimEnd()
      : `${checking ? diff : ''}${relative('', file)} ${state}: ${tables.length} tables in ${schema.domains.length} domains`;
  const document = file === undefined ? { text } : { file: relative('', file), changed, diff };
  return {
    data: { as: flags.as, ...document, tables },
    columns: [
      { key: 'domain', label: 'domain' },
      { key: 'table', label: 'table' },
      { key: 'korean', label: 'korean' },
      { key: 'columns', label: 'columns', align: 'right' },
      { key: 'references', label: 'references', align: 'right' },
      { key: 'partitioning', label: 'partitions' },
    ],
    rows: flags.format === 'table' ? [] : tables,
    summary,
    exitCode: checking && changed ? EXIT.found : EXIT.done,
  };
}
