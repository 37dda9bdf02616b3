import type pg from 'pg';
import { beforeAll, expect, it } from 'vitest';
import { createDatabase } from '../../src/database/create-database.js';
import { addDays } from '../../src/reports/parameters.js';
import { chat } from '../../src/reports/product/chat.js';
import { runAnyReport } from '../../src/reports/run-report.js';
import { useDatabase } from '../support/database.js';
import { daysOf, localDay, proofCases, rounded, shareOf, type ProofCase } from '../support/report-proof.js';
import { useReportWorld, WORLD_END } from '../support/report-world.js';
import { insertMessage, insertRoom, insertUser } from '../support/rows.js';

interface Message extends pg.QueryResultRow {
  readonly id: string;
  readonly room_id: string;
  readonly sender_id: string;
  readonly message_type: string;
  readonly created_at: Date;
}

const DAY = 86_400_000;
const world = useReportWorld(insertEdges);
const empty = useDatabase();
/** What people wrote, by room, in order. */
let rooms: readonly (readonly Message[])[] = [];
beforeAll(async () => {
  const messages = (await world.rows<Message>('chat_messages'))
    .filter(({ message_type }) => message_type !== 'SYSTEM')
    .toSorted((a, b) => Number(a.created_at) - Number(b.created_at) || Number(a.id) - Number(b.id));
  const byRoom = new Map<string, Message[]>();
  for (const message of messages)
    byRoom.set(message.room_id, [...(byRoom.get(message.room_id) ?? []), message]);
  rooms = [...byRoom.values()];
});

/** In the default partition, months after the seeded world; in old months, at the ends of days in Seoul. */
async function insertEdges(client: pg.Client): Promise<void> {
  const [ann, ben] = [await insertUser(client), await insertUser(client)];
  const write = async (messages: readonly (readonly [sender: string, at: string, type?: string])[]) => {
    const room_id = await insertRoom(client);
    for (const [sender_id, created_at, message_type = 'TEXT'] of messages)
      await insertMessage(client, { room_id, sender_id, created_at, message_type });
  };
  // The last second of 1 March in Seoul, answered after 24 hours sharp: one conversation.
  await write([
    [ann, '2026-03-01T14:59:59Z'],
    [ben, '2026-03-02T14:59:59Z'],
  ]);
  // Midnight in Seoul; the answer comes a second too late, and opens a conversation that is answered at once.
  await write([
    [ann, '2026-03-01T15:00:00Z'],
    [ben, '2026-03-02T15:00:01Z'],
    [ann, '2026-03-02T15:00:01Z'],
  ]);
  // Written by nobody, then by one who is not answered.
  await write([
    [ben, '2026-03-02T00:30:00Z', 'SYSTEM'],
    [ann, '2026-03-02T01:00:00Z'],
    [ben, '2026-03-02T01:30:00Z', 'SYSTEM'],
  ]);
  // Asked again before the answer: the 24 hours are those of the first question.
  await write([
    [ann, '2026-03-03T00:00:00Z'],
    [ann, '2026-03-03T23:00:00Z'],
    [ben, '2026-03-04T00:00:01Z'],
  ]);
  // Half past eleven in New York, on the eve of a day of 23 hours; answered half past midnight after that day.
  await write([
    [ann, '2027-03-14T04:30:00Z'],
    [ben, '2027-03-15T04:30:00Z'],
  ]);
  await write([
    [ben, '2025-05-31T15:00:00Z'],
    [ann, '2025-05-31T14:59:59.999Z'],
    [ann, '2025-06-30T15:00:00Z'],
    [ben, '2025-07-01T14:00:00Z'],
  ]);
}

function expectedRows({ timeZone, from, to }: ProofCase, asOf: Date): object[] {
  const dayOf = localDay(timeZone);
  const written = rooms.map((room) =>
    room.map((message) => ({ ...message, day: dayOf(message.created_at) })),
  );
  return daysOf({ from, to }).map((day) => {
    const today = written.map((room) => room.filter((message) => message.day === day));
    const active = today.filter((room) => room.length > 0);
    const week = addDays(day, -6);
    const twoSided = active.filter((room) => new Set(room.map(({ sender_id }) => sender_id)).size > 1);
    let [conversations, answered] = [0, 0];
    for (const room of written) {
      room.forEach((message, index) => {
        const at = Number(message.created_at);
        if (message.day !== day || room.slice(0, index).some((other) => at - Number(other.created_at) <= DAY))
          return;
        conversations += 1;
        const isAnswer = (other: Message): boolean =>
          other.sender_id !== message.sender_id && Number(other.created_at) - at <= DAY;
        if (room.slice(index + 1).some(isAnswer)) answered += 1;
      });
    }
    const complete = dayOf(new Date(Number(asOf) - DAY)) > day;
    return {
      day,
      messages: active.flat().length,
      senders: new Set(active.flat().map(({ sender_id }) => sender_id)).size,
      activeRooms: active.length,
      activeRooms7: written.filter((room) =>
        room.some((message) => message.day >= week && message.day <= day),
      ).length,
      twoSidedRooms: twoSided.length,
      twoSidedShare: shareOf(twoSided.length, active.length),
      oneMessageRooms: active.filter((room) => room.length === 1).length,
      conversations,
      answered,
      answerRate: complete ? shareOf(answered, conversations) : null,
      complete,
    };
  });
}

it.each(proofCases)('counts the messages of $from to $to in $timeZone', async (window) => {
  const { rows } = await runAnyReport(world.db, chat, { ...window }, { now: WORLD_END });
  expect(rounded(rows)).toEqual(rounded(expectedRows(window, WORLD_END)));
  expect(rows.some(({ answered }) => answered !== 0)).toBe(window.from !== '2020-01-01');
});

const none = {
  messages: 0,
  senders: 0,
  activeRooms: 0,
  activeRooms7: 0,
  twoSidedRooms: 0,
  twoSidedShare: null,
  oneMessageRooms: 0,
  conversations: 0,
  answered: 0,
  answerRate: null,
};

it('counts answers to the second, days to midnight in Seoul, and says what is not over', async () => {
  const window = { from: '2026-03-01', to: '2026-03-12', asOf: '2026-03-10T15:00:00Z' };
  const { rows } = await runAnyReport(world.db, chat, window, {});
  const seen = rows.map(({ day, messages, senders, activeRooms, activeRooms7, ...rest }) => [
    day,
    [messages, senders, activeRooms, activeRooms7],
    [rest['twoSidedRooms'], rest['oneMessageRooms'], rest['conversations'], rest['answered']],
  ]);
  expect(seen.slice(0, 5)).toEqual([
    ['2026-03-01', [1, 1, 1, 1], [0, 1, 1, 1]],
    ['2026-03-02', [3, 2, 3, 3], [0, 3, 2, 0]],
    ['2026-03-03', [3, 2, 2, 4], [1, 1, 2, 1]],
    ['2026-03-04', [2, 2, 1, 4], [1, 0, 0, 0]],
    ['2026-03-05', [0, 0, 0, 4], [0, 0, 0, 0]],
  ]);
  // Seven days from the last message of each room on: two rooms of the 2nd, one of the 3rd, one of the 4th.
  expect(rows.map(({ activeRooms7 }) => activeRooms7)).toEqual([1, 3, 4, 4, 4, 4, 4, 4, 2, 1, 0]);
  // The 9th ended 24 hours before.
  expect(rows.map(({ complete }) => complete)).toEqual([...Array<boolean>(9).fill(true), false, false]);
  const early = await runAnyReport(world.db, chat, { ...window, asOf: '2026-03-04T14:59:59Z' }, {});
  expect(early.rows.map(({ answerRate }) => answerRate).slice(0, 3)).toEqual([1, 0, null]);
});

it('finds answers after the window, even across a day of 23 hours', async () => {
  const window = { timeZone: 'America/New_York', from: '2027-03-13', to: '2027-03-14' };
  const { rows } = await runAnyReport(world.db, chat, window, { now: new Date('2027-03-16T00:00:00Z') });
  expect(rows).toMatchObject([{ messages: 1, conversations: 1, answered: 1, answerRate: 1, complete: true }]);
});

it('knows nothing of an empty database, and says so with zeros', async () => {
  const db = createDatabase({ connectionString: empty.url });
  const { rows } = await runAnyReport(db, chat, {}, { now: WORLD_END });
  expect(rows).toHaveLength(28);
  expect(rows.at(-1)).toEqual({ day: '2025-12-31', ...none, complete: false });
  expect(rows[0]).toEqual({ day: '2025-12-04', ...none, complete: true });
  await db.close();
});
