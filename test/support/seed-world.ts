import { createHash } from 'node:crypto';
import type { SeedPlan } from '../../seeds/seed-plan.js';
import type { SeedTable } from '../../seeds/seed-table.js';
import { addMonths } from '../../src/partitioning/month.js';

export interface SmallWorldOptions {
  readonly users?: number;
  readonly messages?: number;
  readonly months?: number;
  readonly seed?: number;
  /** Called before a row of a table is made: tests stop or break a load there. */
  readonly onRow?: (table: string, row: number) => void;
}

const POSTGRES_EPOCH_MS = Date.UTC(2000, 0, 1);
const PHRASES = [
  '안녕하세요! 만나서 반가워요 😀',
  'How are you today? I have been reading a book about Seoul and its markets lately.',
  'a\ttab, a \\ backslash\nand a "quoted" line\r\nwith \'everything\'',
  '',
  'ok',
].map((phrase) => Buffer.from(phrase));

/** A world of two-person rooms, computed from the row alone: for tests of the loader and its benchmark. */
export function smallWorld(options: SmallWorldOptions = {}): SeedPlan {
  const { users = 300, messages = 8_000, months = 3, seed = 42, onRow } = options;
  const end = new Date(Date.UTC(2026, 0, 1));
  const start = addMonths(end, -months);
  const micros = (instant: Date): number => (instant.getTime() - POSTGRES_EPOCH_MS) * 1000;
  const draw = (row: number, column: number): number => hash(seed, row, column);
  const rooms = Math.max(1, Math.floor(users / 2));
  const roomOf = (row: number): number => 1 + (draw(row, 1) % rooms);
  const memberOf = (room: number, which: number): number => 1 + ((room * 2 + which) % users);
  const spanMicros = micros(end) - micros(start);
  const sentAt = (row: number): number =>
    micros(start) + Math.floor((row / Math.max(1, messages)) * spanMicros) + (row % 7);
  const monthsOf = (rowCount: number): NonNullable<SeedTable['months']> =>
    Array.from({ length: months }, (_, index) => {
      const month = addMonths(start, index);
      const firstOf = (instant: Date): number => firstRow(rowCount, (row) => sentAt(row) >= micros(instant));
      return { month, fromRow: firstOf(month), toRow: firstOf(addMonths(month, 1)) };
    });
  const id = (row: number): number => row + 1;
  const created = micros(start);
  const tables: SeedTable[] = [
    {
      table: 'users',
      rowCount: users,
      columns: {
        id,
        email: (row) => `user${row}@example.com`,
        english_name: (row) => `User ${row}`,
        korean_name: (row) => (row % 2 === 0 ? `사용자 ${row}` : null),
        birth_date: (row) => -3_650 - (draw(row, 2) % 9_000),
        gender: (row) => ['MALE', 'FEMALE', 'OTHER', null][row % 4] ?? null,
        is_active: (row) => row % 10 !== 0,
        created_at: () => created,
        updated_at: () => created,
      },
    },
    {
      table: 'matching_preferences',
      rowCount: users,
      columns: {
        user_id: id,
        preferred_countries: (row) =>
          row % 5 === 0 ? [] : ['KR', 'U"S', '\\,{}', '대한민국'].slice(0, 1 + (row % 4)),
        min_compatibility: (row) => draw(row, 3) % 101,
        created_at: () => created,
        updated_at: () => created,
      },
    },
    {
      table: 'chat_rooms',
      rowCount: rooms,
      columns: {
        id,
        created_by_user_id: (row) => memberOf(row + 1, 0),
        created_at: () => created,
        updated_at: () => created,
      },
    },
    {
      table: 'chat_messages',
      rowCount: messages,
      months: monthsOf(messages),
      columns: {
        id,
        room_id: roomOf,
        sender_id: (row) => memberOf(roomOf(row), draw(row, 4) % 2),
        message_type: () => 'TEXT',
        content: (row) => PHRASES[draw(row, 5) % PHRASES.length] ?? null,
        file_metadata: (row) => (row % 50 === 0 ? `{"size": ${row}, "이름": "a\\\\b"}` : null),
        // The message before, if it was written in this room.
        reply_to_id: (row) => (row > 0 && roomOf(row) === roomOf(row - 1) ? row : null),
        is_edited: () => false,
        created_at: sentAt,
      },
    },
    {
      table: 'chat_participants',
      rowCount: rooms * 2,
      columns: {
        id,
        room_id: (row) => 1 + (row >> 1),
        user_id: (row) => memberOf(1 + (row >> 1), row & 1),
        role: () => 'MEMBER',
        joined_at: () => created,
        last_read_message_id: (row) => {
          const message = draw(row, 6) % Math.max(1, messages);
          return messages > 0 && roomOf(message) === 1 + (row >> 1) ? message + 1 : null;
        },
      },
    },
    {
      table: 'user_activity_logs',
      rowCount: messages,
      months: monthsOf(messages),
      columns: {
        id,
        user_id: (row) => (row % 20 === 0 ? null : 1 + (draw(row, 7) % users)),
        activity: (row) => (row % 3 === 0 ? 'login' : 'read'),
        details: (row) => (row % 4 === 0 ? '{"page": 1}' : null),
        ip_address: (row) =>
          row % 6 === 0
            ? '2001:db8::1:0:ff'
            : `10.${row & 255}.${draw(row, 8) & 255}.1${row % 9 === 0 ? '/24' : ''}`,
        created_at: sentAt,
      },
    },
    {
      table: 'learning_analytics',
      rowCount: users,
      columns: {
        id,
        user_id: id,
        language_code: () => 'ko',
        date: (row) => 9_000 + (draw(row, 9) % 400),
        average_session_rating: (row) => ['4.5', '0', '0.07', '3', null][row % 5] ?? null,
        created_at: () => created,
      },
    },
    {
      table: 'system_metrics',
      rowCount: 200,
      columns: {
        id,
        metric_name: (row) => `metric_${row % 5}`,
        metric_value: (row) =>
          `${row % 2 === 0 ? '-' : ''}${draw(row, 10)}.${String(row % 10_000).padStart(4, '0')}`,
        tags: (row) => `{"host": "db${row % 3}"}`,
        recorded_at: (row) => created + row * 1_000_000 + 1,
      },
    },
  ];
  return {
    options: { profile: 'tiny', users, messages, months, seed, referenceDate: end, locales: ['ko', 'en'] },
    tables: tables.map((table) => ({
      ...table,
      ...(onRow && { prepare: (row: number) => onRow(table.table, row) }),
    })),
    vocabularyHash: createHash('sha256').update(Buffer.concat(PHRASES)).digest('hex'),
    generatorVersion: 1,
  };
}

/** A hash of the row, so that any row can be made alone. */
function hash(seed: number, row: number, column: number): number {
  let x = Math.imul(row ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(column + 1, 0xc2b2ae35) ^ seed;
  x ^= x >>> 16;
  x = Math.imul(x, 0x7feb352d);
  x ^= x >>> 15;
  x = Math.imul(x, 0x846ca68b);
  return (x ^ (x >>> 16)) >>> 0;
}

/** The first row that `reached` holds for, which it does for all after it; `rowCount` where there is none. */
function firstRow(rowCount: number, reached: (row: number) => boolean): number {
  let [low, high] = [0, rowCount];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (reached(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
