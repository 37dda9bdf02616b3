import type { ConnectionSettings } from '../../database/connection-settings.js';
import { partitionSql } from '../archive-table.js';
import type { ArchivedMonth } from './archived-month.js';
import { manifestContent, type ColdFinding } from './check-copy.js';
import { columnConflicts, columnsLeftOut, readColumns } from './columns.js';
import { describeContent, readContent, readFingerprint, sameContent } from './content.js';
import type { Manifest } from './manifest.js';
import { withSnapshot } from './snapshot.js';

export interface ComparedMonth {
  readonly findings: readonly ColdFinding[];
  /** Of the rows as they were compared; see `readFingerprint`. */
  readonly fingerprint: string;
}

/** Compares the archived month with what the manifest says of its copy, in one snapshot of the database. */
export async function compareMonth(
  connection: ConnectionSettings | string,
  { table, archived }: ArchivedMonth,
  manifest: Manifest,
  { signal, allowNewColumns = false }: { signal: AbortSignal | undefined; allowNewColumns?: boolean },
): Promise<ComparedMonth> {
  return withSnapshot(connection, signal, archived, async ({ client }) => {
    const now = await readColumns(client, archived.oid);
    const name = `${archived.schema}.${archived.name}`;
    const conflicts = [
      ...columnConflicts(manifest.columns, now),
      ...(allowNewColumns
        ? []
        : columnsLeftOut(manifest.columns, now).map((column) => `the copy has no column ${column}`)),
    ];
    if (conflicts.length > 0) {
      return {
        findings: [
          {
            code: 'COLD_COLUMNS_CHANGED',
            message: `${name} has other columns than its cold copy`,
            detail: conflicts.join('\n'),
          },
        ],
        fingerprint: '',
      };
    }
    const content = await readContent(
      client,
      partitionSql(archived),
      manifest.columns,
      table.archive.controlColumn,
    );
    const fingerprint = await readFingerprint(client, partitionSql(archived));
    if (sameContent(content, manifestContent(manifest))) return { findings: [], fingerprint };
    return {
      findings: [
        {
          code: 'COLD_DATABASE_DIFFERS',
          message: `${name} is not what its cold copy holds`,
          detail: `The table: ${describeContent(content)}.\nThe copy of ${manifest.exportedAt}: ${describeContent(manifestContent(manifest))}.`,
        },
      ],
      fingerprint,
    };
  });
}
