import type { ClientBase } from 'pg';

/** Changes with any write to the catalog: every row's version counts, not only what a schema dump would show. */
export async function catalogFingerprint(client: ClientBase): Promise<string> {
  const parts: string[] = [];
  for (const catalog of [
    'pg_class',
    'pg_attribute',
    'pg_proc',
    'pg_namespace',
    'pg_constraint',
    'pg_type',
    'pg_description',
  ]) {
    const { rows } = await client.query<{ print: string }>(
      `select md5(coalesce(string_agg(c.xmin::text || c.ctid::text, ',' order by c.ctid), '')) as print from pg_catalog.${catalog} c`,
    );
    parts.push(rows[0]?.print ?? '');
  }
  return parts.join();
}
