import type { History } from './history.js';
import type { Sessions } from './sessions.js';
import { NEVER, SECOND } from './time.js';

/** What each participant, by place among all, did in the session. */
export interface Attendance {
  sessionOf(participant: number): number;
  isHost(participant: number): boolean;
  /** NEVER for who did not come. */
  joinedAt(participant: number): number;
  /** NEVER while the session runs. */
  leftAt(participant: number): number;
  /** Seconds; 0 until the session is over. */
  seconds(participant: number): number;
  /** 1 to 5; null where there is none. */
  rating(participant: number): number | null;
}

export function createAttendance(history: History, sessions: Sessions): Attendance {
  const come = history.draw('session_participants.joined_at');
  const go = history.draw('session_participants.left_at');
  const rate = history.draw('session_participants.rating_given');
  const sessionOfPlace = new Int32Array(sessions.participantUser.length);
  for (let session = 0; session < sessions.count; session++)
    sessionOfPlace.fill(session, sessions.firstParticipant[session], sessions.firstParticipant[session + 1]);
  const sessionOf = (participant: number): number => sessionOfPlace[participant] as number;
  const place = (participant: number): number =>
    participant - (sessions.firstParticipant[sessionOf(participant)] as number);
  const joinedAt = (participant: number): number => {
    const session = sessionOf(participant);
    const began = sessions.beganAt(session);
    if (began === NEVER || (place(participant) > 1 && come.chance(0.08, participant, 1))) return NEVER;
    if (place(participant) === 0 || sessions.finishedAt(session) === NEVER) return began;
    return began + come.below(100, participant) * SECOND;
  };
  const leftAt = (participant: number): number => {
    const finished = sessions.finishedAt(sessionOf(participant));
    if (finished === NEVER || joinedAt(participant) === NEVER) return NEVER;
    return finished - (place(participant) === 0 ? 0 : go.below(45, participant) * SECOND);
  };
  const seconds = (participant: number): number => {
    const left = leftAt(participant);
    return left === NEVER ? 0 : (left - joinedAt(participant)) / SECOND;
  };
  return {
    sessionOf,
    isHost: (participant) => place(participant) === 0,
    joinedAt,
    leftAt,
    seconds,
    rating: (participant) =>
      seconds(participant) > 0 && rate.chance(0.74, participant, 1)
        ? drawRating(rate.unit(participant))
        : null,
  };
}

/** People are kind, as in every app that asks for stars. */
function drawRating(luck: number): number {
  if (luck < 0.46) return 5;
  if (luck < 0.81) return 4;
  if (luck < 0.94) return 3;
  return luck < 0.985 ? 2 : 1;
}
