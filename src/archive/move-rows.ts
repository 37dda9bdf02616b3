import { quoteIdentifier } from '../database/identifier.js';
import { objectName, recorded, type ArchiveRun, type RelationName } from './archive-run.js';

export interface RowMove {
  readonly action: 'move' | 'drain' | 'return';
  /** The partition they leave; quoted and qualified in `source`. */
  readonly partition: RelationName;
  readonly source: string;
  /** The partitioned table they go to. */
  readonly target: string;
  readonly columns: readonly string[];
  readonly controlColumn: string;
  /** Inclusive; undefined: from the first row. */
  readonly from: Date | undefined;
  /** Exclusive; undefined: to the last row. */
  readonly before: Date | undefined;
  readonly detail: Readonly<Record<string, unknown>>;
}

export interface RowMoveResult {
  readonly rows: number;
  readonly lockWaitMs: number;
  /** The longest batch, in milliseconds. */
  readonly heldMs: number;
}

/** As long should a batch hold its row locks; whoever wants one of its rows waits no longer. */
const TARGET_BATCH_MS = 250;
const FIRST_BATCH_PAGES = 64;
const MAX_BATCH_PAGES = 16_384;

/**
 * Moves rows from one partition to another table, a range of pages at a time: no index is needed, no page is read
 * twice, and each batch deletes and inserts in one statement, so that a snapshot has each row exactly once. A row
 * that is written meanwhile is either moved or left for the next run. Pointers at the rows stay. Each batch is a
 * transaction with its row in the ledger: what was moved stays moved when the run is interrupted.
 */
export async function moveRows(run: ArchiveRun, move: RowMove): Promise<RowMoveResult> {
  const { client } = run.session;
  const pages = await pagesOf(run, move.partition.oid);
  const statement = moveStatement(move);
  let [rows, lockWaitMs, heldMs] = [0, 0, 0];
  let batch = FIRST_BATCH_PAGES;
  for (let page = 0; page < pages;) {
    run.session.signal?.throwIfAborted();
    const end = Math.min(pages, page + batch);
    const outcome = await recorded(
      run,
      { action: move.action, object: objectName(move.partition) },
      async () => {
        await client.query(`set local studymate.moving = 'on'`);
        const { rowCount } = await client.query(statement, [
          `(${page},0)`,
          `(${end},0)`,
          move.from?.toISOString() ?? '-infinity',
          move.before?.toISOString() ?? 'infinity',
          move.before === undefined,
        ]);
        const moved = rowCount ?? 0;
        return { rows: moved, detail: { ...move.detail, pages: [page, end] }, unrecorded: moved === 0 };
      },
    );
    page = end;
    rows += outcome.result.rows;
    lockWaitMs += outcome.lockWaitMs;
    heldMs = Math.max(heldMs, outcome.heldMs);
    if (outcome.result.rows > 0) {
      const fraction = pages === 0 ? 1 : page / pages;
      run.onEvent({
        type: 'batch',
        partition: objectName(move.partition),
        rows: outcome.result.rows,
        totalRows: rows,
        fraction,
      });
    }
    batch = nextBatch(batch, outcome.heldMs);
  }
  return { rows, lockWaitMs, heldMs };
}

/** Half or twice as much at most, so that one slow batch does not decide the next. */
function nextBatch(pages: number, tookMs: number): number {
  const factor = Math.min(2, Math.max(0.5, TARGET_BATCH_MS / Math.max(1, tookMs)));
  return Math.min(MAX_BATCH_PAGES, Math.max(8, Math.round(pages * factor)));
}

/** Columns by name: their order may differ. `only`: rows of the partition itself, as the page numbers are. */
export function moveStatement({ source, target, columns, controlColumn }: RowMove): string {
  const list = columns.join(', ');
  const control = quoteIdentifier(controlColumn);
  return `
    with moved as (
      delete from only ${source}
      where ctid >= $1::tid and ctid < $2::tid and ${control} >= $3::timestamptz
        and (${control} < $4::timestamptz or $5)
      returning ${list}
    )
    insert into ${target} (${list}) overriding system value select ${list} from moved`;
}

async function pagesOf({ session }: ArchiveRun, oid: number): Promise<number> {
  const { rows } = await session.client.query<{ pages: number }>(
    `select ceil(pg_relation_size($1::oid)::float8 / current_setting('block_size')::int)::float8 as pages`,
    [oid],
  );
  return rows[0]?.pages ?? 0;
}
