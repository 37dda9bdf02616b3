import { runArchive } from '../../src/archive/run-archive.js';
import { addMonths, monthOf } from '../../src/partitioning/month.js';
import { rolloverPartitions } from '../../src/partitions/rollover.js';
import { seed } from '../../src/seed/seed.js';

export interface LoadWorldOptions {
  /** Over all months, the archived ones too. Later months have more of them. */
  readonly messages: number;
  /** Default: one in a hundred messages, as of the profile `load`. */
  readonly users?: number;
  /** Start of the month, UTC, after the last message; default: of next month. */
  readonly until?: Date;
  /** Live months that hold messages; default 12. */
  readonly months?: number;
  /** Months before those, archived; default 0. */
  readonly archivedMonths?: number;
  /** What to load besides users, rooms and messages; default nothing. */
  readonly tables?: readonly string[];
}

export interface LoadedWorld {
  /** Instants, UTC, at which the live months start; the last is their end. */
  readonly bounds: readonly Date[];
}

/**
 * The seeded world in whole months, with the months ahead that a rollover makes and old ones archived: for tests and
 * benchmarks that need volume. Its history ends with the current month, not today, so that there are as many
 * partitions on any day. Into an empty, migrated database.
 */
export async function loadWorld(connection: string, options: LoadWorldOptions): Promise<LoadedWorld> {
  const { messages, users = Math.round(messages / 100), months = 12, archivedMonths = 0 } = options;
  const now = new Date();
  const until = options.until ?? addMonths(monthOf(now), 1);
  const bounds = Array.from({ length: months + 1 }, (_, month) => addMonths(until, month - months));
  await seed({
    connection,
    profile: 'load',
    users,
    messages,
    months: months + archivedMonths,
    referenceDate: until,
    only: ['users', 'chat_rooms', 'chat_messages', ...(options.tables ?? [])],
  });
  const made = await rolloverPartitions({ connection, now });
  if (made.failed > 0) throw new Error(JSON.stringify(made.tables));
  if (archivedMonths > 0) {
    const archived = await runArchive({ connection, now, olderThan: bounds[0], tables: ['chat_messages'] });
    if (archived.failed > 0) throw new Error(JSON.stringify(archived.steps));
  }
  return { bounds };
}
