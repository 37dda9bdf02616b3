import { formatBytes } from '../../database/bytes.js';
import { formatDuration } from '../../database/duration.js';
import { sessionsNotVisible, type Check } from '../check.js';
import type { Finding } from '../finding.js';

interface SlotRow {
  readonly name: string;
  readonly type: string;
  readonly active: boolean;
  readonly status: string | null;
  readonly retained: number | null;
  readonly holds_rows: boolean;
  readonly unbounded: boolean;
}

const slotsQuery = `
  select slot_name::text as name, slot_type as type, active, wal_status as status,
         pg_wal_lsn_diff(case when pg_is_in_recovery() then pg_last_wal_replay_lsn() else pg_current_wal_lsn() end,
                         restart_lsn)::float8 as retained,
         xmin is not null or catalog_xmin is not null as holds_rows,
         current_setting('max_slot_wal_keep_size') = '-1' as unbounded
    from pg_replication_slots
   order by restart_lsn nulls last`;

export const replicationSlots: Check = {
  name: 'replication-slots',
  title: 'replication slots that keep the log and dead rows for nobody',
  run: async ({ client, thresholds, measure }) => {
    const { slotRetainedWarnBytes: warn, slotRetainedErrorBytes: error } = thresholds;
    const { rows } = await client.query<SlotRow>(slotsQuery);
    const most = Math.max(0, ...rows.map(({ retained }) => retained ?? 0));
    measure({ name: 'slot_retained', value: most, unit: 'B', warn, error });
    return rows.flatMap((slot): Finding[] => {
      const { name, type, active, status, retained, holds_rows: holdsRows, unbounded } = slot;
      const isLost = status === 'lost' || status === 'unreserved';
      const bytes = retained ?? 0;
      if (active && !isLost && bytes < warn) return [];
      return [
        {
          severity: isLost || bytes >= error ? 'error' : 'warn',
          object: `slot ${name}`,
          what: [
            `${type}, ${active ? 'in use' : 'used by nobody'}`,
            retained === null ? 'keeps no log' : `keeps ${formatBytes(Math.max(0, bytes))} of the log`,
            ...(isLost ? [`status ${status}: its replica has to be made again`] : []),
          ].join(', '),
          why: `${unbounded ? 'max_slot_wal_keep_size is -1: the log is kept until the disk is full, and then the server stops' : 'The log is kept up to max_slot_wal_keep_size'}${holdsRows ? '; dead rows are kept as well' : ''}.`,
          fix: `Start its replica; or, when there is none any more: select pg_drop_replication_slot('${name}')`,
        },
      ];
    });
  },
};

interface ReplicaRow {
  readonly name: string | null;
  readonly state: string | null;
  readonly lag_ms: number | null;
  readonly lag_bytes: number | null;
}

// A base backup sends no changes: it lags behind by design.
const replicasQuery = `
  select coalesce(nullif(application_name, ''), client_addr::text, 'pid ' || pid) as name, state,
         extract(epoch from replay_lag)::float8 * 1000 as lag_ms,
         pg_wal_lsn_diff(case when pg_is_in_recovery() then pg_last_wal_receive_lsn() else pg_current_wal_lsn() end,
                         replay_lsn)::float8 as lag_bytes
    from pg_stat_replication
   where state is distinct from 'backup'`;

// When everything that came was replayed, an old commit only means that nothing happened since.
const standbyQuery = `
  select 'this standby' as name, 'streaming' as state,
         case when pg_last_wal_receive_lsn() is not distinct from pg_last_wal_replay_lsn() then 0
              else extract(epoch from clock_timestamp() - pg_last_xact_replay_timestamp())::float8 * 1000 end as lag_ms,
         coalesce(pg_wal_lsn_diff(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn()), 0)::float8 as lag_bytes
   where pg_is_in_recovery()`;

export const replicationLag: Check = {
  name: 'replication-lag',
  title: 'how far replicas are behind',
  run: async (context) => {
    const { client, measure, thresholds: limits } = context;
    const rows = [
      ...(await client.query<ReplicaRow>(replicasQuery)).rows,
      ...(await client.query<ReplicaRow>(standbyQuery)).rows,
    ];
    const hidden = rows.filter(({ state }) => state === null).length;
    const worst = Math.max(0, ...rows.map(({ lag_bytes: bytes }) => bytes ?? 0));
    measure({
      name: 'replication_lag',
      value: worst,
      unit: 'B',
      warn: limits.replicationLagWarnBytes,
      error: limits.replicationLagErrorBytes,
    });
    const findings = rows
      .filter(({ state }) => state !== null)
      .flatMap(({ name, state, lag_ms: lagMs, lag_bytes: lagBytes }): Finding[] => {
        const [ms, bytes] = [lagMs ?? 0, lagBytes ?? 0];
        if (ms < limits.replicationLagWarnMs && bytes < limits.replicationLagWarnBytes) return [];
        const isError = ms >= limits.replicationLagErrorMs || bytes >= limits.replicationLagErrorBytes;
        return [
          {
            severity: isError ? 'error' : 'warn',
            object: `replica ${name ?? ''}`,
            what: `${state ?? ''}, ${formatBytes(Math.max(0, bytes))} and ${formatDuration(Math.max(0, ms))} behind`,
            why: 'Sessions that read what they wrote wait or go to the primary; maintenance holds back; and what is not there yet is lost with the primary.',
            fix: 'On the replica look for paused replay (pg_wal_replay_resume()), a long query in its way, and a slow disk or network.',
          },
        ];
      });
    if (hidden === 0) return findings;
    return [...findings, sessionsNotVisible(context, 'replicas', `how far ${hidden} replicas are behind`)];
  },
};
