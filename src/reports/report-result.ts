import type { Kind } from './columns.js';
import type { Text } from './text.js';

/** Grows when a field changes its meaning or goes; new fields may come without. */
export const SCHEMA_VERSION = 1;

export interface ReportServer {
  /** `17.10` */
  readonly version: string;
  readonly database: string;
  /** Whether a replica answered. */
  readonly isReplica: boolean;
  /** On a replica: when the last transaction it has replayed was committed. */
  readonly replayedAt: Date | null;
}

export interface ResultColumn {
  readonly name: string;
  readonly kind: Kind;
  readonly label: Text;
}

/** The rows of a report, with all that is needed to read them later. */
export interface ReportResult<Row = Readonly<Record<string, unknown>>> {
  readonly schemaVersion: typeof SCHEMA_VERSION;
  readonly report: string;
  readonly title: Text;
  readonly question: Text;
  readonly definition: readonly string[];
  readonly server: ReportServer;
  readonly generatedAt: Date;
  readonly durationMs: number;
  /** Since when the server has counted; null for reports that use no counters, and where it does not say. */
  readonly statisticsSince: Date | null;
  /** All of them, defaults included. */
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly warnings: readonly string[];
  readonly columns: readonly ResultColumn[];
  readonly rows: readonly Row[];
}
