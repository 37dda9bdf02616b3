import type { ClientBase } from 'pg';
import { withConnection } from '../database/connect.js';
import { quoteQualified } from '../database/identifier.js';
import { leafName } from './concurrent-names.js';
import type { IndexSessionOptions } from './concurrent-run.js';
import { createStatement, readRoot, readWanted, type CreateIndexOptions } from './create-wanted.js';
import { planCompletion } from './heal-plan.js';
import { attachStatement } from './planned-heal-step.js';

export interface CreateIndexPlan {
  /** `exists`: there is nothing to do; `unfinished`: an earlier attempt is gone on with. */
  readonly state: 'exists' | 'unfinished' | 'missing';
  /** What will be run, in this order. */
  readonly statements: readonly string[];
}

/** Says what createIndex would do, with the definition as the server understands it. Leaves nothing behind. */
export async function planCreateIndex(
  options: CreateIndexOptions & Pick<IndexSessionOptions, 'connection' | 'signal'>,
): Promise<CreateIndexPlan> {
  const { connection, signal } = options;
  return withConnection(
    connection,
    { applicationName: 'studymate-db index create', signal },
    async ({ client }) => {
      const { table, tail, holder } = await readWanted(client, options);
      const root = table.partitioned && holder ? await readRoot(client, table, holder.oid) : undefined;
      if (root?.root.valid ?? (holder?.valid === true && !table.partitioned))
        return { state: 'exists', statements: [] };
      const state = holder === undefined ? 'missing' : 'unfinished';
      if (root !== undefined)
        return {
          state,
          statements: planCompletion(root.root, root.standalone).steps.map(({ statement }) => statement),
        };
      const { name, unique = false } = options;
      if (!table.partitioned) {
        const index = quoteQualified(table.schema, name);
        const build = createStatement(table, name, { unique, tail, kind: 'concurrently' });
        return { state, statements: [holder === undefined ? build : `reindex index concurrently ${index}`] };
      }
      const leaves = await readPartitions(client, table.oid);
      return {
        state,
        statements: [
          createStatement(table, name, { unique, tail, kind: 'only' }),
          ...leaves.flatMap((leaf) => {
            const own = leafName(leaf.name, name);
            return [
              createStatement(leaf, own, { unique, tail, kind: 'concurrently' }),
              attachStatement({ schema: table.schema, name }, { schema: leaf.schema, name: own }),
            ];
          }),
        ],
      };
    },
  );
}

async function readPartitions(
  client: ClientBase,
  oid: number,
): Promise<readonly { readonly schema: string; readonly name: string }[]> {
  const { rows } = await client.query<{ schema: string; name: string }>(
    `select n.nspname::text as schema, c.relname::text as name
       from pg_partition_tree($1::oid::regclass) p
       join pg_class c on c.oid = p.relid and c.relkind = 'r'
       join pg_namespace n on n.oid = c.relnamespace
      order by c.relname collate "C"`,
    [oid],
  );
  return rows;
}
