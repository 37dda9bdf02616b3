/** What a service does: writes a row, reads it through the cache, and says what it got. */
import { createCache, createDatabase, migrateStatus } from 'studymate-db';

const connectionString = process.env['DATABASE_URL'] ?? '';
const database = createDatabase({ connectionString });
const cache = createCache();

const { id } = await database.primary
  .insertInto('users')
  .values({ email: 'consumer@example.com', english_name: 'Consumer', birth_date: '1999-12-31' })
  .returning('id')
  .executeTakeFirstOrThrow();

const load = () =>
  database.read
    .selectFrom('users')
    .select(['id', 'email', 'birth_date'])
    .where('id', '=', id)
    .executeTakeFirst();
const user = await cache.get(`user:${id}`, { ttlMs: 60_000, tags: [`user:${id}`] }, load);
const email: string | undefined = user?.email;
const birthDate: string | undefined = user?.birth_date;

const { migrations } = await migrateStatus({ connection: connectionString });
console.log(
  JSON.stringify({ email, birthDate, pending: migrations.filter(({ state }) => state === 'pending').length }),
);

await cache.close();
await database.close();
