import { beforeEach, describe, expect, it } from 'vitest';
import { formatCursor } from '../../src/database/keyset-cursor.js';
import {
  listPartnerCandidates,
  type ListPartnerCandidatesOptions,
  type PartnerCandidate,
} from '../../src/queries/partner-candidates.js';
import { useQueries } from '../support/query-database.js';
import { insertRow, insertUser, type Values } from '../support/rows.js';

type Languages = Readonly<Partial<Record<'NATIVE' | 'TEACHING' | 'LEARNING', readonly string[]>>>;

const KOREAN_LEARNING_ENGLISH = { NATIVE: ['ko'], LEARNING: ['en'] };
const ENGLISH_LEARNING_KOREAN = { NATIVE: ['en'], LEARNING: ['ko'] };

const queries = useQueries();
let me: string;

async function person(languages: Languages, values: Values = {}): Promise<string> {
  const id = await insertUser(queries.client, values);
  for (const [language_type, codes] of Object.entries(languages))
    for (const language_code of codes)
      await insertRow(queries.client, 'user_languages', { user_id: id, language_code, language_type });
  return id;
}

beforeEach(async () => {
  await queries.client.query('delete from users');
  me = await person(KOREAN_LEARNING_ENGLISH);
});

const candidates = async (
  options: Partial<ListPartnerCandidatesOptions> = {},
): Promise<readonly PartnerCandidate[]> =>
  (await listPartnerCandidates(queries.db, { userId: me, ...options })).rows;
const ids = async (options: Partial<ListPartnerCandidatesOptions> = {}): Promise<string[]> =>
  (await candidates(options)).map(({ id }) => id);
const prefer = (values: Values): Promise<unknown> =>
  insertRow(queries.client, 'matching_preferences', { user_id: me, ...values });

describe('partner candidates', () => {
  it('are those whose languages complement the user’s, newest first, with what they teach and learn', async () => {
    await person(KOREAN_LEARNING_ENGLISH);
    await person({ NATIVE: ['en'], LEARNING: ['ja'] });
    await person({ LEARNING: ['ko', 'en'] });
    const native = await person(ENGLISH_LEARNING_KOREAN, { english_name: 'Emma', korean_name: null });
    const teacher = await person({ NATIVE: ['fr'], TEACHING: ['en', 'de'], LEARNING: ['ko', 'ja'] });
    expect(await ids()).toEqual([teacher, native]);
    expect(await candidates()).toMatchObject([
      { id: teacher, teaches: ['en'], learns: ['ko'] },
      {
        id: native,
        english_name: 'Emma',
        korean_name: null,
        birth_date: '1995-05-05',
        gender: null,
        compatibility_score: null,
      },
    ]);
  });

  it('can be narrowed to one language to learn and one to teach', async () => {
    for (const [code, type] of [
      ['fr', 'LEARNING'],
      ['ja', 'TEACHING'],
    ] as const)
      await insertRow(queries.client, 'user_languages', {
        user_id: me,
        language_code: code,
        language_type: type,
      });
    const english = await person(ENGLISH_LEARNING_KOREAN);
    const french = await person({ NATIVE: ['fr'], LEARNING: ['ja'] });
    expect(await ids()).toEqual([french, english]);
    expect(await ids({ learn: 'en' })).toEqual([english]);
    expect(await ids({ teach: 'ja' })).toEqual([french]);
    expect(await ids({ learn: 'en', teach: 'ja' })).toEqual([]);
  });

  it('leave out partners and pending requests in either direction, and who is inactive', async () => {
    const [partner, partnerToo, asked, asking, inactive] = [
      await person(ENGLISH_LEARNING_KOREAN),
      await person(ENGLISH_LEARNING_KOREAN),
      await person(ENGLISH_LEARNING_KOREAN),
      await person(ENGLISH_LEARNING_KOREAN),
      await person(ENGLISH_LEARNING_KOREAN, { is_active: false }),
    ];
    const left = [
      await person(ENGLISH_LEARNING_KOREAN),
      await person(ENGLISH_LEARNING_KOREAN),
      await person(ENGLISH_LEARNING_KOREAN),
    ];
    const expires_at = new Date(Date.now() + 86_400_000);
    await insertRow(queries.client, 'user_partnerships', { user_id_1: me, user_id_2: partner });
    await insertRow(queries.client, 'user_partnerships', { user_id_1: partnerToo, user_id_2: me });
    await insertRow(queries.client, 'matching_requests', { requester_id: me, target_id: asked, expires_at });
    await insertRow(queries.client, 'matching_requests', { requester_id: asking, target_id: me, expires_at });
    await insertRow(queries.client, 'matching_requests', {
      requester_id: me,
      target_id: left[0],
      expires_at: new Date(0),
    });
    await insertRow(queries.client, 'matching_requests', {
      requester_id: left[1],
      target_id: me,
      expires_at,
      status: 'REJECTED',
    });
    expect(await ids()).toEqual(left.reverse());
    expect(await ids()).not.toContain(inactive);
  });

  it('meet the age, gender and country wanted', async () => {
    const born = async (years: number, days: number): Promise<string> => {
      const { rows } = await queries.client.query<{ date: string }>(
        `select ((now() at time zone 'UTC')::date - make_interval(years => $1, days => $2))::date::text as date`,
        [years, days],
      );
      return rows[0]?.date ?? '';
    };
    const is = (values: Values): Promise<string> =>
      person(ENGLISH_LEARNING_KOREAN, {
        gender: 'FEMALE',
        residence: 'KR',
        birth_date: '1996-01-01',
        ...values,
      });
    await prefer({
      preferred_age_min: 20,
      preferred_age_max: 40,
      preferred_gender: 'FEMALE',
      preferred_countries: ['KR', 'US'],
    });
    await is({ birth_date: await born(20, -1) });
    await is({ birth_date: await born(41, 0) });
    await is({ gender: 'MALE' });
    await is({ gender: null });
    await is({ residence: 'JP' });
    await is({ residence: null });
    const youngest = await is({ birth_date: await born(20, 0) });
    const oldest = await is({ birth_date: await born(41, -1), residence: 'US' });
    expect(await ids()).toEqual([oldest, youngest]);
    await queries.client.query(
      `update matching_preferences set preferred_age_min = null, preferred_age_max = null,
                                       preferred_gender = 'ANY', preferred_countries = '{}'`,
    );
    expect(await ids()).toHaveLength(8);
  });

  it('leave a former partner out whose known compatibility is below the one wanted', async () => {
    const former = async (user: string, compatibility_score: number | null): Promise<string> => {
      await insertRow(queries.client, 'user_partnerships', {
        user_id_1: user,
        user_id_2: me,
        compatibility_score,
        is_active: false,
      });
      return user;
    };
    const [low, enough, unknown] = [
      await former(await person(ENGLISH_LEARNING_KOREAN), 69),
      await former(await person(ENGLISH_LEARNING_KOREAN), 70),
      await former(await person(ENGLISH_LEARNING_KOREAN), null),
    ];
    expect(await ids()).toEqual([unknown, enough, low]);
    await prefer({ min_compatibility: 70 });
    expect((await candidates()).map(({ id, compatibility_score }) => [id, compatibility_score])).toEqual([
      [unknown, null],
      [enough, 70],
    ]);
  });

  it('come page by page, each once, also when a page looks at five hundred people in vain', async () => {
    const first = await person(ENGLISH_LEARNING_KOREAN);
    await queries.client.query(
      `with strangers as (
         insert into users (email, english_name, birth_date)
         select 's' || i || '@example.com', 'Stranger', '1995-05-05' from generate_series(1, 1100) i returning id
       )
       insert into user_languages (user_id, language_code, language_type) select id, 'en', 'NATIVE' from strangers`,
    );
    const [second, third] = [await person(ENGLISH_LEARNING_KOREAN), await person(ENGLISH_LEARNING_KOREAN)];
    const pages: string[][] = [];
    let cursor: string | undefined;
    do {
      const page = await listPartnerCandidates(queries.db, { userId: me, limit: 1, after: cursor });
      pages.push(page.rows.map(({ id }) => id));
      cursor = page.next;
    } while (cursor !== undefined);
    expect(pages.flat()).toEqual([third, second, first]);
    expect(pages).toContainEqual([]);
  });

  it('are refused with a cursor that makes no sense', async () => {
    const broken = formatCursor([{ column: 'id', direction: 'desc' }], ['nobody']);
    for (const after of ['nonsense', broken])
      await expect(listPartnerCandidates(queries.db, { userId: me, after })).rejects.toMatchObject({
        code: 'CURSOR_INVALID',
      });
  });

  it('are none for a user without languages, and for nobody', async () => {
    await person(ENGLISH_LEARNING_KOREAN);
    for (const userId of [await person({}), '999999999'])
      expect(await listPartnerCandidates(queries.db, { userId })).toEqual({ rows: [], next: undefined });
  });
});
