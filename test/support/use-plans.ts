import type { Kysely } from 'kysely';
import type { DB } from '../../generated/db.js';
import { explainAll, type PlanShape } from './plan.js';
import type { QueryDatabase } from './query-database.js';

type Work = (db: Kysely<DB>) => Promise<unknown>;

export interface Plans {
  /** How each statement that `work` sends is done. */
  readonly plansOf: (work: Work) => Promise<PlanShape[]>;
  /** The same: how each reads its tables. */
  readonly scansOf: (work: Work) => Promise<(readonly string[])[]>;
}

/** The plans of the library's queries on the database of this file. */
export function usePlans(queries: QueryDatabase): Plans {
  const plansOf = async (work: Work): Promise<PlanShape[]> =>
    (await explainAll(queries.client, await queries.statementsOf(work))).map(({ scans, ...plan }) => ({
      ...plan,
      // The same columns, for all requests or the pending ones; either will do, and PostgreSQL 18 takes the former.
      scans: scans.map((scan) => scan.replace('idx_target_pending', 'idx_matching_active_requests')).sort(),
    }));
  return { plansOf, scansOf: async (work) => (await plansOf(work)).map(({ scans }) => scans) };
}
