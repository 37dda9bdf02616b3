import { sql } from 'kysely';
import type { UserGender } from '../../generated/db.js';
import type { ReadKysely } from '../database/read-kysely.js';
import { formatCursor, type KeysetColumn } from '../database/keyset-cursor.js';
import { assertLimit, type Page, type PageOptions } from './page.js';
import { LARGEST_ID, parseId } from './position.js';

export interface ListPartnerCandidatesOptions extends PageOptions {
  /** Who looks for a partner. */
  readonly userId: string;
  /** Of the languages the user learns, this one only. */
  readonly learn?: string | undefined;
  /** Of the languages the user speaks natively or teaches, this one only. */
  readonly teach?: string | undefined;
}

export interface PartnerCandidate {
  readonly id: string;
  readonly english_name: string;
  readonly korean_name: string | null;
  /** `YYYY-MM-DD`. */
  readonly birth_date: string;
  readonly gender: UserGender | null;
  readonly residence: string | null;
  readonly profile_image_url: string | null;
  readonly intro: string | null;
  /** What the candidate speaks natively or teaches and the user learns; by code. */
  readonly teaches: readonly string[];
  /** What the candidate learns and the user speaks natively or teaches; by code. */
  readonly learns: readonly string[];
  /** Of an earlier partnership of the two, 0 to 100; null when there was none. */
  readonly compatibility_score: number | null;
}

/**
 * A page of people whose languages complement the user's (each speaks or teaches what the other learns) and who meet
 * the user's preferences: newest members first, by `id` descending. Default 20 rows.
 *
 * Left out: the user, partners, whoever has a pending request from or to the user, inactive accounts; by preference,
 * whoever is too young or too old today in UTC, of another gender than wanted or of none, whose `residence` is not one
 * of the countries wanted, and former partners whose compatibility is known and below the one wanted.
 * `max_distance_km` is not looked at, as nothing says where people are.
 *
 * Cost is bounded: a page looks at 500 people at most, and at the user's own partners and pending requests. It can
 * therefore be short, even empty, and have a `next`: the end is where `next` is undefined.
 *
 * Index: `idx_language_users` in its order, `users_pkey`, `unique_user_language`, `unique_partnership_pair`.
 *
 * @throws UsageError USAGE_INVALID_OPTION: limit; CURSOR_INVALID. A user who does not exist has no candidates.
 */
export async function listPartnerCandidates(
  db: ReadKysely,
  options: ListPartnerCandidatesOptions,
): Promise<Page<PartnerCandidate>> {
  const limit = assertLimit(options.limit ?? 20);
  const before = options.after === undefined ? LARGEST_ID : parseId(ORDER, options.after);
  const { rows: fetched } = await selectCandidates(options, before, limit + 1).execute(db);
  const found = fetched.flatMap(({ candidate }) => (candidate === null ? [] : [candidate]));
  const rows = found.slice(0, limit);
  const end = found.length > limit ? rows.at(-1)?.id : (fetched[0]?.pool_end ?? undefined);
  return { rows, next: end === undefined ? undefined : formatCursor(ORDER, [end]) };
}

const ORDER: readonly [KeysetColumn] = [{ column: 'id', direction: 'desc' }];

/** People looked at for a page. */
const POOL = sql.lit(500);

/** `pool_end` is set when there may be more people beyond the pool; one row says so even when nobody is found. */
interface Fetched {
  readonly pool_end: string | null;
  readonly candidate: PartnerCandidate | null;
}

function selectCandidates(
  { userId, learn, teach }: ListPartnerCandidatesOptions,
  before: string,
  limit: number,
) {
  const me = sql`${userId}::bigint`;
  const isChosen = (code: string | undefined) =>
    sql`(${code ?? null}::text is null or language_code = ${code ?? null}::text)`;
  return sql<Fetched>`
with seeker as (
  select array_agg(distinct language_code) filter (where language_type = 'LEARNING' and ${isChosen(learn)}) as learning,
         array_agg(distinct language_code) filter (where language_type <> 'LEARNING' and ${isChosen(teach)}) as teaching
  from user_languages where user_id = ${me}
),
left_out (user_id) as (
  select ${me}
  union all select user_id_2 from user_partnerships where user_id_1 = ${me} and is_active
  union all select user_id_1 from user_partnerships where user_id_2 = ${me} and is_active
  union all select target_id from matching_requests where requester_id = ${me} and status = 'PENDING' and expires_at > now()
  union all select requester_id from matching_requests where target_id = ${me} and status = 'PENDING' and expires_at > now()
),
pool as materialized (
  select found.user_id
  from (select unnest(learning) from seeker) as wanted (code)
  cross join (values ('NATIVE'), ('TEACHING')) as kind (type)
  cross join lateral (
    select l.user_id from user_languages l
    where l.language_code = wanted.code and l.language_type = kind.type
      and l.user_id < ${before}::bigint
    order by l.user_id desc
    -- So many more that those left out never use up the pool.
    limit ${POOL} + (select count(*) from left_out)
  ) as found
  where found.user_id not in (select user_id from left_out)
  group by found.user_id
  order by found.user_id desc
  limit ${POOL}
)
select page.pool_end, to_jsonb(c) as candidate
from (select case when count(*) = ${POOL} then min(user_id) end as pool_end from pool) as page
left join lateral (
  select u.*, languages.teaches, languages.learns, former.compatibility_score
  from pool
  left join matching_preferences w on w.user_id = ${me}
  cross join lateral (
    select array_agg(distinct l.language_code)
             filter (where l.language_type <> 'LEARNING' and l.language_code = any (seeker.learning)) as teaches,
           array_agg(distinct l.language_code)
             filter (where l.language_type = 'LEARNING' and l.language_code = any (seeker.teaching)) as learns
    from user_languages l, seeker where l.user_id = pool.user_id
  ) as languages
  cross join lateral (
    select u.id::text, u.english_name, u.korean_name, u.birth_date, u.gender, u.residence, u.profile_image_url, u.intro
    from users u, (select (now() at time zone 'UTC')::date) as today (date)
    where u.id = pool.user_id and u.is_active
      and (w.preferred_age_min is null or u.birth_date <= today.date - make_interval(years => w.preferred_age_min))
      and (w.preferred_age_max is null or u.birth_date > today.date - make_interval(years => w.preferred_age_max + 1))
      and (coalesce(w.preferred_gender, 'ANY') = 'ANY' or u.gender = w.preferred_gender)
      and (coalesce(cardinality(w.preferred_countries), 0) = 0 or u.residence = any (w.preferred_countries))
    -- A limit of one keeps it a look-up by key, one person after another until the page is full; as a join,
    -- PostgreSQL 15 scanned the whole table.
    limit 1
  ) as u
  left join lateral (
    select p.compatibility_score from user_partnerships p
    where least(p.user_id_1, p.user_id_2) = least(pool.user_id, ${me})
      and greatest(p.user_id_1, p.user_id_2) = greatest(pool.user_id, ${me})
    limit 1
  ) as former on true
  where languages.learns is not null
    and coalesce(former.compatibility_score >= w.min_compatibility, true)
  order by pool.user_id desc
  limit ${limit}
) as c on true
order by c.id::bigint desc`;
}
