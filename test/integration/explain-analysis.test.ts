import type pg from 'pg';
import { beforeAll, describe, expect, it } from 'vitest';
import type { PlanAnalysis } from '../../src/explain/analyze-plan.js';
import { explainStatement, type ExplainOptions } from '../../src/explain/explain.js';
import { walkPlan } from '../../src/explain/plan-node.js';
import { useDatabase } from '../support/database.js';
import { loadWorld, type LoadedWorld } from '../support/load-world.js';

/** What is said of plans, on a seeded world with 60,000 messages in twelve months with three months ahead and a default partition. */
const database = useDatabase();
let client: pg.Client;
let loaded: LoadedWorld;
/** Twelve months with messages, three ahead, the one the migrations make, the default one. */
let partitions: number;

beforeAll(async () => {
  client = await database.connect();
  loaded = await loadWorld(database.url, { messages: 60_000, users: 2_000 });
  const { rows } = await client.query<{ count: number }>(
    `select count(*)::int as count from pg_inherits where inhparent = 'chat_messages'::regclass`,
  );
  partitions = rows[0]?.count ?? 0;
}, 120_000);

async function analysisOf(sql: string, options: Partial<ExplainOptions> = {}): Promise<PlanAnalysis> {
  const { statements } = await explainStatement({
    connection: database.url,
    statement: { sql, label: 'the statement' },
    ...options,
  });
  if (statements[0] === undefined) throw new Error('nothing was explained');
  return statements[0].analysis;
}

describe('partitions', () => {
  it.each([
    ['no condition', `select count(*) from chat_messages where room_id = 5`],
    ['wrapped column', `select count(*) from chat_messages where created_at::date = current_date`],
    ['wrapped column', `select count(*) from chat_messages where date_trunc('month', created_at) = now()`],
    ['row comparison', `select count(*) from chat_messages where (created_at, id) > (now(), 5)`],
    ['volatile function', `select count(*) from chat_messages where created_at > clock_timestamp()`],
    [
      'bound excludes nothing',
      `select count(*) from chat_messages where created_at > '2000-01-01Z' or id = 3`,
    ],
    [
      'join only',
      `select count(*) from chat_messages m join chat_rooms r on r.last_message_at < m.created_at or r.id = -1`,
    ],
  ])('that were all read say why: %s', async (reason, sql) => {
    const { partitionReads } = await analysisOf(sql, { analyze: false });
    expect(partitionReads).toMatchObject([
      {
        table: 'public.chat_messages',
        controlColumn: 'created_at',
        partitionCount: partitions,
        plannedCount: partitions,
        reason,
      },
    ]);
    expect(partitionReads[0]?.hint).toContain('created_at');
  });

  it('that a constant bound leaves out are not planned', async () => {
    const [from, to] = loaded.bounds.slice(-2);
    const { partitionReads, hints } = await analysisOf(
      `select count(*) from chat_messages where created_at >= $1 and created_at < $2`,
      { parameters: { 1: from?.toISOString() ?? '', 2: to?.toISOString() ?? '' } },
    );
    // The month; a range never rules the default partition out before its rows are known not to be in a gap.
    expect(partitionReads).toMatchObject([{ plannedCount: 1, readCount: 1, reason: 'pruned when planned' }]);
    expect(hints).toEqual([]);
  });

  it('that now() leaves out are removed when it runs', async () => {
    const { partitionReads } = await analysisOf(
      `select count(*) from chat_messages where created_at >= now() - interval '31 days' and created_at < now()`,
    );
    expect(partitionReads[0]).toMatchObject({ reason: 'pruned when run' });
    expect(partitionReads[0]?.readCount).toBeLessThan(5);
    expect(partitionReads[0]?.hint).toBeUndefined();
  });

  it('of a join that brings the bound are never run', async () => {
    const { partitionReads } = await analysisOf(
      `select (select count(*) from chat_messages m where m.created_at = r.created_at) from chat_rooms r where id = 7`,
    );
    expect(partitionReads[0]).toMatchObject({ plannedCount: partitions, reason: 'pruned when run' });
  });

  it('are counted in the hint: how many hold the last 31 days', async () => {
    const now = loaded.bounds.at(-2);
    const { hints } = await analysisOf(`select count(*) from chat_messages`, { analyze: false, now });
    expect(hints).toEqual([
      'Give created_at of chat_messages a bound on both sides: messages of the last 31 days are in 2 partitions.',
    ]);
  });
});

describe('memory', () => {
  const inLittleMemory = async (sql: string, workMem: string): Promise<PlanAnalysis> => {
    await client.query(`alter database "${database.name}" set work_mem = '${workMem}'`);
    await client.query(`alter database "${database.name}" set hash_mem_multiplier = 1`);
    await client.query(`alter database "${database.name}" set max_parallel_workers_per_gather = 0`);
    return analysisOf(sql);
  };
  const sort = `select content, id from chat_messages order by content, id`;
  const join = `select count(*) from chat_messages a join chat_messages b on a.id = b.id and a.content = b.content`;
  const group = `select id, count(*) from (select id from chat_messages offset 0) m group by id`;

  it.each([
    ['sort', sort],
    ['hash', join],
    ['hash aggregate', group],
  ])('that a %s lacks is named, and is enough when it is given', async (what, sql) => {
    await client.query(
      `alter database "${database.name}" set ${what === 'hash' ? 'enable_mergejoin' : 'enable_sort'} = ${what === 'sort' ? 'on' : 'off'}`,
    );
    const { spills, hints, settings } = await inLittleMemory(sql, '1MB');
    expect(settings).toMatchObject({ work_mem: '1MB' });
    expect(settings).not.toHaveProperty('search_path');
    const spill = spills.find((candidate) => candidate.what === what);
    expect(spill).toBeDefined();
    const enough = `${(spill?.workMemKb ?? 0) / 1024}MB`;
    expect(hints.join('\n')).toContain(`«set local work_mem = '${enough}'»`);
    const given = await inLittleMemory(sql, enough);
    expect(given.spills.filter((candidate) => candidate.what === what)).toEqual([]);
    await client.query(`alter database "${database.name}" reset all`);
  });
});

describe('estimates', () => {
  it('that are off by ten times are marked, and blamed on statistics that are old', async () => {
    await client.query(
      `create table public.stale as select 1 as kind, i as id from generate_series(1, 100) i`,
    );
    await client.query(`alter table public.stale set (autovacuum_enabled = off)`);
    // Else a session reports its changes up to a second later.
    await client.query(`select pg_stat_force_next_flush()`);
    await client.query(`analyze public.stale`);
    await client.query(`insert into public.stale select 2, i from generate_series(1, 5000) i`);
    await client.query(`select pg_stat_force_next_flush()`);
    const { root, hints } = await analysisOf(`select * from public.stale where kind = 2`);
    expect(root.misestimate).toBeGreaterThan(10);
    expect(hints).toEqual([
      '5000 rows of stale changed since its statistics were taken; run «analyze public.stale».',
    ]);
    await client.query(`analyze public.stale`);
    const after = await analysisOf(`select * from public.stale where kind = 2`);
    expect(after.root.misestimate).toBeUndefined();
  });

  it('are not blamed for rows that a LIMIT did not ask for', async () => {
    const { root } = await analysisOf(`select * from chat_messages limit 5`);
    const nodes = [root, ...root.children];
    expect(nodes.map(({ misestimate }) => misestimate)).toEqual(nodes.map(() => undefined));
  });
});

describe('indexes passed over', () => {
  it('are named with what keeps them from use', async () => {
    const { indexCandidates, hints } = await analysisOf(`select * from users where id::text = '77'`);
    expect(indexCandidates).toMatchObject([
      { index: 'users_pkey', column: 'id', obstacle: 'cast or expression' },
    ]);
    expect(hints.join('\n')).toContain('users_pkey cannot serve a cast');
  });

  it('are not named for a table of a few pages', async () => {
    await client.query(`create table public.small (id int primary key)`);
    await client.query(`insert into public.small select generate_series(1, 50)`);
    const { indexCandidates } = await analysisOf(`select * from public.small where id::text = '7'`);
    expect(indexCandidates).toEqual([]);
  });
});

describe('the costliest node', () => {
  it('is the one that spends the time itself, not the one above it', async () => {
    const { costliest, root } = await analysisOf(
      `select count(*) from (select pg_sleep(0.05) from chat_rooms where id = 3 offset 0) s, chat_rooms r where r.id < 50`,
    );
    expect(costliest?.plan['Relation Name']).toBe('chat_rooms');
    expect(costliest?.share).toBeGreaterThan(0.5);
    expect(root.share).toBeLessThan(0.5);
  });

  it('of a CTE is paid by who scans it, once: shares add up to one', async () => {
    const { root, executionMs = 0 } = await analysisOf(
      `with m as materialized (select room_id, count(*) as n from chat_messages group by room_id)
       select (select max(n) from m), (select min(n) from m)`,
    );
    const sum = (node: typeof root): number =>
      (node.selfMs ?? 0) + node.children.reduce((total, child) => total + sum(child), 0);
    // Had the CTE been counted at both scans, or at the node it hangs on, it would be near twice as much.
    expect(sum(root) / executionMs).toBeLessThan(1.3);
    expect([...walkPlan(root.plan)].length).toBeGreaterThan(partitions);
  });
});
