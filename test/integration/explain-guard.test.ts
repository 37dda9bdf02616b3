import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type pg from 'pg';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { compareShapes, formatShapes, parseShapes, readShapes } from '../../src/explain/plan-guard.js';
import { seed } from '../../src/seed/seed.js';
import { updatesPlans } from '../support/plan-shapes.js';
import { useDatabase } from '../support/database.js';

/**
 * The plans of our own hot queries on the demo world (50,000 messages in twelve months), which is the same everywhere.
 * When a change of plan is meant: STUDYMATE_UPDATE_PLANS=1 npx vitest run --project integration explain-guard.
 */
const file = fileURLToPath(new URL('../plans/hot-queries.txt', import.meta.url));
const database = useDatabase();
let client: pg.Client;

beforeAll(async () => {
  await seed({ connection: database.url, profile: 'demo' });
  client = await database.connect();
}, 180_000);

const found = (names?: readonly string[]) => readShapes({ connection: database.url, write: true, names });
const kept = async () => parseShapes(await readFile(file, 'utf8'), file);

describe('the plans of the hot queries', () => {
  it('have the shapes that are kept', async ({ skip }) => {
    const { rows } = await client.query<{ major: number }>(
      `select current_setting('server_version_num')::int / 10000 as major`,
    );
    // Other majors plan otherwise; those promises are in plans.test.ts.
    if (rows[0]?.major !== 17) skip();
    const shapes = await found();
    if (updatesPlans()) await writeFile(file, formatShapes(shapes));
    expect(compareShapes(await kept(), shapes)).toEqual([]);
  });

  it('have the same shape twice, and after new statistics', async () => {
    const before = await found();
    await client.query('analyze');
    expect(compareShapes(before, await found())).toEqual([]);
  });

  it('keep neither costs, rows, values, months nor tokens', async () => {
    const text = formatShapes(await found());
    expect(text).toContain('chat_messages[some months]');
    expect(text).not.toMatch(/\d{3,}|cost|_y20|'/);
  });

  it('differ by name and node when an index is gone, and only where it was used', async () => {
    const before = await found();
    await client.query(`alter table learning_analytics drop constraint unique_user_date_lang`);
    onTestFinished(async () => {
      await client.query(
        `alter table learning_analytics add constraint unique_user_date_lang unique (user_id, language_code, date)`,
      );
    });
    const differences = compareShapes(before, await found());
    expect(differences.map(({ name, change }) => ({ name, change }))).toEqual([
      { name: 'listLearningDays', change: 'changed' },
    ]);
    expect(differences[0]?.diff).toMatch(/^-.*by unique_user_date_lang/m);
    expect(differences[0]?.diff).toMatch(/^\+.*by idx_date_analytics/m);
  });

  it('differ when months are no longer left out', async () => {
    const names = ['listRoomMessages'];
    const before = await found(names);
    await client.query(`alter database "${database.name}" set enable_partition_pruning = off`);
    const differences = compareShapes(before, await found(names));
    await client.query(`alter database "${database.name}" reset all`);
    expect(differences[0]?.diff).toMatch(/^-.*\[some months\]/m);
    expect(differences[0]?.diff).toMatch(/^\+.*\[all months\]/m);
  });
});
