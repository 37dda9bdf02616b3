import { unifiedDiff } from '../catalog/unified-diff.js';
import { UsageError } from '../errors.js';
import { describeSchema, type DescribeSchemaOptions } from './describe-schema.js';
import { readDocument, writeDocument } from './document-file.js';
import { renderPage } from './page/render-page.js';
import { renderMarkdown } from './render-markdown.js';
import { renderMermaid } from './render-mermaid.js';
import type { SchemaDescription } from './schema-description.js';

export const erdForms = ['markdown', 'mermaid', 'html'] as const;
export type ErdForm = (typeof erdForms)[number];

export interface WriteErdOptions extends DescribeSchemaOptions {
  /** Default: markdown. */
  readonly as?: ErdForm | undefined;
  /** Of Mermaid, the one domain to draw; default: all. */
  readonly domain?: string | undefined;
  /** The file to write or to check; its folder must exist. Without one nothing is read or written. */
  readonly file?: string | undefined;
  /** Compares the file and leaves it as it is; default false. */
  readonly check?: boolean | undefined;
}

export interface WriteErdResult {
  readonly schema: SchemaDescription;
  /** The document as the database wants it. */
  readonly text: string;
  /** Whether the file was missing or different; false without a file. */
  readonly changed: boolean;
  /** What changes in the file, as a unified diff; empty when nothing does. */
  readonly diff: string;
}

/**
 * Writes the schema of a database as Markdown, as a Mermaid diagram, or as an HTML page that needs nothing else. The
 * Markdown and the diagram depend on the schema alone: not on the server's major version, the months there are, the
 * locale or the time. The page also lists the partitions.
 *
 * The file is replaced as a whole, and only when it changes; after an error the old one is still there.
 *
 * @throws UsageError USAGE_INVALID_OPTION; ConnectError; OperationError ERD_NO_TABLES, ERD_FILE_UNREADABLE,
 * ERD_FILE_UNWRITABLE
 */
export async function writeErd(options: WriteErdOptions): Promise<WriteErdResult> {
  const { as = 'markdown', domain, file, check = false } = options;
  if (domain !== undefined && as !== 'mermaid') {
    throw new UsageError('USAGE_INVALID_OPTION', 'only a Mermaid diagram is drawn of one domain', {
      hint: 'Add --as mermaid, or leave --domain out.',
    });
  }
  const schema = await describeSchema(options);
  const text = render(schema, as, domain);
  if (file === undefined) return { schema, text, changed: false, diff: '' };
  const old = await readDocument(file);
  const changed = old !== text;
  if (changed && !check) await writeDocument(file, text);
  return { schema, text, changed, diff: changed ? unifiedDiff(file, old ?? '', text) : '' };
}

function render(schema: SchemaDescription, as: ErdForm, domain: string | undefined): string {
  switch (as) {
    case 'markdown':
      return renderMarkdown(schema);
    case 'mermaid':
      return renderMermaid(schema, domain === undefined ? undefined : domainOf(schema, domain));
    case 'html':
      return renderPage(schema);
  }
}

function domainOf({ domains }: SchemaDescription, key: string): SchemaDescription['domains'][number] {
  const found = domains.find((domain) => domain.key === key);
  if (found !== undefined) return found;
  throw new UsageError('USAGE_INVALID_OPTION', `there is no domain «${key}» in this database`, {
    hint: `Name one of ${domains.map((domain) => domain.key).join(', ')}.`,
  });
}
