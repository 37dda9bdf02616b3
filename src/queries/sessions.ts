import { sql, type Selectable } from 'kysely';
import type { LearningSession, SessionParticipant } from '../../generated/db.js';
import type { ReadKysely } from '../database/read-kysely.js';
import { compileOnce } from './compile-once.js';
import { assertLimit, beyond, pageByInstant, type Page, type PageOptions } from './page.js';
import { parsePosition, type Position, type TimeOrder } from './position.js';

export interface ListUpcomingSessionsOptions extends PageOptions {
  readonly userId: string;
}

const sessionColumns = [
  'id',
  'session_type',
  'title',
  'status',
  'scheduled_start_time',
  'scheduled_end_time',
  'room_id',
  'primary_language',
  'secondary_language',
] as const satisfies readonly (keyof LearningSession)[];

const shownColumns = [
  's.id',
  's.session_type',
  's.title',
  's.status',
  's.scheduled_end_time',
  's.room_id',
  's.primary_language',
  's.secondary_language',
] as const;

export type UpcomingSession = Pick<Selectable<LearningSession>, (typeof sessionColumns)[number]> &
  Pick<Selectable<SessionParticipant>, 'role' | 'is_confirmed'>;

/**
 * A page of the sessions a user takes part in that are planned or running and not past their planned end, by the
 * server's clock: the next one first, by `scheduled_start_time`, then `id`. Default 20 rows.
 *
 * Cost: every session the user ever took part in, by key (about four buffers each), as nothing in a participation says
 * when its session is; flat in the number of sessions of the platform.
 *
 * Index: `idx_user_sessions`, `learning_sessions_pkey`.
 *
 * @throws UsageError USAGE_INVALID_OPTION: limit; CURSOR_INVALID
 */
export async function listUpcomingSessions(
  db: ReadKysely,
  options: ListUpcomingSessionsOptions,
): Promise<Page<UpcomingSession>> {
  const limit = assertLimit(options.limit ?? 20);
  const position = parsePosition(ORDER, options.after);
  const values = { userId: options.userId, limit: limit + 1, at: '', id: '', ...position };
  return pageByInstant(
    await selectPage(db, values, { goesOn: position !== undefined }),
    'scheduled_start_time',
    limit,
    ORDER,
  );
}

const ORDER: TimeOrder = [
  { column: 's.scheduled_start_time', direction: 'asc' },
  { column: 's.id', direction: 'asc' },
];

interface Values extends Position {
  readonly userId: string;
  readonly limit: number;
}

const selectPage = compileOnce((db: ReadKysely, values: Values, { goesOn }: { goesOn: boolean }) =>
  db
    .selectFrom('session_participants as p')
    .innerJoinLateral(
      // The limit keeps it a look-up by key, whatever the planner thinks of reading everybody's sessions.
      (lateral) =>
        lateral
          .selectFrom('learning_sessions')
          .select(sessionColumns)
          .whereRef('id', '=', 'p.session_id')
          .where('status', 'in', ['SCHEDULED', 'IN_PROGRESS'])
          .where('scheduled_end_time', '>', sql<Date>`now()`)
          .limit(sql.lit(1))
          .as('s'),
      (join) => join.onTrue(),
    )
    .select(shownColumns)
    .select(['p.role', 'p.is_confirmed'])
    .where('p.user_id', '=', values.userId)
    .select(sql<string>`s.scheduled_start_time::text`.as('scheduled_start_time'))
    .$if(goesOn, (query) => query.where(beyond(ORDER, values)))
    .orderBy('s.scheduled_start_time', 'asc')
    .orderBy('s.id', 'asc')
    .limit(values.limit),
);
