import { sql, type Expression, type Kysely } from 'kysely';
import type { DB } from '../../generated/db.js';
import { compileOnce } from './compile-once.js';

export interface MarkRoomReadOptions {
  readonly roomId: string;
  readonly userId: string;
  /** The newest message the user has seen; live or archived. */
  readonly messageId: string;
}

/**
 * Moves a participant's last-read message up to `messageId`, never back: it must come after the present one in the
 * order in which a room is read, `created_at`, then `id`. One statement.
 *
 * Two devices at once end at the later message, whichever commits first. A message that the other device marked and
 * that this statement cannot see yet is compared by id.
 *
 * Cost: one row by key; three look-ups of a message by id, each one index descent a live month, as `id` says nothing
 * about the partition. An archived message is looked for in the archive's months as well.
 *
 * Index: `unique_room_participant`, `chat_messages_pkey`, `chat_messages_archive_pkey`.
 *
 * @returns true if it moved; false if the user had read as far already, or is not an active participant
 * @throws the server's 23503 `fk_chat_participants_last_read`: the message is not in the room
 */
export async function markRoomRead(db: Kysely<DB>, options: MarkRoomReadOptions): Promise<boolean> {
  return (await movePosition(db, options, {})).length > 0;
}

const movePosition = compileOnce((db: Kysely<DB>, { roomId, userId, messageId }: MarkRoomReadOptions) => {
  const target = sql`${messageId}::bigint`;
  return (
    db
      .updateTable('chat_participants as p')
      .set({ last_read_message_id: messageId })
      .where('p.room_id', '=', roomId)
      .where('p.user_id', '=', userId)
      .where('p.is_active', '=', sql.lit(true))
      // A message that is nowhere counts as the latest, so that the constraint gets to say so.
      .where(
        sql<boolean>`coalesce(
        (${sentAt(sql.ref('p.last_read_message_id'))}, p.last_read_message_id)
          < (coalesce(${sentAt(target)}, 'infinity'), ${target}),
        p.last_read_message_id < ${target},
        true)`,
      )
      .returning('p.id')
  );
});

/** By id alone: with the room in the condition, tables without statistics are read by the room's index. */
function sentAt(messageId: Expression<unknown>): Expression<unknown> {
  return sql`coalesce(
    (select m.created_at from chat_messages m where m.id = ${messageId} limit 1),
    (select m.created_at from chat_messages_archive m where m.id = ${messageId} limit 1))`;
}
