import { drizzle } from 'drizzle-orm/node-postgres';
import { bigint, boolean, pgTable, text, timestamp, varchar } from 'drizzle-orm/pg-core';
import { seed } from 'drizzle-seed';
import pg from 'pg';

const chatMessages = pgTable('chat_messages', {
  id: bigint('id', { mode: 'number' }).notNull(),
  roomId: bigint('room_id', { mode: 'number' }).notNull(),
  senderId: bigint('sender_id', { mode: 'number' }).notNull(),
  messageType: varchar('message_type', { length: 20 }).notNull(),
  content: text('content'),
  isEdited: boolean('is_edited').notNull(),
  createdAt: timestamp('created_at', { withTimezone: true }).notNull(),
});

/** Messages of its own making, in the same table. @returns milliseconds */
export async function loadByDrizzleSeed(url: string, rows: number): Promise<number> {
  const start = performance.now();
  const pool = new pg.Pool({ connectionString: url, max: 1 });
  await seed(drizzle(pool), { chatMessages }, { count: rows, seed: 42 }).refine((functions) => ({
    chatMessages: {
      columns: {
        id: functions.intPrimaryKey(),
        roomId: functions.int({ minValue: 1, maxValue: 10_000 }),
        senderId: functions.int({ minValue: 1, maxValue: 10_000 }),
        messageType: functions.default({ defaultValue: 'TEXT' }),
        content: functions.loremIpsum({ sentencesCount: 1 }),
        createdAt: functions.date({ minDate: '2025-01-01', maxDate: '2025-12-30' }),
      },
    },
  }));
  await pool.end();
  return performance.now() - start;
}
