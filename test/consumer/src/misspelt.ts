import { createDatabase } from 'studymate-db';

const database = createDatabase({ connectionString: '' });
await database.read.selectFrom('users').select(['id', 'emial']).execute();
