import { appendFile, cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { archiveMonths } from './doctor-months.js';
import { asRole, brief, look } from './doctor-support.js';
import { connection } from '../../src/doctor/checks/connection.js';
import { serverVersion } from '../../src/doctor/checks/server-version.js';
import type { CheckContext } from '../../src/doctor/check.js';
import { checkNames, runDoctor } from '../../src/doctor/run-doctor.js';
import { knownReleases } from '../../src/doctor/releases.js';
import { defaultThresholds } from '../../src/doctor/thresholds.js';
import { takeIndexSnapshot } from '../../src/indexes/take-snapshot.js';
import { runMaintenance } from '../../src/maintain/maintain.js';
import { defaultMigrationsDirectory } from '../../src/migrate/migration-folder.js';
import { listPartitions } from '../../src/partitions/list-partitions.js';
import { catalogFingerprint } from '../support/catalog-fingerprint.js';
import { emptyDatabaseForTest, useDatabase } from '../support/database.js';
import { poll } from '../support/poll.js';
import { insertConversation, insertMessage } from '../support/rows.js';

const database = useDatabase();
let client: pg.Client;

beforeAll(async () => {
  // The migrations make one month, which is long over.
  await runMaintenance({ connection: database.url });
});
beforeEach(async () => void (client = await database.connect()));
afterEach(async () => client.end());

const run = (sql: string): Promise<unknown> => client.query(sql);

/** What asks about this database and not about the server. */
const local = checkNames.filter(
  (name) =>
    ![
      'locks',
      'transactions',
      'connections',
      'connection',
      'server-version',
      'settings',
      'autovacuum',
      'index-unused',
      'cache-hit',
      'replication-slots',
      'replication-lag',
      'statements',
      'wraparound',
    ].includes(name),
);

test('nothing is found in a database that is migrated and maintained, and nothing is written', async () => {
  const print = await catalogFingerprint(client);
  expect(brief(await look(database.url, local))).toEqual([]);
  expect(await catalogFingerprint(client)).toBe(print);
});

test('ownership: a table of another owner, and a public that everybody writes to', async () => {
  const role = `owner_${database.name}`;
  await run(`create role ${role}; alter table public.user_interests owner to ${role};
    grant create on schema public to public`);
  try {
    const findings = await look(database.url, ['ownership']);
    expect(findings.map(({ severity, object }) => `${severity} ${object}`)).toEqual([
      'error public.user_interests',
      'warn schema public',
    ]);
    for (const { fix } of findings) await run(fix);
    expect(await look(database.url, ['ownership'])).toEqual([]);
  } finally {
    await run(`revoke create on schema public from public; drop owned by ${role}; drop role ${role}`);
  }
});

describe('migrations', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'doctor-migrations-'));
    await cp(defaultMigrationsDirectory(), folder, { recursive: true });
  });
  afterAll(async () => rm(folder, { recursive: true, force: true }));

  test('one that waits, one that was edited, one that is gone', async () => {
    await writeFile(
      join(folder, '9999_add-something.sql'),
      '-- Up Migration\nselect 1;\n-- Down Migration\nselect 1;\n',
    );
    await appendFile(join(folder, '0002_create-users.sql'), '\n-- changed\n');
    await rm(join(folder, '0003_create-auth.sql'));
    const findings = await look(database.url, ['migrations'], { migrationsDirectory: folder });
    expect(brief(findings)).toEqual([
      'error 0002_create-users: its file was edited after it was applied',
      'error 0003_create-auth: it is applied, and its file is gone',
      'warn 9999_add-something: 1 pending: 9999_add-something',
    ]);
    expect(findings[0]?.fix).toContain('migrate repair 0002_create-users');
  });

  test('a database that was never migrated', async () => {
    const empty = await emptyDatabaseForTest();
    const [finding] = await look(empty.url, ['migrations']);
    expect(finding).toMatchObject({ severity: 'error', fix: 'studymate-db migrate' });
    // The checks that need the tables say so; none of them is silent, and none ends the run.
    const others = await look(empty.url, ['partitions', 'archive', 'index-unused', 'sequences']);
    expect(others.map(({ check, object }) => `${check} ${object}`).sort()).toEqual([
      'archive check',
      'index-unused check',
      'partitions check',
    ]);
  });
});

test('constraints: triggers that were disabled, a check that was not validated', async () => {
  await run(`alter table public.chat_participants disable trigger all;
    alter table public.users add constraint users_doctor_check check (id > 0) not valid`);
  const findings = await look(database.url, ['constraints']);
  expect(findings.map(({ severity, object }) => `${severity} ${object}`)).toEqual([
    'error public.chat_participants',
    'warn public.users',
  ]);
  expect(findings[0]?.what).toContain('fk_chat_participants_last_read');
  await run(findings[1]?.fix ?? '');
  await run(`alter table public.chat_participants enable trigger all`);
  expect(await look(database.url, ['constraints'])).toEqual([]);
  await run('alter table public.users drop constraint users_doctor_check');
});

describe('partitions', () => {
  /** It finds something exactly where «partition list --exit-code» ends with 3. */
  const agrees = async (now?: Date): Promise<readonly string[]> => {
    const listed = await listPartitions({ connection: database.url, now });
    const findings = await look(database.url, ['partitions'], { now });
    expect(findings).toHaveLength(listed.findings);
    return brief(findings);
  };

  test('a row in the default partition, with its count for monitoring', async () => {
    const { room, alice } = await insertConversation(client);
    const id = await insertMessage(client, {
      room_id: room,
      sender_id: alice,
      created_at: '2031-03-05T00:00Z',
    });
    expect(await agrees()).toEqual([
      'warn public.chat_messages_default: default not empty: 1 rows of 2031-03',
    ]);
    const { measurements } = await runDoctor({ connection: database.url, only: ['partitions'] });
    expect(measurements[0]).toMatchObject({ name: 'default_rows_chat_messages', value: 1 });
    await client.query('delete from public.chat_messages where id = $1', [id]);
    expect(await agrees()).toEqual([]);
  });

  test('a default partition that is gone', async () => {
    await run('alter table public.chat_messages detach partition public.chat_messages_default');
    const findings = await agrees();
    expect(findings[0]).toMatch(/^error public\.chat_messages: default missing/);
    await run('alter table public.chat_messages attach partition public.chat_messages_default default');
  });

  test('months that are not made, but not before the daily run could have made them', async () => {
    const today = new Date();
    const first = Date.UTC(today.getUTCFullYear(), today.getUTCMonth() + 1, 1);
    const listed = await listPartitions({ connection: database.url, now: new Date(first + 3_600_000) });
    expect(listed.findings).toBe(2);
    expect(await look(database.url, ['partitions'], { now: new Date(first + 3_600_000) })).toEqual([]);
    const late = await agrees(new Date(first + 3 * 86_400_000));
    expect(late).toEqual([
      expect.stringMatching(/^warn public\.chat_messages: premake short/),
      expect.stringMatching(/^warn public\.user_activity_logs: premake short/),
    ]);
  });
});

test('archive: a month that is overdue, what is in its way, and a run that failed', async () => {
  const { soon, late, month } = archiveMonths(new Date());
  expect(await look(database.url, ['archive'], { now: soon })).toEqual([]);
  const due = await look(database.url, ['archive'], { now: late });
  expect(due.map(({ severity, object }) => `${severity} ${object}`)).toEqual([
    'warn public.chat_messages',
    'warn public.user_activity_logs',
  ]);
  expect(due[0]?.what).toContain(`chat_messages_${month}`);
  await run(`alter table public.chat_messages_archive add column extra int;
    insert into studymate.runs (command, result, finished_at, error_message, tool_version)
    values ('archive run', 'failed', now(), 'no room', '0')`);
  expect(brief(await look(database.url, ['archive']))).toEqual([
    expect.stringMatching(/^error public\.chat_messages: no month can be archived/),
    expect.stringMatching(/^warn public\.chat_messages: the last «archive run».* failed: no room/),
    expect.stringMatching(/^warn public\.user_activity_logs: the last «archive run».* failed: no room/),
  ]);
  await run(`alter table public.chat_messages_archive drop column extra; delete from studymate.runs`);
});

test('sequences: one that ends with the integer column it fills, long before itself', async () => {
  await run(`create sequence public."번호 seq";
    create table public.doctor_numbers (id int default nextval('public."번호 seq"'), other smallint generated always as identity)`);
  await run(
    `select setval('public."번호 seq"', 1600000000), setval('public.doctor_numbers_other_seq', 32000)`,
  );
  const findings = await look(database.url, ['sequences']);
  expect(brief(findings)).toEqual([
    'error public.doctor_numbers_other_seq: 97 % used: 32000 of 32767',
    'warn public."번호 seq": 74 % used: 1600000000 of 2147483647, as public.doctor_numbers.id is integer and the sequence bigint',
  ]);
  expect(findings[1]?.fix).toContain('alter table public.doctor_numbers alter column id type bigint');
  await run(`alter table public.doctor_numbers alter column id type bigint`);
  expect(await look(database.url, ['sequences'])).toHaveLength(1);
  await run('drop table public.doctor_numbers; drop sequence public."번호 seq"');
});

test('wraparound: the database, its tables, and archived months that are not frozen', async () => {
  expect(await look(database.url, ['wraparound'])).toEqual([]);
  const warned = await look(database.url, ['wraparound'], { thresholds: { freezeAgeWarnRatio: 1e-8 } });
  expect(warned.find(({ object }) => object === `database ${database.name}`)).toMatchObject({
    severity: 'warn',
  });
  expect(warned.map(({ object }) => object)).toContain('public.users');
  const errors = await look(database.url, ['wraparound'], { thresholds: { freezeAgeError: 1 } });
  expect(errors[0]).toMatchObject({ severity: 'error', object: `database ${database.name}` });
  await run(`create table public.chat_messages_archive_y2020m01 partition of public.chat_messages_archive
    for values from ('2020-01-01 00:00+00') to ('2020-02-01 00:00+00')`);
  await run('select pg_current_xact_id()');
  const unfrozen = await look(database.url, ['wraparound'], { thresholds: { archiveFreezeAge: 1 } });
  expect(unfrozen.map(({ severity, object }) => `${severity} ${object}`)).toContain(
    'info public.chat_messages_archive',
  );
  await run('drop table public.chat_messages_archive_y2020m01');
});

test('vacuum: dead rows that stay, summed over partitions; gone after a vacuum', async () => {
  await run(`create table public.doctor_dead (at int) partition by range (at);
    create table public.doctor_dead_1 partition of public.doctor_dead for values from (0) to (1000);
    create table public.doctor_dead_2 partition of public.doctor_dead for values from (1000) to (2000)`);
  await run('insert into public.doctor_dead select * from generate_series(0, 1999)');
  await run('delete from public.doctor_dead where at % 10 < 7');
  await run('select pg_stat_force_next_flush()');
  expect(await look(database.url, ['vacuum'])).toEqual([]);
  const thresholds = { deadRowsMinimum: 1_400 };
  expect(brief(await look(database.url, ['vacuum'], { thresholds }))).toEqual([
    expect.stringMatching(/^warn public\.doctor_dead: 1,400 dead rows beside 600 live ones, no vacuum since/),
  ]);
  await run('vacuum public.doctor_dead');
  await run('select pg_stat_force_next_flush()');
  expect(await look(database.url, ['vacuum'], { thresholds })).toEqual([]);
  await run('drop table public.doctor_dead');
});

test('analyze: told by the statistics themselves, which a crash does not take', async () => {
  await run(`create table public.doctor_new (at int primary key) partition by range (at);
    create table public.doctor_new_1 partition of public.doctor_new for values from (0) to (100000);
    insert into public.doctor_new select * from generate_series(0, 4999)`);
  await run('vacuum public.doctor_new_1');
  await run('select pg_stat_force_next_flush()');
  expect(brief(await look(database.url, ['analyze']))).toEqual([
    expect.stringMatching(
      /^warn public\.doctor_new: 1 of its partitions were never analyzed, such as public\.doctor_new_1, nor was the table as a whole/,
    ),
  ]);
  await run('analyze public.doctor_new_1');
  expect(brief(await look(database.url, ['analyze']))).toEqual([
    expect.stringMatching(/^info public\.doctor_new: its partitions are analyzed, the table as a whole/),
  ]);
  await run('analyze public.doctor_new');
  // What a crash does to the counters.
  await run('select pg_stat_reset()');
  expect(await look(database.url, ['analyze'])).toEqual([]);
  await run('drop table public.doctor_new');
});

describe('indexes', () => {
  beforeAll(async () => {
    const setup = await database.connect();
    await setup.query(`create schema worn;
      create table worn.parents (id int primary key);
      create table worn.rows (id int primary key, parent int constraint rows_parent_fkey references worn.parents, status int)
        with (autovacuum_enabled = off);
      insert into worn.rows select i, null, i % 7 from generate_series(1, 20000) i;
      create index rows_status on worn.rows (status, id);
      create index rows_twin on worn.rows (status);
      delete from worn.rows where id % 10 <> 0`);
    await setup.query('select pg_stat_force_next_flush()');
    await setup.query('vacuum (analyze) worn.rows');
    await setup
      .query('create unique index concurrently rows_invalid on worn.rows (status)')
      .catch(() => undefined);
    await setup.end();
  });
  afterAll(async () => {
    const cleaner = await database.connect();
    await cleaner.query('drop schema worn cascade');
    await cleaner.end();
  });

  test('each kind of trouble has its check, and a table without autovacuum too', async () => {
    const findings = await look(
      database.url,
      ['index-invalid', 'index-bloat', 'index-redundant', 'foreign-key-index', 'autovacuum'],
      { thresholds: { indexBloatBytes: 8192 } },
    );
    const inSchema = findings.filter(({ object }) => object.startsWith('worn.'));
    expect(inSchema.map(({ check, severity, object }) => `${check} ${severity} ${object}`).sort()).toEqual([
      'autovacuum warn worn.rows',
      'foreign-key-index warn worn.rows.rows_parent_fkey',
      'index-bloat warn worn.rows_pkey',
      'index-bloat warn worn.rows_status',
      'index-bloat warn worn.rows_twin',
      'index-invalid error worn.rows_invalid',
      'index-redundant warn worn.rows_twin',
    ]);
    for (const { what, why, fix } of inSchema) expect([what, why, fix]).not.toContain('');
  });

  test('an index that is being built is no trouble', async () => {
    await run('drop index worn.rows_invalid');
    const [reader, builder] = [await database.connect(), await database.connect()];
    await reader.query('begin isolation level repeatable read; select count(*) from worn.rows');
    const build = builder.query('create index concurrently rows_building on worn.rows (id, status)');
    const pid = (builder as pg.Client & { processID: number }).processID;
    await poll(async () => {
      const { rows } = await client.query('select from pg_locks where not granted and pid = $1', [pid]);
      return rows.length > 0;
    }, 'the wait of the build');
    expect(brief(await look(database.url, ['index-invalid']))).toEqual([
      expect.stringMatching(/^info worn\.rows_building: .*is being built now/),
    ]);
    await reader.query('commit');
    await build;
    expect(await look(database.url, ['index-invalid'])).toEqual([]);
    await Promise.all([reader.end(), builder.end()]);
  });

  test('use is said to be unobserved, until two readings tell', async () => {
    const [unobserved] = await look(database.url, ['index-unused']);
    expect(unobserved).toMatchObject({ severity: 'info', object: 'index usage' });
    await takeIndexSnapshot({ connection: database.url });
    await run(
      `update studymate.index_snapshots set taken_at = taken_at - interval '40 days', counted_since = null`,
    );
    await takeIndexSnapshot({ connection: database.url });
    await run('update studymate.index_snapshots set counted_since = null');
    const unused = await look(database.url, ['index-unused']);
    expect(unused.map(({ severity, object }) => `${severity} ${object}`)).toContain('warn worn.rows_twin');
    await run('truncate studymate.index_snapshots cascade');
  });
});

test('the shared server of the tests loads no pg_stat_statements and may lose data: both are said', async () => {
  const findings = await look(database.url, ['statements', 'settings', 'autovacuum']);
  expect(findings.map(({ severity, object }) => `${severity} ${object}`)).toEqual(
    expect.arrayContaining([
      'error fsync',
      'error full_page_writes',
      'error autovacuum',
      'info idle_in_transaction_session_timeout',
      'info pg_stat_statements',
    ]),
  );
});

test('server-version: a bug of the server is named only where a foreign key is hurt by it', async () => {
  const context = {
    client,
    now: new Date('2026-11-22'),
    releases: knownReleases,
    thresholds: defaultThresholds,
    serverVersion: 150_008,
  } as unknown as CheckContext;
  // As runCheck has it.
  await run(`set search_path = ''`);
  const before = await serverVersion.run(context);
  expect(before.map(({ severity, object }) => `${severity} ${object}`)).toEqual(['warn PostgreSQL 15.8']);
  await run(`create table public.doctor_key (id bigint, at timestamptz,
    constraint doctor_key_fkey foreign key (id, at) references public.chat_messages)`);
  const after = await serverVersion.run(context);
  expect(after[1]).toMatchObject({ severity: 'error', object: 'public.doctor_key doctor_key_fkey' });
  expect(after[1]?.fix).toContain('15.9');
  expect(await serverVersion.run({ ...context, serverVersion: 150_020 })).toEqual([]);
  const endOfLife = await serverVersion.run({
    ...context,
    serverVersion: 150_020,
    now: new Date('2027-12-01'),
  });
  expect(endOfLife).toMatchObject([{ severity: 'error' }]);
  await run('drop table public.doctor_key');
});

test('connection: a pooler that gives each transaction another session', async () => {
  const session = {
    role: 'x',
    superuser: false,
    seesSessions: true,
    standby: false,
    transactionPooled: true,
  };
  const [finding] = await connection.run({ client, session } as unknown as CheckContext);
  expect(finding).toMatchObject({ severity: 'warn', object: 'connection' });
  expect(finding?.what).toContain('a pooler in transaction mode');
});

test('a role that may see nothing is told so by every check that cannot look', async () => {
  const role = `nobody_${database.name}`;
  await run(`create role ${role} login password 'x'; create table public.doctor_rows (id int primary key);
    insert into public.doctor_rows select * from generate_series(1, 3000);
    analyze public.doctor_rows; create sequence public.doctor_seq; select nextval('public.doctor_seq')`);
  const other = await database.connect();
  await other.query('begin');
  try {
    const findings = await look(asRole(database.url, role, 'x'), checkNames);
    const hidden = findings.filter(({ what }) => what.includes(`not visible to role ${role}`));
    const names = new Set(hidden.map(({ check }) => check));
    for (const check of [
      'connection',
      'transactions',
      'migrations',
      'partitions',
      'archive',
      'sequences',
      'analyze',
      'index-bloat',
      'index-unused',
    ])
      expect(names, check).toContain(check);
    for (const { severity, fix } of hidden) expect([severity, fix.length > 0]).toEqual(['warn', true]);
  } finally {
    await other.end();
    await run(
      `drop table public.doctor_rows; drop sequence public.doctor_seq; drop owned by ${role}; drop role ${role}`,
    );
  }
});

describe('a check that cannot do its work', () => {
  const holdDefaultPartition = async (): Promise<void> => {
    const holder = await database.connect();
    onTestFinished(() => holder.end());
    await holder.query('begin; lock table public.chat_messages_default in access exclusive mode');
  };

  test('because a table is held gives up at once, says so, and the others go on', async () => {
    await holdDefaultPartition();
    const findings = await look(database.url, ['partitions', 'sequences', 'migrations'], {
      lockTimeoutMs: 20,
    });
    expect(brief(findings)).toEqual([
      expect.stringMatching(/^warn check: it could not look: .*lock timeout/),
    ]);
    expect(findings[0]?.check).toBe('partitions');
  });

  test('within its time says so', async () => {
    await holdDefaultPartition();
    const findings = await look(database.url, ['partitions', 'sequences'], {
      lockTimeoutMs: 60_000,
      statementTimeoutMs: 50,
    });
    expect(brief(findings)).toEqual(['warn check: it could not look: a statement took longer than 50 ms']);
  });

  test('because the connection broke ends the run', async () => {
    await holdDefaultPartition();
    const running = look(database.url, ['partitions', 'sequences'], { lockTimeoutMs: 60_000 });
    const outcome = expect(running).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
    await poll(async () => {
      const { rows } = await client.query<{ ended: boolean }>(
        `select pg_terminate_backend(pid) as ended from pg_stat_activity
         where application_name = 'studymate-db doctor' and datname = current_database() and wait_event_type = 'Lock'`,
      );
      return rows.length > 0;
    }, 'the wait for the lock');
    await outcome;
  });

  test('as it is interrupted ends the run, and is cancelled on the server', async () => {
    await holdDefaultPartition();
    const controller = new AbortController();
    const running = look(database.url, ['partitions', 'sequences'], {
      lockTimeoutMs: 60_000,
      signal: controller.signal,
    });
    const outcome = expect(running).rejects.toThrow('enough');
    const waiting = async (): Promise<boolean> => {
      const { rows } = await client.query(
        `select from pg_stat_activity
         where application_name = 'studymate-db doctor' and datname = current_database() and wait_event_type = 'Lock'`,
      );
      return rows.length > 0;
    };
    await poll(waiting, 'the wait for the lock');
    controller.abort(new Error('enough'));
    await outcome;
    await poll(async () => !(await waiting()), 'the end of the statement');
  });
});
