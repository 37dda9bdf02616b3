import type { SeedPlan } from '../seeds/seed-plan.js';
import type { SeedTable, SeedValue } from '../seeds/seed-table.js';

export type Counts = ReadonlyMap<string, number>;

/** The shapes of a world, counted from the values of its rows. */
export interface SeedShapes {
  readonly rows: Counts;
  readonly messagesByHour: Counts;
  readonly messagesByWeekday: Counts;
  readonly messagesByMonth: Counts;
  readonly signupsByMonth: Counts;
  /** Share of all messages, in percent, that the busiest so many percent of rooms or people have. */
  readonly messagesOfRooms: Counts;
  readonly messagesOfPeople: Counts;
  readonly burstLengths: Counts;
  readonly messageTypes: Counts;
  readonly requests: Counts;
  readonly sessions: Counts;
  readonly ratings: Counts;
  readonly levels: Counts;
  readonly natives: Counts;
  readonly ages: Counts;
  readonly partnersOfPeople: Counts;
  readonly activities: Counts;
  readonly notifications: Counts;
}

const HOUR = 3_600_000;
const EPOCH_2000 = Date.UTC(2000, 0, 1);
const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

export function measureSeed(plan: SeedPlan): SeedShapes {
  const tableOf = (name: string): SeedTable => {
    const table = plan.tables.find((candidate) => candidate.table === name);
    if (table === undefined) throw new Error(`there is no table ${name}`);
    return table;
  };
  const count = (name: string, keysOf: (get: (column: string) => SeedValue) => readonly string[]): Counts => {
    const table = tableOf(name);
    const counts = new Map<string, number>();
    for (let row = 0; row < table.rowCount; row++) {
      table.prepare?.(row);
      const keys = keysOf((column) => table.columns[column]?.(row) ?? null);
      for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    return counts;
  };
  const byColumn = (name: string, column: string): Counts =>
    sorted(count(name, (get) => [textOf(get(column))]));
  const byTime = (name: string, keyOf: (seoul: Date) => string): Counts =>
    sorted(count(name, (get) => [keyOf(seoulTime(get('created_at')))]));
  const perRoom = count('chat_messages', (get) => [textOf(get('room_id'))]);
  const perPerson = count('chat_messages', (get) => [textOf(get('sender_id'))]);
  const bursts = count('user_activity_logs', (get) => [textOf(get('activity'))]);
  const partners = count('user_partnerships', (get) => [textOf(get('user_id_1')), textOf(get('user_id_2'))]);
  const weekdays = byTime('chat_messages', (at) => WEEKDAYS[(at.getUTCDay() + 6) % 7] ?? '');
  const born = (get: (column: string) => SeedValue): number =>
    Number(get('birth_date')) * 24 * HOUR + EPOCH_2000;
  return {
    rows: new Map(plan.tables.map(({ table, rowCount }) => [table, rowCount])),
    messagesByHour: byTime('chat_messages', (at) => String(at.getUTCHours()).padStart(2, '0')),
    messagesByWeekday: new Map(WEEKDAYS.map((day) => [day, weekdays.get(day) ?? 0])),
    messagesByMonth: byTime('chat_messages', (at) => at.toISOString().slice(0, 7)),
    signupsByMonth: byTime('users', (at) => at.toISOString().slice(0, 7)),
    messagesOfRooms: shares(perRoom, tableOf('chat_rooms').rowCount),
    messagesOfPeople: shares(perPerson, plan.options.users),
    burstLengths: new Map([['mean', tableOf('chat_messages').rowCount / (bursts.get('ROOM_OPENED') ?? 1)]]),
    messageTypes: byColumn('chat_messages', 'message_type'),
    requests: byColumn('matching_requests', 'status'),
    sessions: byColumn('learning_sessions', 'status'),
    ratings: byColumn('session_participants', 'rating_given'),
    levels: byColumn('level_tests', 'overall_level'),
    natives: sorted(
      count('user_languages', (get) =>
        textOf(get('language_type')) === 'NATIVE' ? [textOf(get('language_code'))] : [],
      ),
    ),
    ages: sorted(
      count('users', (get) => [
        String(Math.floor((plan.options.referenceDate.getTime() - born(get)) / (365.25 * 24 * HOUR * 5)) * 5),
      ]),
    ),
    partnersOfPeople: sorted(
      new Map(
        [...groupSizes(partners, plan.options.users)].map(([size, people]) => [
          String(size).padStart(2, ' '),
          people,
        ]),
      ),
    ),
    activities: byColumn('user_activity_logs', 'activity'),
    notifications: byColumn('notifications', 'type'),
  };
}

/** Its parts in UTC are those of the clock in Seoul. */
function seoulTime(value: SeedValue): Date {
  return new Date(Number(value) / 1_000 + EPOCH_2000 + 9 * HOUR);
}

function textOf(value: SeedValue): string {
  if (value === null) return '–';
  return value instanceof Uint8Array ? Buffer.from(value).toString() : String(value);
}

function sorted(counts: Counts): Counts {
  return new Map([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function shares(counts: Counts, all: number): Counts {
  const descending = [...counts.values()].sort((a, b) => b - a);
  const total = descending.reduce((sum, value) => sum + value, 0);
  return new Map(
    [1, 5, 10, 20, 50].map((percent) => {
      const top = descending.slice(0, Math.max(1, Math.round((all * percent) / 100)));
      return [`busiest ${percent} %`, (top.reduce((sum, value) => sum + value, 0) / total) * 100];
    }),
  );
}

function groupSizes(counts: Counts, all: number): Map<number, number> {
  const sizes = new Map<number, number>([[0, all - counts.size]]);
  for (const size of counts.values()) {
    const group = Math.min(size, 10);
    sizes.set(group, (sizes.get(group) ?? 0) + 1);
  }
  return sizes;
}
