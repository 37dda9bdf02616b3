import type { SeedTable } from '../seed-table.js';
import { fillSlots } from '../vocabulary/index.js';
import { rememberLast } from '../world/children.js';
import { REQUEST_LIFETIME } from '../world/matches.js';
import { createNotices, type NoticeKind, type Notices } from '../world/notices.js';
import { DAY, HOUR, MINUTE, NEVER, optionalTimestamp, timestampValue, wholeSeconds } from '../world/time.js';
import { lazily, type World } from '../world/world.js';
import { noticeTexts } from './notice-texts.js';
import { createProfiles } from './users.js';

interface Notice {
  readonly kind: NoticeKind;
  /** Who is told. */
  readonly user: number;
  readonly at: number;
  readonly title: string;
  readonly message: string;
  readonly data: Readonly<Record<string, number | string>>;
  readonly expiresAt: number;
  /** NEVER while it is not read. */
  readonly readAt: number;
}

interface Parts {
  readonly notices: Notices;
  readonly describe: (row: number) => Notice;
}

export function notifications(world: World): SeedTable {
  const parts: Parts = lazily<Parts>({
    notices: () => createNotices(world),
    describe: () => rememberLast(createDescriber(world, parts.notices)),
  });
  const notice = (row: number): Notice => parts.describe(row);
  return {
    table: 'notifications',
    get rowCount() {
      return parts.notices.events.count;
    },
    columns: {
      id: (row) => row + 1,
      user_id: (row) => notice(row).user + 1,
      type: (row) => notice(row).kind,
      title: (row) => notice(row).title,
      message: (row) => notice(row).message,
      data_json: (row) => JSON.stringify(notice(row).data),
      is_read: (row) => notice(row).readAt !== NEVER,
      read_at: (row) => optionalTimestamp(notice(row).readAt),
      priority: (row) => noticeTexts(notice(row).kind).priority,
      expires_at: (row) => optionalTimestamp(notice(row).expiresAt),
      created_at: (row) => timestampValue(notice(row).at),
    },
  };
}

type Template = (data: Notice['data'], name: string) => string;

interface CompiledTexts {
  readonly title: Template;
  readonly message: Template;
}

function compileTexts({
  title,
  message,
}: {
  readonly title: string;
  readonly message: string;
}): CompiledTexts {
  return { title: compileTemplate(title), message: compileTemplate(message) };
}

/** As fillSlots() does it, taken apart once. */
function compileTemplate(text: string): Template {
  // Texts at even places, names of slots between them.
  const parts = text.split(/\{(\w+)\}/);
  const [before = '', slot, after = ''] = parts;
  if (slot === undefined) return () => text;
  if (parts.length > 3) return (data, name) => fillSlots(text, { ...data, name });
  if (slot === 'name') return (_, name) => before + name + after;
  return (data) => before + String(data[slot] ?? `{${slot}}`) + after;
}

function createDescriber(world: World, { events, unread }: Notices): (row: number) => Notice {
  const {
    history,
    people,
    rooms,
    chatTotals,
    requests,
    partnerships,
    sessions,
    attendance,
    attended,
    tests,
  } = world;
  const profile = createProfiles(world);
  const reading = history.draw('notifications.read_at');
  type Told = Pick<Notice, 'user' | 'data'> & {
    readonly by?: number | undefined;
    readonly expiresAt?: number;
  };
  const ofSession = (participant: number): Told => {
    const session = attendance.sessionOf(participant);
    const host = sessions.firstParticipant[session] as number;
    const other = participant === host ? host + 1 : host;
    return {
      user: sessions.participantUser[participant] as number,
      by: sessions.participantUser[other],
      data: { session_id: session + 1 },
      expiresAt: sessions.endsAt(session),
    };
  };
  const tell: Readonly<Record<NoticeKind, (subject: number) => Told>> = {
    MATCH_REQUEST: (request) => ({
      user: requests.target[request] as number,
      by: requests.requester[request],
      data: { request_id: request + 1, requester_id: (requests.requester[request] as number) + 1 },
      expiresAt: (requests.createdAt[request] as number) + REQUEST_LIFETIME,
    }),
    MATCH_ACCEPTED: (partnership) => {
      const request = partnerships.request[partnership] as number;
      const by = requests.target[request] as number;
      return {
        user: requests.requester[request] as number,
        by,
        data: { request_id: request + 1, partnership_id: partnership + 1, partner_id: by + 1 },
      };
    },
    MATCH_REJECTED: (request) => ({
      user: requests.requester[request] as number,
      data: { request_id: request + 1 },
    }),
    SESSION_INVITATION: ofSession,
    SESSION_REMINDER: ofSession,
    SESSION_CANCELLED: ofSession,
    LEVEL_TEST_RESULT: (test) => ({
      user: tests.user[test] as number,
      data: { test_id: test + 1, level: tests.level(test), score: tests.overallScore(test) },
    }),
    BADGE_EARNED: (nth) => {
      const participant = attended.participant[nth] as number;
      return {
        user: sessions.participantUser[participant] as number,
        data: { session_id: attendance.sessionOf(participant) + 1, count: attended.badge[nth] as number },
      };
    },
    NEW_MESSAGE: (nth) => {
      const member = unread[nth] as number;
      const room = rooms.memberRoom[member] as number;
      const message = chatTotals.lastRow[room] as number;
      return {
        user: rooms.memberUser[member] as number,
        by: rooms.memberUser[chatTotals.lastMember[room] as number],
        data: { room_id: room + 1, message_id: message + 1 },
      };
    },
  };
  const templates = Object.fromEntries(
    Object.keys(tell).map((kind) => {
      const { ko, en } = noticeTexts(kind as NoticeKind);
      return [kind, { ko: compileTexts(ko), en: compileTexts(en) }];
    }),
  ) as Record<NoticeKind, Record<'ko' | 'en', CompiledTexts>>;
  const readAtOf = (row: number, kind: NoticeKind, at: number, expiresAt: number): number => {
    if (!reading.chance(kind === 'NEW_MESSAGE' ? 0.35 : 0.86, row)) return NEVER;
    const pause = kind === 'SESSION_REMINDER' ? 6 * MINUTE : 5 * HOUR;
    const readAt = wholeSeconds(at + 4_000 + pause * reading.wait(row, 1));
    return readAt < Math.min(history.to, expiresAt) ? readAt : NEVER;
  };
  return (row) => {
    const kind = events.kind(row);
    const at = events.at(row);
    const { user, by, data, expiresAt = at + 60 * DAY } = tell[kind](events.subject(row));
    const { name } = by === undefined ? { name: undefined } : profile(by);
    const language = people.native(user) === 'ko' ? 'ko' : 'en';
    const { title, message } = templates[kind][language];
    const shown = (language === 'ko' ? name?.korean : undefined) ?? name?.english ?? '';
    return {
      kind,
      user,
      at,
      title: title(data, shown),
      message: message(data, shown),
      data,
      expiresAt,
      readAt: readAtOf(row, kind, at, expiresAt),
    };
  };
}
