import type { SeedPlan } from '../../seeds/seed-plan.js';
import type { SeedValue } from '../../seeds/seed-table.js';

/** How many acceptances are followed by each step, of those whose time for all steps was over at the reference date. */
export interface SeedFunnel {
  readonly accepted: number;
  /** One of the two wrote in their room within 48 hours. */
  readonly written: number;
  /** Of those, the two met within 14 days of the acceptance. */
  readonly met: number;
  /** Of those, they met again within 28 days of the first time. */
  readonly metAgain: number;
}

const HOUR_MICROS = 3_600_000_000;
const DAY_MICROS = 24 * HOUR_MICROS;
const EPOCH_2000 = Date.UTC(2000, 0, 1);

/** The steps of the report matching-funnel, from the values of the rows. */
export function measureFunnel(plan: SeedPlan): SeedFunnel {
  const end = (plan.options.referenceDate.getTime() - EPOCH_2000) * 1_000;
  const pairOf = (one: number, other: number): string => `${Math.min(one, other)} ${Math.max(one, other)}`;
  const pairOfRoom = new Map<number, number[]>();
  each(plan, 'chat_participants', (get) => {
    const room = Number(get('room_id'));
    pairOfRoom.set(room, [...(pairOfRoom.get(room) ?? []), Number(get('user_id'))]);
  });
  const pairOfDirect = new Map<number, string>();
  each(plan, 'chat_rooms', (get) => {
    const [one = 0, other = 0] = pairOfRoom.get(Number(get('id'))) ?? [];
    if (get('room_type') === 'DIRECT') pairOfDirect.set(Number(get('id')), pairOf(one, other));
  });
  const firstWritten = new Map<string, number>();
  each(plan, 'chat_messages', (get) => {
    const pair = pairOfDirect.get(Number(get('room_id')));
    if (pair === undefined || textOf(get('message_type')) === 'SYSTEM' || firstWritten.has(pair)) return;
    firstWritten.set(pair, Number(get('created_at')));
  });
  const metAt = listMeetings(plan, pairOf);
  const funnel = { accepted: 0, written: 0, met: 0, metAgain: 0 };
  each(plan, 'matching_requests', (get) => {
    const accepted = Number(get('responded_at'));
    if (get('status') !== 'ACCEPTED' || accepted + 42 * DAY_MICROS > end) return;
    funnel.accepted++;
    const pair = pairOf(Number(get('requester_id')), Number(get('target_id')));
    if (!((firstWritten.get(pair) ?? Infinity) < accepted + 48 * HOUR_MICROS)) return;
    funnel.written++;
    const [first = Infinity, second = Infinity] = metAt.get(pair) ?? [];
    if (first >= accepted + 14 * DAY_MICROS) return;
    funnel.met++;
    if (second < first + 28 * DAY_MICROS) funnel.metAgain++;
  });
  return funnel;
}

/** By pair, when the sessions began to which both came. */
function listMeetings(
  plan: SeedPlan,
  pairOf: (one: number, other: number) => string,
): ReadonlyMap<string, readonly number[]> {
  const beganAt = new Map<number, number>();
  each(plan, 'learning_sessions', (get) => {
    if (get('status') === 'COMPLETED' && get('session_type') !== 'GROUP_VIDEO')
      beganAt.set(Number(get('id')), Number(get('actual_start_time')));
  });
  const cameTo = new Map<number, number[]>();
  each(plan, 'session_participants', (get) => {
    const session = Number(get('session_id'));
    if (get('joined_at') !== null && beganAt.has(session))
      cameTo.set(session, [...(cameTo.get(session) ?? []), Number(get('user_id'))]);
  });
  const meetings = new Map<string, number[]>();
  for (const [session, [one, other]] of cameTo) {
    if (one === undefined || other === undefined) continue;
    const pair = pairOf(one, other);
    meetings.set(
      pair,
      [...(meetings.get(pair) ?? []), beganAt.get(session) ?? 0].sort((a, b) => a - b),
    );
  }
  return meetings;
}

function each(plan: SeedPlan, name: string, visit: (get: (column: string) => SeedValue) => void): void {
  const table = plan.tables.find((candidate) => candidate.table === name);
  for (let row = 0; row < (table?.rowCount ?? 0); row++) {
    table?.prepare?.(row);
    visit((column) => table?.columns[column]?.(row) ?? null);
  }
}

function textOf(value: SeedValue): string {
  return value instanceof Uint8Array ? Buffer.from(value).toString() : String(value);
}
