import type { Check } from '../check.js';
import type { Finding, Severity } from '../finding.js';

interface Setting {
  readonly name: string;
  readonly value: string;
  /** `the server`, `role app`, `database x`, `role app in database x`. */
  readonly place: string;
}

// reset_val: what a new session gets; this one has set some of them itself. What it owes to its role, its database or its
// connection is not the server's; roles and databases are read for themselves.
const query = `
  select name, reset_val as value, 'the server' as place from pg_settings
   where name = any ($1) and source not in ('database', 'user', 'database user', 'client')
  union all
  select setting.name, setting.value,
         concat_ws(' in ', 'role ' || quote_ident(r.rolname), 'database ' || quote_ident(d.datname))
    from pg_db_role_setting s
    left join pg_database d on d.oid = s.setdatabase
    left join pg_roles r on r.oid = s.setrole
   cross join lateral unnest(s.setconfig) as config (text)
   cross join lateral (
      select split_part(config.text, '=', 1) as name, substr(config.text, strpos(config.text, '=') + 1) as value
   ) as setting
   where setting.name = any ($1) and (s.setdatabase = 0 or d.datname = current_database())
   order by 3, 1`;

interface Rule {
  readonly setting: string;
  readonly severity: Severity;
  readonly isWrong: (value: string) => boolean;
  readonly what: string;
  readonly why: string;
  /** The value to set. */
  readonly right: string;
}

const isOff = (value: string): boolean => ['off', 'false', 'no', '0'].includes(value.toLowerCase());
const isOn = (value: string): boolean => ['on', 'true', 'yes', '1'].includes(value.toLowerCase());

/** Settings that this schema depends on, each with the reason. Time zones are not among them: nothing depends on them. */
const rules: readonly Rule[] = [
  {
    setting: 'default_transaction_isolation',
    severity: 'error',
    isWrong: (value) => value === 'repeatable read',
    what: 'transactions are repeatable read unless they say otherwise',
    why: 'No message can be deleted under it (0A000), and so no user and no room: the triggers of the message pointers cannot see the answers others have just written.',
    right: `'read committed'`,
  },
  {
    setting: 'default_transaction_isolation',
    severity: 'warn',
    isWrong: (value) => value === 'serializable',
    what: 'transactions are serializable unless they say otherwise',
    why: 'archive_old_data() refuses to run under it, and every writer must be ready to try again after 40001.',
    right: `'read committed'`,
  },
  {
    setting: 'default_transaction_read_only',
    severity: 'warn',
    isWrong: isOn,
    what: 'transactions are read-only unless they say otherwise',
    why: 'migrate, maintain and the application are refused (25006).',
    right: 'off',
  },
  {
    setting: 'session_replication_role',
    severity: 'error',
    isWrong: (value) => value !== 'origin',
    what: 'ordinary triggers do not fire',
    why: 'Foreign keys and the pointers between messages are enforced by them: rows that point at nothing are taken.',
    right: 'origin',
  },
  {
    setting: 'enable_partition_pruning',
    severity: 'warn',
    isWrong: isOff,
    what: 'partitions are not left out of queries',
    why: 'A query for one month of messages reads all of them.',
    right: 'on',
  },
  {
    setting: 'deadlock_timeout',
    severity: 'warn',
    isWrong: (value) => milliseconds(value) <= 200,
    what: 'deadlocks are looked for after 200 ms or less',
    why: 'Maintenance gives up a lock after 200 ms; a deadlock that is broken sooner kills a transaction of the application instead.',
    right: `'1s'`,
  },
  {
    setting: 'idle_in_transaction_session_timeout',
    severity: 'info',
    isWrong: (value) => milliseconds(value) === 0,
    what: 'a transaction may be left open for ever',
    why: 'One that was forgotten keeps every rollover and archive run from its lock, and vacuum from every dead row.',
    right: `'10min'`,
  },
  {
    setting: 'wal_level',
    severity: 'warn',
    isWrong: (value) => value === 'minimal',
    what: 'the log is not enough for replicas or for restoring to a point in time',
    why: 'After a loss of the disk, messages since the last full backup are gone.',
    right: 'replica',
  },
  {
    setting: 'fsync',
    severity: 'error',
    isWrong: isOff,
    what: 'commits are not forced to disk',
    why: 'After a crash of the machine a month may be in neither the table nor its archive, or the whole database unreadable.',
    right: 'on',
  },
  {
    setting: 'full_page_writes',
    severity: 'error',
    isWrong: isOff,
    what: 'pages torn by a crash cannot be repaired',
    why: 'After a crash of the machine the database may be damaged without anybody being told.',
    right: 'on',
  },
];

const standbyRule: Rule = {
  setting: 'hot_standby_feedback',
  severity: 'info',
  isWrong: isOff,
  what: 'the primary is not told what is read on this standby',
  why: 'A long query here is cancelled when the primary vacuums what it reads (40001); with it on, such a query keeps vacuum on the primary back.',
  right: 'on',
};

export const settings: Check = {
  name: 'settings',
  title: 'settings that this schema depends on',
  run: async ({ client, session }) => {
    const applied = session.standby ? [...rules, standbyRule] : rules;
    const { rows } = await client.query<Setting>(query, [applied.map(({ setting }) => setting)]);
    return applied.flatMap(({ setting, severity, isWrong, what, why, right }) =>
      rows
        .filter(({ name, value }) => name === setting && isWrong(value))
        .map(({ value, place }): Finding => ({
          severity,
          object: setting,
          what: `${value} for ${place}: ${what}`,
          why,
          fix: fix(setting, right, place),
        })),
    );
  },
};

function fix(setting: string, right: string, place: string): string {
  if (place !== 'the server') return `alter ${place} set ${setting} = ${right}`;
  const needsRestart = setting === 'wal_level';
  return `alter system set ${setting} = ${right}; ${needsRestart ? 'restart the server' : 'select pg_reload_conf()'}`;
}

/** `200`, `200ms`, `1s`, `10min`: as pg_settings and ALTER ROLE keep it. */
function milliseconds(value: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*(us|ms|s|min|h|d)?$/.exec(value.trim());
  const units: Readonly<Record<string, number>> = {
    us: 0.001,
    ms: 1,
    s: 1_000,
    min: 60_000,
    h: 3_600_000,
    d: 86_400_000,
  };
  return match === null ? Number.NaN : Number(match[1]) * (units[match[2] ?? 'ms'] ?? 1);
}
