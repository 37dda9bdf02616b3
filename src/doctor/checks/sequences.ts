import { notVisible, type Check } from '../check.js';
import type { Finding } from '../finding.js';

interface Row {
  readonly sequence: string;
  readonly visible: boolean;
  readonly column: string | null;
  readonly column_type: string | null;
  readonly sequence_type: string;
  readonly last_value: string | null;
  readonly limit: string;
  readonly used: number | null;
}

// The column decides as much as the sequence: a bigint sequence of an integer column ends with the column. A column has
// a sequence by owning it (serial, identity), or by a default that calls it. last_value is null for a sequence that was
// never used, and for a role that may not see it; the privilege tells which.
const query = `
  with owned as (
    select d.objid as sequence, d.refobjid as relation, d.refobjsubid as attnum
      from pg_depend d
     where d.classid = 'pg_class'::regclass and d.refclassid = 'pg_class'::regclass and d.deptype in ('a', 'i')
       and d.refobjsubid > 0
    union
    select d.refobjid, f.adrelid, f.adnum
      from pg_depend d
      join pg_attrdef f on f.oid = d.objid
     where d.classid = 'pg_attrdef'::regclass and d.refclassid = 'pg_class'::regclass
  ), bounded as (
    select s.seqrelid, s.seqmin, s.seqmax, s.seqincrement, s.seqtypid, o.relation, a.attname, a.atttypid,
           least(s.seqmax, case a.atttypid when 'int2'::regtype then 32767 when 'int4'::regtype then 2147483647
                                           else s.seqmax end) as ceiling,
           greatest(s.seqmin, case a.atttypid when 'int2'::regtype then -32768 when 'int4'::regtype then -2147483648
                                              else s.seqmin end) as floor,
           has_sequence_privilege(s.seqrelid, 'select, usage') as visible
      from pg_sequence s
      join pg_class c on c.oid = s.seqrelid and c.relpersistence <> 't'
      join pg_namespace n on n.oid = c.relnamespace and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
      left join owned o on o.sequence = s.seqrelid
      left join pg_attribute a on a.attrelid = o.relation and a.attnum = o.attnum
     where not s.seqcycle
  ), read as (
    select *, case when visible then pg_sequence_last_value(seqrelid) end as last_value from bounded
  )
  select distinct on (seqrelid) seqrelid::regclass::text as sequence, visible,
         relation::regclass::text || '.' || quote_ident(attname) as column, format_type(atttypid, null) as column_type,
         format_type(seqtypid, null) as sequence_type, last_value::text,
         case when seqincrement > 0 then ceiling else floor end::text as limit,
         case when last_value is null then null
              when seqincrement > 0
              then (last_value::numeric - greatest(seqmin, 0)) / nullif(ceiling::numeric - greatest(seqmin, 0), 0)
              else (seqmax::numeric - last_value) / nullif(seqmax::numeric - floor, 0) end::float8 as used
    from read
   order by seqrelid, used desc nulls last`;

export const sequences: Check = {
  name: 'sequences',
  title: 'sequences near their end, counted against the type of their column too',
  run: async (context) => {
    const { sequenceWarnRatio, sequenceErrorRatio } = context.thresholds;
    const { rows } = await context.client.query<Row>(query);
    const hidden = rows.filter(({ visible }) => !visible).map(({ sequence }) => sequence);
    const worst = Math.max(0, ...rows.map(({ used }) => used ?? 0));
    context.measure({
      name: 'sequence_used',
      value: Math.round(worst * 10_000) / 100,
      unit: '%',
      warn: sequenceWarnRatio * 100,
      error: sequenceErrorRatio * 100,
      max: 100,
    });
    const findings = rows
      .filter(({ used }) => used !== null && used >= sequenceWarnRatio)
      .toSorted((one, other) => (other.used ?? 0) - (one.used ?? 0))
      .map((row) => asFinding(row, (row.used ?? 0) >= sequenceErrorRatio));
    if (hidden.length === 0) return findings;
    return [
      ...findings,
      notVisible(
        context,
        'sequences',
        `how far ${hidden.slice(0, 3).join(', ')}${hidden.length > 3 ? ` and ${hidden.length - 3} more` : ''} have got`,
        {
          needs: 'select on these sequences',
          fix: `grant select on all sequences in schema public, studymate to ${context.session.role}`,
        },
      ),
    ];
  },
};

function asFinding(row: Row, isError: boolean): Finding {
  const {
    sequence,
    column,
    column_type: columnType,
    sequence_type: type,
    last_value: last,
    limit,
    used,
  } = row;
  const columnEnds = column !== null && columnType !== null && columnType !== type;
  return {
    severity: isError ? 'error' : 'warn',
    object: sequence,
    what: `${Math.floor((used ?? 0) * 100)} % used: ${last ?? ''} of ${limit}${columnEnds ? `, as ${column} is ${columnType} and the sequence ${type}` : ''}`,
    why: `After the last value every insert${column === null ? ' that asks for one' : ` into ${column.slice(0, column.lastIndexOf('.'))}`} fails (2200H or 22003).`,
    fix:
      column === null
        ? `alter sequence ${sequence} as bigint`
        : columnType === 'bigint'
          ? `alter sequence ${sequence} as bigint maxvalue 9223372036854775807`
          : `alter table ${column.slice(0, column.lastIndexOf('.'))} alter column ${column.slice(column.lastIndexOf('.') + 1)} type bigint, which rewrites the table; and alter sequence ${sequence} as bigint`,
  };
}
