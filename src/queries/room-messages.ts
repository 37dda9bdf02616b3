import { sql, type Selectable } from 'kysely';
import type { ChatMessage } from '../../generated/db.js';
import type { ReadKysely } from '../database/read-kysely.js';
import { compileOnce } from './compile-once.js';
import { assertLimit, beyond, pageByInstant, type Page, type PageOptions } from './page.js';
import { parsePosition, type Position, type TimeOrder } from './position.js';

export type Message = Selectable<ChatMessage>;

export interface ListRoomMessagesOptions extends PageOptions {
  readonly roomId: string;
  /** Go on into the archive where the live months end; default false. */
  readonly includeArchive?: boolean | undefined;
  /** The present, for the first page; default: this machine's clock. It decides what is looked at first, not what is found. */
  readonly now?: Date | undefined;
}

const columnsButInstant = [
  'id',
  'room_id',
  'sender_id',
  'message_type',
  'content',
  'file_url',
  'file_metadata',
  'reply_to_id',
  'is_edited',
  'edited_at',
] as const satisfies readonly (keyof ChatMessage)[];

export const messageColumns = [...columnsButInstant, 'created_at'] as const;

const ORDER: TimeOrder = [
  { column: 'm.created_at', direction: 'desc' },
  { column: 'm.id', direction: 'desc' },
];

/** As long as a month, so that it never touches more than two or three of them. */
const WINDOW_SECONDS = 31 * 86_400;

/**
 * A page of a room's messages, newest first: by `created_at`, then `id`, both descending. Default 50 rows.
 *
 * The page after a cursor begins right after the row before it, whatever was written meanwhile; messages that share a
 * microsecond are neither lost nor repeated. Without `includeArchive` the pages end where the live months do.
 *
 * Cost: first the 31 days before the cursor are asked for, two or three partitions, about as many buffers as rows;
 * only if they don't fill the page does a second statement look at the months before, one index descent (three or
 * four buffers) a month. Flat in the size of the table. With `includeArchive` months of the archive count as well.
 * Both statements together miss nothing while a month moves to the archive: each sees it in exactly one place.
 *
 * Index: `idx_chat_messages_room_time`, `idx_archive_room_time`, read in their order.
 *
 * @throws UsageError USAGE_INVALID_OPTION: limit; CURSOR_INVALID. A room that does not exist has no messages.
 */
export async function listRoomMessages(
  db: ReadKysely,
  options: ListRoomMessagesOptions,
): Promise<Page<Message>> {
  const limit = assertLimit(options.limit ?? 50);
  const position = parsePosition(ORDER, options.after);
  const start = windowStart(position?.instantMs ?? options.now?.getTime() ?? Date.now());
  if (start === undefined)
    return pageByInstant(
      await roomMessages(db, options, limit + 1, { position }),
      'created_at',
      limit,
      ORDER,
    );
  const recent = await roomMessages(db, options, limit + 1, { position, from: start });
  if (recent.length > limit) return pageByInstant(recent, 'created_at', limit, ORDER);
  const older = await roomMessages(db, options, limit + 1 - recent.length, { position, before: start });
  return pageByInstant([...recent, ...older], 'created_at', limit, ORDER);
}

/**
 * A constant, so that the planner can leave months out: `instant - interval` is only known when it runs. In seconds of the
 * epoch, for `to_timestamp`: to write a Date as text takes as long as to parse those of the page.
 */
function windowStart(instantMs: number): number | undefined {
  return !Number.isFinite(instantMs) ? undefined : Math.floor(instantMs / 1_000) - WINDOW_SECONDS;
}

interface Slice {
  readonly position: Position | undefined;
  readonly from?: number;
  readonly before?: number;
}

function roomMessages(
  db: ReadKysely,
  { roomId, includeArchive = false }: ListRoomMessagesOptions,
  limit: number,
  { position, from, before }: Slice,
) {
  return selectMessages(
    db,
    { roomId, limit, at: '', id: '', ...position, from, before },
    {
      includeArchive,
      goesOn: position !== undefined,
      hasStart: from !== undefined,
      hasEnd: before !== undefined,
    },
  );
}

interface Values extends Position {
  readonly roomId: string;
  readonly limit: number;
  readonly from: number | undefined;
  readonly before: number | undefined;
}

interface Shape extends Record<string, boolean> {
  includeArchive: boolean;
  goesOn: boolean;
  hasStart: boolean;
  hasEnd: boolean;
}

const selectMessages = compileOnce((db: ReadKysely, values: Values, shape: Shape) => {
  const live = db.selectFrom('chat_messages').select(messageColumns);
  const messages = shape.includeArchive
    ? live.unionAll(db.selectFrom('chat_messages_archive').select(messageColumns))
    : live;
  return db
    .selectFrom(messages.as('m'))
    .select(columnsButInstant)
    .select(sql<string>`m.created_at::text`.as('created_at'))
    .where('m.room_id', '=', values.roomId)
    .$if(shape.hasStart, (query) =>
      query.where('m.created_at', '>=', sql<Date>`to_timestamp(${values.from})`),
    )
    .$if(shape.hasEnd, (query) => query.where('m.created_at', '<', sql<Date>`to_timestamp(${values.before})`))
    .$if(shape.goesOn, (query) => query.where(beyond(ORDER, values)))
    .orderBy('m.created_at', 'desc')
    .orderBy('m.id', 'desc')
    .limit(values.limit);
});
