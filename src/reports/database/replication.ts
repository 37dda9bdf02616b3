import { boolean, bytes, nullable, seconds, text } from '../columns.js';
import { defineReport } from '../report.js';

export const replication = defineReport({
  name: 'replication',
  group: 'database',
  title: { en: 'Replication', ko: '복제' },
  question: {
    en: 'How far are the replicas behind, and what do the slots keep?',
    ko: '복제본은 얼마나 뒤처져 있고, 슬롯은 무엇을 붙잡고 있나요?',
  },
  definition: [
    'replica: one that is connected to this server, by its application name. write, flush, replay: the log that was sent here and is not written, on disk, or applied there.',
    'The seconds are those the replica took for the last log it told of; empty when it has been idle.',
    'this server: on a replica, the log that came and was not applied, and how old the last applied transaction is; 0 when everything that came was applied. It cannot know what has not come.',
    'slot: kept is the log that must stay on disk for it. A slot that nobody uses keeps it until max_slot_wal_keep_size, or until the disk is full.',
  ],
  parameters: {},
  columns: {
    kind: text('kind', '종류'),
    name: text('name', '이름'),
    state: nullable(text('state', '상태')),
    isActive: nullable(boolean('active', '활성')),
    syncState: nullable(text('synchronous', '동기화')),
    writeLagBytes: nullable(bytes('write lag', '쓰기 지연')),
    flushLagBytes: nullable(bytes('flush lag', '저장 지연')),
    replayLagBytes: nullable(bytes('replay lag', '적용 지연')),
    writeLagSeconds: nullable(seconds('write lag', '쓰기 지연 시간')),
    flushLagSeconds: nullable(seconds('flush lag', '저장 지연 시간')),
    replayLagSeconds: nullable(seconds('replay lag', '적용 지연 시간')),
    keptBytes: nullable(bytes('kept', '보관 중인 로그')),
  },
  needs: { monitor: true },
  warnings: (rows) =>
    rows
      .filter(({ kind, isActive, keptBytes }) => kind === 'slot' && isActive === false && keptBytes !== null)
      .map(({ name }) => `Nobody uses the slot ${name}, and the log is kept for it.`),
  values: [],
  sql: `
    with here as (
      -- A replica may have replicas of its own; it sends them what it received.
      select case when pg_is_in_recovery() then pg_last_wal_receive_lsn() else pg_current_wal_lsn() end as sent,
        case when pg_is_in_recovery() then pg_last_wal_replay_lsn() else pg_current_wal_lsn() end as applied
    ), members as (
      -- A base backup sends no changes: it lags behind by design.
      select 1 as place, 'replica' as kind, coalesce(nullif(r.application_name, ''), r.client_addr::text, 'pid ' || r.pid) as name,
        r.state, r.state = 'streaming' as is_active, r.sync_state,
        pg_wal_lsn_diff(here.sent, r.write_lsn) as write_bytes, pg_wal_lsn_diff(here.sent, r.flush_lsn) as flush_bytes,
        pg_wal_lsn_diff(here.sent, r.replay_lsn) as replay_bytes, r.write_lag, r.flush_lag, r.replay_lag,
        null::numeric as kept_bytes
      from pg_stat_replication as r
      cross join here
      where r.state is distinct from 'backup'
      union all
      select 0, 'this server', coalesce('from ' || w.sender_host || ':' || w.sender_port, 'from its primary'),
        -- To a role that may not see more the receiver shows its pid alone.
        case when w.pid is null then 'not receiving' else w.status end, w.pid is not null, null, null, null, pg_wal_lsn_diff(here.sent, here.applied), null, null,
        case when here.sent is not distinct from here.applied then interval '0'
             else clock_timestamp() - pg_last_xact_replay_timestamp() end, null
      from here
      left join pg_stat_wal_receiver as w on true
      where pg_is_in_recovery()
      union all
      select 2, 'slot', s.slot_name::text, concat_ws(', ', s.slot_type, s.wal_status), s.active, null, null, null, null, null, null,
        null, pg_wal_lsn_diff(here.applied, s.restart_lsn)
      from pg_replication_slots as s
      cross join here
    )
    -- «greatest» would make 0 of what is not known.
    select kind, name, state, is_active as "isActive", sync_state as "syncState",
      (case when write_bytes < 0 then 0 else write_bytes end)::float8 as "writeLagBytes", (case when flush_bytes < 0 then 0 else flush_bytes end)::float8 as "flushLagBytes",
      (case when replay_bytes < 0 then 0 else replay_bytes end)::float8 as "replayLagBytes",
      extract(epoch from write_lag)::float8 as "writeLagSeconds",
      extract(epoch from flush_lag)::float8 as "flushLagSeconds",
      extract(epoch from replay_lag)::float8 as "replayLagSeconds", (case when kept_bytes < 0 then 0 else kept_bytes end)::float8 as "keptBytes"
    from members
    order by place, replay_bytes desc nulls last, kept_bytes desc nulls last, name collate "C"`,
});
