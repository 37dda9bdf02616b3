import type { SeedTable } from '../seed-table.js';
import { pickWeighted, recordingFormats, sessionFeedback, sessionTopics } from '../vocabulary/index.js';
import { indexesWhere } from '../world/order-by-time.js';
import { DAY, MINUTE, NEVER, optionalTimestamp, SECOND, timestampValue } from '../world/time.js';
import type { World } from '../world/world.js';
import { tokenText } from './tokens.js';

export function learningSessions({ history, people, rooms, sessions }: World): SeedTable {
  const subject = history.draw('learning_sessions.title');
  const kind = history.draw('learning_sessions.session_type');
  const secret = history.draw('learning_sessions.room_id');
  const topic = (row: number) => sessionTopics[subject.below(sessionTopics.length, row)];
  const isGroup = (row: number): boolean => (rooms.partnership[sessions.room[row] as number] as number) < 0;
  const host = (row: number): number =>
    sessions.participantUser[sessions.firstParticipant[row] as number] as number;
  return {
    table: 'learning_sessions',
    rowCount: sessions.count,
    columns: {
      id: (row) => row + 1,
      session_type: (row) =>
        isGroup(row) ? 'GROUP_VIDEO' : kind.chance(0.42, row) ? 'AUDIO_1V1' : 'VIDEO_1V1',
      title: (row) => topic(row)?.title ?? null,
      description: (row) => (subject.chance(0.7, row, 1) ? (topic(row)?.description ?? null) : null),
      scheduled_start_time: (row) => timestampValue(sessions.startsAt[row] as number),
      scheduled_end_time: (row) => timestampValue(sessions.endsAt(row)),
      actual_start_time: (row) => optionalTimestamp(sessions.beganAt(row)),
      actual_end_time: (row) => optionalTimestamp(sessions.finishedAt(row)),
      status: (row) => sessions.status(row),
      room_id: (row) => `room-${tokenText(secret, row).slice(0, 20)}`,
      // The host's turn to learn comes first.
      primary_language: (row) => people.learning(host(row)),
      secondary_language: (row) => people.native(host(row)),
      max_participants: (row) => (isGroup(row) ? 4 : 2),
      created_by_user_id: (row) => host(row) + 1,
      created_at: (row) => timestampValue(sessions.createdAt[row] as number),
      updated_at: (row) =>
        timestampValue(
          [
            sessions.finishedAt(row),
            sessions.beganAt(row),
            sessions.cancelledAt(row),
            sessions.createdAt[row] as number,
          ].find((instant) => instant !== NEVER) as number,
        ),
    },
  };
}

export function sessionParticipants({ history, people, sessions, attendance }: World): SeedTable {
  const words = history.draw('session_participants.feedback');
  const confirm = history.draw('session_participants.is_confirmed');
  const sessionOf = (row: number): number => attendance.sessionOf(row);
  const user = (row: number): number => sessions.participantUser[row] as number;
  return {
    table: 'session_participants',
    rowCount: sessions.participantUser.length,
    columns: {
      id: (row) => row + 1,
      session_id: (row) => sessionOf(row) + 1,
      user_id: (row) => user(row) + 1,
      role: (row) => (attendance.isHost(row) ? 'HOST' : 'PARTICIPANT'),
      joined_at: (row) => optionalTimestamp(attendance.joinedAt(row)),
      left_at: (row) => optionalTimestamp(attendance.leftAt(row)),
      participation_time: (row) => attendance.seconds(row),
      rating_given: (row) => attendance.rating(row),
      feedback: (row) => {
        const rating = attendance.rating(row);
        if (rating === null || !words.chance(0.4, row)) return null;
        const { bytes } =
          sessionFeedback[people.native(user(row)) === 'ko' ? 'ko' : 'en'][rating as 1 | 2 | 3 | 4 | 5];
        return bytes[words.below(bytes.length, row, 1)] as Uint8Array;
      },
      is_confirmed: (row) =>
        attendance.isHost(row) || attendance.joinedAt(row) !== NEVER || confirm.chance(0.7, row),
      created_at: (row) => timestampValue(sessions.createdAt[sessionOf(row)] as number),
    },
  };
}

const AVAILABLE_FOR = 90 * DAY;

/** Of some of the finished sessions, made ready a few minutes after. */
export function sessionRecordings({ history, sessions }: World): SeedTable {
  const choice = history.draw('session_recordings.session_id');
  const format = history.draw('session_recordings.format');
  const readyAt = (session: number): number =>
    sessions.finishedAt(session) + 2 * MINUTE + choice.below(600, session, 1) * SECOND;
  const recorded = indexesWhere(
    sessions.count,
    (session) => choice.chance(0.22, session) && readyAt(session) < history.to,
  );
  const session = (row: number): number => recorded[row] as number;
  const seconds = (row: number): number =>
    (sessions.finishedAt(session(row)) - sessions.beganAt(session(row))) / SECOND;
  const kind = (row: number) => pickWeighted(recordingFormats, format.bits(session(row)));
  return {
    table: 'session_recordings',
    rowCount: recorded.length,
    columns: {
      id: (row) => row + 1,
      session_id: (row) => session(row) + 1,
      file_url: (row) =>
        `https://media.studymate.example/recordings/${session(row) + 1}/${format.bits(session(row), 1).toString(16).padStart(8, '0')}.${kind(row).format.toLowerCase()}`,
      file_size: (row) =>
        Math.round(seconds(row) * kind(row).bytesPerSecond * (0.8 + 0.4 * format.unit(session(row), 2))),
      duration: (row) => seconds(row),
      format: (row) => kind(row).format,
      quality: (row) => kind(row).quality,
      is_available: (row) => readyAt(session(row)) + AVAILABLE_FOR > history.to,
      expires_at: (row) => timestampValue(readyAt(session(row)) + AVAILABLE_FOR),
      created_at: (row) => timestampValue(readyAt(session(row))),
    },
  };
}
