import type { SeedTable, SeedValue } from '../seed-table.js';
import { createActivities, type Activities, type Activity, type ActivityKind } from '../world/activities.js';
import { timestampValue } from '../world/time.js';
import { lazily, type World } from '../world/world.js';
import { createByteText, rememberBytes } from './byte-text.js';
import { createDevices } from './devices.js';
import { monthRanges } from './month-ranges.js';

const names: Readonly<Record<ActivityKind, Uint8Array>> = {
  SIGN_UP: Buffer.from('SIGN_UP'),
  LOGIN: Buffer.from('LOGIN'),
  ONBOARDING_COMPLETED: Buffer.from('ONBOARDING_COMPLETED'),
  MATCH_REQUESTED: Buffer.from('MATCH_REQUESTED'),
  MATCH_ANSWERED: Buffer.from('MATCH_ANSWERED'),
  ROOM_OPENED: Buffer.from('ROOM_OPENED'),
  SESSION_JOINED: Buffer.from('SESSION_JOINED'),
  LEVEL_TEST_FINISHED: Buffer.from('LEVEL_TEST_FINISHED'),
};

interface Parts {
  readonly activities: Activities;
  readonly months: NonNullable<SeedTable['months']>;
}

/** What people did, in the order of time; a conversation is logged once, for whoever began it. */
export function userActivityLogs(world: World): SeedTable {
  const { history } = world;
  const parts: Parts = lazily<Parts>({
    activities: () => createActivities(world),
    months: () =>
      monthRanges(history, parts.activities.count, (instants) => parts.activities.countsBefore(instants)),
  });
  const devices = createDevices(world);
  const details = createDetails(world);
  let activity: Activity | undefined;
  const current = (): Activity => activity as Activity;
  return {
    table: 'user_activity_logs',
    get rowCount() {
      return parts.activities.count;
    },
    prepare: (row) => void (activity = parts.activities.at(row)),
    columns: {
      id: (row) => row + 1,
      user_id: () => current().user + 1,
      activity: () => names[current().kind],
      details: (): SeedValue => details(current()),
      ip_address: (row) => devices.address(current().user, row),
      user_agent: (row) => devices.userAgent(current().user, row),
      created_at: () => timestampValue(current().instant),
    },
    get months() {
      return parts.months;
    },
  };
}

const pieces = {
  native: Buffer.from('{"native":"'),
  session: Buffer.from('{"sessionId":'),
  request: Buffer.from('{"requestId":'),
  answer: Buffer.from(',"answer":"'),
  test: Buffer.from('{"testId":'),
  score: Buffer.from(',"score":'),
  room: Buffer.from('{"roomId":'),
  message: Buffer.from(',"messageId":'),
  endOfText: Buffer.from('"}'),
  end: Buffer.from('}'),
};

/** JSON, as JSON.stringify() writes it. */
function createDetails({ people, requests, tests }: World): (activity: Activity) => Uint8Array | null {
  const text = createByteText();
  const bytesOf = rememberBytes();
  return ({ kind, subject, message }) => {
    switch (kind) {
      case 'SIGN_UP':
        return text
          .start(pieces.native)
          .add(bytesOf(people.native(subject)))
          .add(pieces.endOfText)
          .end();
      case 'ONBOARDING_COMPLETED':
        return null;
      case 'LOGIN':
      case 'SESSION_JOINED':
        return text
          .start(pieces.session)
          .addNumber(subject + 1)
          .add(pieces.end)
          .end();
      case 'MATCH_REQUESTED':
        return text
          .start(pieces.request)
          .addNumber(subject + 1)
          .add(pieces.end)
          .end();
      case 'MATCH_ANSWERED':
        text
          .start(pieces.request)
          .addNumber(subject + 1)
          .add(pieces.answer);
        return text
          .add(bytesOf(requests.status(subject)))
          .add(pieces.endOfText)
          .end();
      case 'LEVEL_TEST_FINISHED':
        text
          .start(pieces.test)
          .addNumber(subject + 1)
          .add(pieces.score);
        return text.addNumber(tests.overallScore(subject)).add(pieces.end).end();
      case 'ROOM_OPENED':
        text
          .start(pieces.room)
          .addNumber(subject + 1)
          .add(pieces.message);
        return text
          .addNumber(message + 1)
          .add(pieces.end)
          .end();
    }
  };
}
