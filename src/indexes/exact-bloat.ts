import type { ClientBase } from 'pg';
import { quoteQualified } from '../database/identifier.js';

/** What reading every page of a btree tells. */
export interface ExactBloat {
  /** Part of the size that a rebuild gives back, 0 to 1; deduplication that was lost over time is not seen in it. */
  readonly bloatRatio: number;
  readonly deletedPages: number;
  readonly emptyPages: number;
  readonly leafPages: number;
  /** How full the leaf pages are, 0 to 1. */
  readonly leafDensity: number;
}

/** Reads whole indexes with pgstatindex(), or says why it cannot. */
export interface ExactReader {
  /** Why there is nothing exact to be had; undefined when there is. */
  readonly unavailable: string | undefined;
  read(index: { readonly oid: number; readonly fillfactor: number }): Promise<ExactBloat>;
}

const extensionQuery = `
  select n.nspname::text as schema, current_user::text as role,
         has_function_privilege(p.oid, 'execute') as allowed
    from pg_extension e
    join pg_depend d on d.refclassid = 'pg_extension'::regclass and d.refobjid = e.oid
                    and d.classid = 'pg_proc'::regclass and d.deptype = 'e'
    join pg_proc p on p.oid = d.objid and p.proname = 'pgstatindex'
                  and p.proargtypes[0] = 'regclass'::regtype
    join pg_namespace n on n.oid = p.pronamespace
   where e.extname = 'pgstattuple'`;

export async function exactReader(client: ClientBase): Promise<ExactReader> {
  const { rows } = await client.query<{ schema: string; role: string; allowed: boolean }>(extensionQuery);
  const [extension] = rows;
  return {
    unavailable:
      extension === undefined
        ? 'pgstattuple is not installed: «create extension pgstattuple» as a superuser'
        : extension.allowed
          ? undefined
          : `not visible to role ${extension.role}: needs pg_stat_scan_tables`,
    read: async ({ oid, fillfactor }) => {
      const { rows: found } = await client.query<PageCounts>(
        `select internal_pages::float8, leaf_pages::float8, empty_pages::float8, deleted_pages::float8,
                case when leaf_pages > 0 then avg_leaf_density else 100 end as density
           from ${quoteQualified(extension?.schema ?? 'public', 'pgstatindex')}($1::oid::regclass)`,
        [oid],
      );
      return exactOf(found[0] ?? noPages, fillfactor);
    },
  };
}

interface PageCounts {
  readonly internal_pages: number;
  readonly leaf_pages: number;
  readonly empty_pages: number;
  readonly deleted_pages: number;
  /** Per cent. */
  readonly density: number;
}

const noPages: PageCounts = {
  internal_pages: 0,
  leaf_pages: 0,
  empty_pages: 0,
  deleted_pages: 0,
  density: 100,
};

function exactOf(pages: PageCounts, fillfactor: number): ExactBloat {
  const total = 1 + pages.internal_pages + pages.leaf_pages + pages.empty_pages + pages.deleted_pages;
  const needed = 1 + pages.internal_pages + (pages.leaf_pages * (pages.density / 100)) / fillfactor;
  return {
    bloatRatio: Math.max(0, 1 - needed / total),
    deletedPages: pages.deleted_pages,
    emptyPages: pages.empty_pages,
    leafPages: pages.leaf_pages,
    leafDensity: pages.density / 100,
  };
}
